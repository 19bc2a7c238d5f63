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

use crate::deploy::encoding::Encoding;

/// Sends requests that write an object with the header.
struct Adding {
    encoding: Encoding,
    transport: HttpTransporter,
}

/// What writes objects that are encoded, by how they are, as `operator` writes others. Only whole objects may be
/// written so: none that is encoded is so large that it is sent in parts.
pub(super) fn operators(operator: &Operator) -> Vec<(Encoding, Operator)> {
    let with = |encoding| {
        let transport = HttpTransporter::default();
        let adding = Adding {
            encoding,
            transport,
        };
        let context = OperationContext::new().with_http_transport(HttpTransporter::new(adding));
        (encoding, operator.clone().with_context(context))
    };
    Encoding::ALL.into_iter().map(with).collect()
}

impl HttpTransport for Adding {
    async fn fetch(&self, mut request: Request<Buffer>) -> Result<Response<HttpBody>> {
        if request.method() == Method::PUT {
            let name = HeaderValue::from_static(self.encoding.name());
            request.headers_mut().insert(CONTENT_ENCODING, name);
        }
        self.transport.fetch(request).await
    }
}
