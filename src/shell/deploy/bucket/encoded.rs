//! Has COS and OBS keep `Content-Encoding`.
//!
//! Both store the header with an object and send it with it, as their documentation of `PUT` and of an object's
//! metadata says. The storage engine does not send it to them, so it is added here, to requests on their way out.
//! Neither's signature covers headers that are not named in it.

use http::header::{CONTENT_ENCODING, HeaderValue};
use http::{Method, Request, Response};
use opendal::{
    Buffer, HttpBody, HttpTransport, HttpTransporter, OperationContext, Operator, Result,
};

use crate::deploy::headers::GZIP;

/// Sends requests that write an object with the header.
struct Adding(HttpTransporter);

/// What writes compressed objects as `operator` writes others. Only whole objects may be written so: none that is
/// compressed is so large that it is sent in parts.
pub(super) fn compressing(operator: &Operator) -> Operator {
    let adding = HttpTransporter::new(Adding(HttpTransporter::default()));
    operator
        .clone()
        .with_context(OperationContext::new().with_http_transport(adding))
}

impl HttpTransport for Adding {
    async fn fetch(&self, mut request: Request<Buffer>) -> Result<Response<HttpBody>> {
        if request.method() == Method::PUT {
            let gzip = HeaderValue::from_static(GZIP);
            request.headers_mut().insert(CONTENT_ENCODING, gzip);
        }
        self.0.fetch(request).await
    }
}
