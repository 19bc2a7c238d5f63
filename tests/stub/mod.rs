//! An object storage that is OSS, COS or OBS as far as their documentation tells, in this process.
//!
//! It is an HTTP proxy, so that requests are made to the storage's real host names and never leave the machine.
//! Objects are in memory. A request that is not signed as it should be, or goes to a host that is not the
//! bucket's, is refused.
#![allow(
    unreachable_pub,
    missing_docs,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "helpers of a test"
)]

mod signature;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use md5::{Digest, Md5};
use percent_encoding::percent_decode_str;

pub const KEY: &str = "AKTEST";
pub const SECRET: &str = "a secret of the test";

/// How many objects a list tells at a time, so that lists have several pages.
const PAGE: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Oss,
    Cos,
    Obs,
}

impl Store {
    pub fn region(self) -> &'static str {
        match self {
            Store::Oss => "cn-hangzhou",
            Store::Cos => "ap-guangzhou",
            Store::Obs => "cn-north-4",
        }
    }

    /// Where the storage's documentation says that it is.
    pub fn host(self) -> &'static str {
        match self {
            Store::Oss => "oss-cn-hangzhou.aliyuncs.com",
            Store::Cos => "cos.ap-guangzhou.myqcloud.com",
            Store::Obs => "obs.cn-north-4.myhuaweicloud.com",
        }
    }

    /// The header that keeps an object from being replaced; OBS has none.
    fn keeps_old(self) -> Option<&'static str> {
        match self {
            Store::Oss => Some("x-oss-forbid-overwrite"),
            Store::Cos => Some("x-cos-forbid-overwrite"),
            Store::Obs => None,
        }
    }
}

/// A request as it has arrived.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    pub host: String,
    pub bucket: String,
    /// As it is in the address, with the slash at its beginning.
    pub path: String,
    /// Decoded, without that slash.
    pub key: String,
    /// Decoded.
    pub query: BTreeMap<String, String>,
    pub headers: BTreeMap<String, String>,
}

impl Asked {
    fn of(request: &Request<Incoming>) -> Self {
        let uri = request.uri();
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
        let query = uri.query().unwrap_or_default().split('&');
        let query = query.filter(|part| !part.is_empty());
        let query = query.map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(name), decoded(value))
        });
        let headers = request.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let host = uri.authority().map_or("", |authority| authority.as_str());
        Asked {
            method: request.method().to_string(),
            host: host.to_owned(),
            bucket: host.split('.').next().unwrap().to_owned(),
            path: uri.path().to_owned(),
            key: decoded(uri.path().trim_start_matches('/')),
            query: query.collect(),
            headers: headers.collect(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn place(&self, key: &str) -> String {
        format!("{}/{key}", self.bucket)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub content: Vec<u8>,
    pub content_type: String,
    pub cache_control: String,
    pub content_encoding: String,
}

#[derive(Default)]
struct State {
    asked: Vec<Asked>,
    /// By bucket, a slash and the key.
    objects: BTreeMap<String, Object>,
}

/// A storage that runs as long as this lives.
pub struct Server {
    /// Where it is to be used as a proxy.
    pub proxy: String,
    state: Arc<Mutex<State>>,
    /// Its end ends the server.
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    pub fn start(store: Store) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(1).enable_all().build().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        runtime.spawn(accept(listener, store, Arc::clone(&state)));
        Server {
            proxy,
            state,
            _runtime: runtime,
        }
    }

    /// The requests since this was asked last.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.state.lock().unwrap().asked)
    }

    /// What is in a bucket.
    pub fn objects(&self, bucket: &str) -> BTreeMap<String, Object> {
        let state = self.state.lock().unwrap();
        let inside = state.objects.iter().filter_map(|(place, object)| {
            let key = place.strip_prefix(bucket)?.strip_prefix('/')?;
            Some((key.to_owned(), object.clone()))
        });
        inside.collect()
    }

    /// Puts an object there, as somebody else would.
    pub fn put(&self, bucket: &str, key: &str, content: &str) {
        let object = Object {
            content: content.as_bytes().to_vec(),
            content_type: String::new(),
            cache_control: String::new(),
            content_encoding: String::new(),
        };
        let place = format!("{bucket}/{key}");
        self.state.lock().unwrap().objects.insert(place, object);
    }
}

async fn accept(listener: TcpListener, store: Store, state: Arc<Mutex<State>>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        let state = Arc::clone(&state);
        let answer = service_fn(move |request| answer(store, request, Arc::clone(&state)));
        let http = hyper::server::conn::http1::Builder::new();
        tokio::spawn(async move {
            // A run that has been refused closes its connections.
            let _ = http.serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

async fn answer(
    store: Store,
    request: Request<Incoming>,
    state: Arc<Mutex<State>>,
) -> Result<Response<s3s::Body>, &'static str> {
    let asked = Asked::of(&request);
    let mut body = s3s::Body::from(request.into_body());
    let body = body.store_all_limited(64 << 20).await.unwrap_or_default();
    let mut state = state.lock().unwrap();
    state.asked.push(asked.clone());
    let host = format!("{}.{}", asked.bucket, store.host());
    if asked.method == "CONNECT" {
        return Ok(refusal(403, "no encrypted connections here"));
    }
    if asked.host != host || asked.header("host") != host {
        return Ok(refusal(404, "NoSuchBucket"));
    }
    if !signature::is_right(store, &asked) {
        return Ok(refusal(403, "SignatureDoesNotMatch"));
    }
    let place = asked.place(&asked.key);
    Ok(match asked.method.as_str() {
        "GET" if asked.key.is_empty() => list(store, &asked, &state.objects),
        "GET" | "HEAD" => match state.objects.get(&place) {
            Some(object) if asked.method == "GET" => found(store, object, true),
            Some(object) => {
                let mut answer = found(store, object, false);
                let length = object.content.len().into();
                answer.headers_mut().insert("content-length", length);
                answer
            }
            None => refusal(404, "NoSuchKey"),
        },
        "PUT" => {
            let keeps_old = store.keeps_old().map(|name| asked.header(name));
            if keeps_old == Some("true") && state.objects.contains_key(&place) {
                return Ok(refusal(409, "FileAlreadyExists"));
            }
            let object = Object {
                content: body.to_vec(),
                content_type: asked.header("content-type").to_owned(),
                cache_control: asked.header("cache-control").to_owned(),
                content_encoding: asked.header("content-encoding").to_owned(),
            };
            let answer = found(store, &object, false);
            state.objects.insert(place, object);
            answer
        }
        "DELETE" => {
            state.objects.remove(&place);
            with_status(204, "")
        }
        "POST" if store == Store::Oss && asked.query.contains_key("delete") => {
            if asked.header("content-md5") != STANDARD.encode(Md5::digest(&body)) {
                return Ok(refusal(400, "InvalidDigest"));
            }
            remove_all(&asked, &body, &mut state.objects)
        }
        _ => refusal(405, "MethodNotAllowed"),
    })
}

/// Removes the objects that a request names, and tells of each.
fn remove_all(
    asked: &Asked,
    body: &[u8],
    objects: &mut BTreeMap<String, Object>,
) -> Response<s3s::Body> {
    let text = String::from_utf8(body.to_vec()).unwrap();
    let keys = text.split("<Key>").skip(1);
    let mut deleted = String::new();
    for key in keys.map(|rest| rest.split("</Key>").next().unwrap()) {
        objects.remove(&asked.place(key));
        deleted += &format!("<Deleted><Key>{key}</Key></Deleted>");
    }
    with_status(200, &format!("<DeleteResult>{deleted}</DeleteResult>"))
}

/// The tag of a content: OSS writes it in capitals.
fn tag(store: Store, content: &[u8]) -> String {
    let sum = signature::hex(&Md5::digest(content));
    match store {
        Store::Oss => format!("\"{}\"", sum.to_uppercase()),
        Store::Cos | Store::Obs => format!("\"{sum}\""),
    }
}

fn found(store: Store, object: &Object, has_content: bool) -> Response<s3s::Body> {
    let content = if has_content {
        &object.content[..]
    } else {
        b""
    };
    let builder = Response::builder()
        .header("etag", tag(store, &object.content))
        .header("last-modified", "Thu, 01 Apr 2021 08:00:00 GMT")
        .header("content-type", &object.content_type)
        .header("cache-control", &object.cache_control);
    let builder = match object.content_encoding.as_str() {
        "" => builder,
        encoding => builder.header("content-encoding", encoding),
    };
    let body = s3s::Body::from(content.to_vec());
    builder.body(body).unwrap()
}

fn list(store: Store, asked: &Asked, objects: &BTreeMap<String, Object>) -> Response<s3s::Body> {
    let part = |name: &str| asked.query.get(name).map_or("", String::as_str);
    let after = match store {
        Store::Oss => part("continuation-token"),
        Store::Cos | Store::Obs => part("marker"),
    };
    let (bucket, prefix) = (asked.place(""), part("prefix"));
    let keys = objects.iter().filter_map(|(place, object)| {
        let key = place.strip_prefix(&bucket)?;
        (key.starts_with(prefix) && key > after).then_some((key, object))
    });
    let mut text = String::from("<ListBucketResult>");
    let mut last = "";
    let mut keys = keys.peekable();
    for (key, object) in keys.by_ref().take(PAGE) {
        let (size, tag) = (object.content.len(), tag(store, &object.content));
        text += &format!(
            "<Contents><Key>{key}</Key><LastModified>2021-04-01T08:00:00.000Z</LastModified>\
             <ETag>{tag}</ETag><Size>{size}</Size></Contents>"
        );
        last = key;
    }
    let is_truncated = keys.peek().is_some();
    text += &format!("<IsTruncated>{is_truncated}</IsTruncated>");
    if is_truncated {
        let name = match store {
            Store::Oss => "NextContinuationToken",
            Store::Cos | Store::Obs => "NextMarker",
        };
        text += &format!("<{name}>{last}</{name}>");
    }
    with_status(200, &(text + "</ListBucketResult>"))
}

fn refusal(status: u16, code: &str) -> Response<s3s::Body> {
    let text = format!(
        "<Error><Code>{code}</Code><Message>{code}</Message><RequestId>1</RequestId><HostId>1</HostId></Error>"
    );
    with_status(status, &text)
}

fn with_status(status: u16, text: &str) -> Response<s3s::Body> {
    let builder = Response::builder().status(status);
    let body = s3s::Body::from(text.to_owned());
    builder.body(body).unwrap()
}
