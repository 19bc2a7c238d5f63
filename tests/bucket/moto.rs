//! Another S3 server in place of the one in this process: that of `YUGANG_TEST_S3`, which looks at no signature.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

use std::collections::BTreeMap;
use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::BUCKET;
use super::site::Objects;

/// What stays as it is in the path of a request.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.');

/// Buckets on that server that no other test has.
#[derive(Debug, Clone)]
pub struct Moto {
    /// Host and port.
    host: String,
    /// What stands before the names of the buckets.
    before: String,
}

impl Moto {
    /// New buckets, where there is such a server.
    pub fn start() -> Option<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let address = env::var("YUGANG_TEST_S3").ok()?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let moto = Moto {
            host: address
                .trim_start_matches("http://")
                .trim_end_matches('/')
                .to_owned(),
            before: format!("{}-{number}-", process::id()),
        };
        for bucket in [BUCKET, "private"] {
            let (status, ..) = moto.ask("PUT", &format!("/{bucket}"), "");
            assert!(status.contains("200"), "{status}");
        }
        Some(moto)
    }

    /// What a request is answered: status, headers, content.
    fn ask(&self, method: &str, path: &str, content: &str) -> (String, String, Vec<u8>) {
        let Moto { host, before } = self;
        let path = path.trim_start_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        // It looks only whether there is a signature.
        let signature = "AWS4-HMAC-SHA256 Credential=test/20210401/us-east-1/s3/aws4_request";
        let head = format!("{method} /{before}{path} HTTP/1.1\r\nHost: {host}\r\n");
        let length = content.len();
        let rest = format!("Authorization: {signature}\r\nContent-Length: {length}\r\n");
        let whole = head + &rest + "Connection: close\r\n\r\n" + content;
        stream.write_all(whole.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let (head, content) = answer.split_at(end.unwrap() + 4);
        let head = String::from_utf8_lossy(head);
        let (status, headers) = head.split_once("\r\n").unwrap();
        (status.to_owned(), headers.to_owned(), content.to_vec())
    }

    /// Every object of a bucket below a prefix: its content and its headers.
    pub fn objects(&self, bucket: &str, prefix: &str) -> Objects {
        let (_, _, list) = self.ask("GET", &format!("/{bucket}?list-type=2"), "");
        let list = String::from_utf8(list).unwrap();
        let keys = list.split("<Key>").skip(1);
        let keys = keys.map(|rest| rest.split("</Key>").next().unwrap());
        let objects = keys.filter_map(|key| {
            let place = key.strip_prefix(prefix)?.to_owned();
            let (_, headers, content) = self.ask("GET", &path(bucket, key), "");
            let stored = headers.lines().filter(|line| {
                let name = line.split(':').next().unwrap_or_default();
                ["content-type", "cache-control", "content-encoding"]
                    .contains(&name.to_lowercase().as_str())
            });
            let stored: BTreeMap<String, ()> =
                stored.map(|line| (line.to_lowercase(), ())).collect();
            let stored: Vec<String> = stored.into_keys().collect();
            Some((place, (content, stored.join("\n"))))
        });
        objects.collect()
    }

    pub fn put(&self, key: &str, content: &str) {
        let (status, ..) = self.ask("PUT", &path(BUCKET, key), content);
        assert!(status.contains("200"), "{status}");
    }

    pub fn remove(&self, key: &str) {
        let (status, ..) = self.ask("DELETE", &path(BUCKET, key), "");
        assert!(status.contains("204"), "{status}");
    }

    /// Hands a request on.
    pub async fn call(&self, request: Request<Incoming>) -> Option<Response<s3s::Body>> {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.to_string();
        let path = format!("/{}{}", self.before, path.trim_start_matches('/'));
        parts.uri = path.parse().ok()?;
        if let Some(source) = parts.headers.get("x-amz-copy-source") {
            let source = source.to_str().ok()?.trim_start_matches('/');
            let source = format!("/{}{source}", self.before).parse().ok()?;
            parts.headers.insert("x-amz-copy-source", source);
        }
        let stream = tokio::net::TcpStream::connect(&self.host).await.ok()?;
        let http = hyper::client::conn::http1::handshake(TokioIo::new(stream));
        let (mut sender, connection) = http.await.ok()?;
        tokio::spawn(connection);
        let request = Request::from_parts(parts, s3s::Body::from(body));
        let (parts, body) = sender.send_request(request).await.ok()?.into_parts();
        let body = s3s::Body::from(body)
            .store_all_limited(64 << 20)
            .await
            .ok()?;
        Some(Response::from_parts(parts, s3s::Body::from(body)))
    }
}

fn path(bucket: &str, key: &str) -> String {
    format!("/{bucket}/{}", utf8_percent_encode(key, PATH))
}
