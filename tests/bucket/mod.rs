//! An S3 server in this process that counts requests and makes trouble at those it is told to.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

pub mod process;
pub mod site;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};

pub const KEY: &str = "AKTEST";
pub const SECRET: &str = "a secret of the test";
pub const BUCKET: &str = "site";

/// What happens at a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not carried out, and the connection is cut.
    CutBefore,
    /// It is carried out, and the connection is cut before the answer.
    CutAfter,
    /// It is answered with this status and nothing is done.
    Status(u16),
    /// It is carried out after some time.
    Slow,
    /// The answer ends in the middle.
    Truncated,
}

/// When there is trouble.
#[derive(Debug, Clone, Default)]
pub struct Trouble {
    /// From this request on (counted from 0), so many.
    pub at: usize,
    pub times: usize,
    pub fault: Option<Fault>,
}

#[derive(Default)]
struct State {
    requests: Vec<String>,
    trouble: Trouble,
    /// Killed at the first request that is in trouble.
    victim: Option<Child>,
    is_read_only: bool,
    /// Requests that are being carried out.
    under_way: usize,
}

/// A server that runs as long as this lives.
pub struct Server {
    pub endpoint: String,
    folder: tempfile::TempDir,
    state: Arc<Mutex<State>>,
    /// Its end ends the server.
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for bucket in [BUCKET, "private"] {
            fs::create_dir(folder.path().join(bucket)).unwrap();
        }
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = builder.build();
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(2).enable_all().build().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        runtime.spawn(accept(listener, service, Arc::clone(&state)));
        Server {
            endpoint,
            folder,
            state,
            _runtime: runtime,
        }
    }

    /// From now on, counts requests from 0 and makes this trouble.
    pub fn make(&self, trouble: Trouble) {
        let mut state = self.state.lock().unwrap();
        state.requests.clear();
        state.trouble = trouble;
    }

    /// Kills this process at the first request that is in trouble.
    pub fn will_kill(&self, victim: Child) {
        self.state.lock().unwrap().victim = Some(victim);
    }

    pub fn victim(&self) -> Option<Child> {
        self.state.lock().unwrap().victim.take()
    }

    /// Waits until nothing is being carried out any more.
    pub fn come_to_rest(&self) {
        while self.state.lock().unwrap().under_way > 0 {
            std::thread::yield_now();
        }
    }

    /// Refuses everything that would change something, as for a key that may only read.
    pub fn be_read_only(&self, is_read_only: bool) {
        self.state.lock().unwrap().is_read_only = is_read_only;
    }

    /// The requests since [`Server::make`], such as `PUT /site/index.html`.
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap().requests.clone()
    }

    /// Every object of a bucket below a prefix: its content and its headers.
    pub fn objects(&self, bucket: &str, prefix: &str) -> BTreeMap<String, (Vec<u8>, String)> {
        let root = self.folder.path().join(bucket);
        let walk = walkdir::WalkDir::new(&root).into_iter().map(Result::unwrap);
        let files = walk.filter(|entry| entry.file_type().is_file());
        files
            .filter_map(|entry| {
                let key = entry.path().strip_prefix(&root).unwrap();
                let key = key.to_str().unwrap().to_owned();
                let place = key.strip_prefix(prefix)?.to_owned();
                let headers = self.headers(bucket, &key);
                Some((place, (fs::read(entry.path()).unwrap(), headers)))
            })
            .collect()
    }

    /// What the server keeps of an object beside its content, as it writes it.
    fn headers(&self, bucket: &str, key: &str) -> String {
        fs::read_to_string(self.path_of_headers(bucket, key)).unwrap_or_default()
    }

    fn path_of_headers(&self, bucket: &str, key: &str) -> PathBuf {
        use base64::Engine;
        let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        let name = format!(
            ".bucket-{}.object-{}.metadata.json",
            encode(bucket),
            encode(key)
        );
        self.folder.path().join(name)
    }

    /// Makes the server forget the headers of an object, as a copy by careless hands does.
    pub fn forget_headers(&self, key: &str) {
        fs::remove_file(self.path_of_headers(BUCKET, key)).unwrap();
    }

    /// Puts an object there, as somebody else would.
    pub fn put(&self, key: &str, content: &str) {
        let path = self.path(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn remove(&self, key: &str) {
        fs::remove_file(self.path(key)).unwrap();
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.path().join(BUCKET).join(key)
    }
}

async fn accept(listener: TcpListener, service: S3Service, state: Arc<Mutex<State>>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        let (service, state) = (service.clone(), Arc::clone(&state));
        let answer =
            service_fn(move |request| answer(request, service.clone(), Arc::clone(&state)));
        let http = hyper::server::conn::http1::Builder::new();
        tokio::spawn(async move {
            // A connection that is cut is what the test wants.
            let _ = http.serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    service: S3Service,
    state: Arc<Mutex<State>>,
) -> Result<Response<s3s::Body>, &'static str> {
    let method = request.method().clone();
    let (fault, is_refused) = {
        let mut state = state.lock().unwrap();
        let number = state.requests.len();
        state
            .requests
            .push(format!("{method} {}", request.uri().path()));
        let Trouble { at, times, fault } = state.trouble.clone();
        let fault = fault.filter(|_| (at..at + times).contains(&number));
        if fault.is_some()
            && let Some(victim) = &mut state.victim
        {
            victim.kill().unwrap();
        }
        (
            fault,
            state.is_read_only && method != "GET" && method != "HEAD",
        )
    };
    if is_refused {
        return Ok(refusal(403, "AccessDenied"));
    }
    match fault {
        Some(Fault::CutBefore) => return Err("cut"),
        Some(Fault::Status(403)) => return Ok(refusal(403, "AccessDenied")),
        Some(Fault::Status(503)) => return Ok(refusal(503, "SlowDown")),
        Some(Fault::Status(status)) => return Ok(refusal(status, "InternalError")),
        Some(Fault::Slow) => tokio::time::sleep(Duration::from_millis(300)).await,
        _ => {}
    }
    // What has been begun is finished, as by any storage, also when whoever asked is gone.
    state.lock().unwrap().under_way += 1;
    let carried_out = tokio::spawn(async move {
        let answer = service.call(request.map(s3s::Body::from)).await;
        state.lock().unwrap().under_way -= 1;
        answer
    });
    let Ok(Ok(answer)) = carried_out.await else {
        return Err("refused");
    };
    match fault {
        Some(Fault::CutAfter) => Err("cut"),
        Some(Fault::Truncated) => {
            let (parts, mut body) = answer.into_parts();
            let length = parts.headers.get("content-length").cloned();
            let whole = body.store_all_limited(64 << 20).await.unwrap_or_default();
            let half = whole.slice(..whole.len() / 2);
            let mut answer = Response::from_parts(parts, s3s::Body::from(half));
            // The length stays that of the whole, so that whoever reads it knows.
            if let Some(length) = length {
                answer.headers_mut().insert("content-length", length);
            }
            Ok(answer)
        }
        _ => Ok(answer),
    }
}

fn refusal(status: u16, code: &str) -> Response<s3s::Body> {
    let body = format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>"
    );
    let mut answer = Response::new(s3s::Body::from(body));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
}

/// The server for `benches/deploy.py`: each line of its input is answered with the number of requests since the
/// last one, and its end ends it.
#[test]
#[ignore = "for benchmarks"]
fn serve_until_told_to_stop() {
    let server = Server::start();
    println!("\nSERVING {}", server.endpoint);
    for line in std::io::stdin().lines() {
        line.unwrap();
        println!("\nREQUESTS {}", server.requests().len());
        server.make(Trouble::default());
    }
}
