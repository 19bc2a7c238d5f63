//! Signs requests to OSS with version 4 of its signature.
//!
//! The storage engine knows version 1 only, which OSS takes from no customer since March 2025 and for no bucket
//! since September 2025 that did not exist then. So it leaves requests unsigned, and they are signed here, on
//! their way out.

use http::header::{HOST, HeaderValue};
use http::{Request, Response};
use opendal::{
    Buffer, Error, ErrorKind, HttpBody, HttpTransport, HttpTransporter, OperationContext, Result,
};
use reqsign_aliyun_oss::{Credential, DefaultCredentialProvider, RequestSigner, SigningVersion};
use reqsign_core::{Context, OsEnv, Signer};
use reqsign_file_read_tokio::TokioFileRead;

/// Sends requests after signing them.
struct Signing {
    signer: Signer<Credential>,
    transport: HttpTransporter,
}

/// What has an operator sign its requests for `bucket` in `region`, such as `cn-hangzhou`, with the key of the
/// environment or of Alibaba's own files.
pub(super) fn signing(bucket: &str, region: &str) -> OperationContext {
    let transport = HttpTransporter::default();
    let context = Context::new()
        .with_env(OsEnv)
        .with_file_read(TokioFileRead)
        .with_http_send(transport.clone());
    // Looking for keys where only Alibaba's machines have them would take minutes elsewhere.
    let keys = DefaultCredentialProvider::builder().no_ecs_ram_role();
    let signer = RequestSigner::new(bucket)
        .with_region(region)
        .with_signing_version(SigningVersion::V4);
    let signer = Signer::new(context, keys.build(), signer);
    OperationContext::new().with_http_transport(HttpTransporter::new(Signing { signer, transport }))
}

/// The region that an endpoint such as `https://oss-cn-hangzhou-internal.aliyuncs.com` tells.
pub(super) fn region_of(endpoint: &str) -> Option<&str> {
    let host = endpoint.split("://").last()?;
    let region = host.split('.').find_map(|part| part.strip_prefix("oss-"))?;
    Some(region.trim_end_matches("-internal"))
}

impl HttpTransport for Signing {
    async fn fetch(&self, request: Request<Buffer>) -> Result<Response<HttpBody>> {
        let (mut parts, body) = request.into_parts();
        let host = parts.uri.authority().map(|host| host.as_str());
        // The signature then is for this host.
        if let Some(Ok(host)) = host.map(HeaderValue::from_str) {
            parts.headers.insert(HOST, host);
        }
        let signed = self.signer.sign(&mut parts, None).await;
        signed.map_err(|error| {
            Error::new(ErrorKind::ConfigInvalid, "cannot sign").set_source(error)
        })?;
        let request = Request::from_parts(parts, body);
        self.transport.fetch(request).await
    }
}

#[cfg(test)]
mod tests {
    use super::region_of;

    #[test]
    fn endpoints_of_oss_tell_their_region() {
        for (endpoint, region) in [
            ("https://oss-cn-hangzhou.aliyuncs.com", Some("cn-hangzhou")),
            ("oss-cn-beijing-internal.aliyuncs.com", Some("cn-beijing")),
            ("https://files.example.gov.cn", None),
        ] {
            assert_eq!(region_of(endpoint), region, "{endpoint}");
        }
    }
}
