//! An S3 server, in this process or behind it, that counts requests and makes trouble at those it is told to.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

pub mod hook;
pub mod moto;
pub mod process;
pub mod site;
pub mod website;

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use moto::Moto;
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
    /// Bytes of the largest object, or part of one, that was asked for or sent at a time.
    largest: usize,
    /// Requests that are being carried out.
    under_way: usize,
}

/// Where the objects are.
enum Objects {
    /// In a folder, as the server in this process keeps them.
    Here(tempfile::TempDir),
    Elsewhere(Moto),
}

/// Who carries a request out.
#[derive(Clone)]
enum Service {
    Here(S3Service),
    Elsewhere(Moto),
}

impl Service {
    async fn call(&self, request: Request<Incoming>) -> Option<Response<s3s::Body>> {
        match self {
            Service::Here(service) => service.call(request.map(s3s::Body::from)).await.ok(),
            Service::Elsewhere(moto) => moto.call(request).await,
        }
    }
}

/// A server that runs as long as this lives.
pub struct Server {
    pub endpoint: String,
    objects: Objects,
    state: Arc<Mutex<State>>,
    /// Its end ends the server.
    runtime: tokio::runtime::Runtime,
}

impl Server {
    /// One without objects, which keeps them where `YUGANG_TEST_S3` says.
    pub fn start() -> Self {
        Moto::start().map_or_else(Server::here, |moto| {
            Server::of(Objects::Elsewhere(moto.clone()), Service::Elsewhere(moto))
        })
    }

    /// One without objects, which looks at signatures.
    pub fn here() -> Self {
        let folder = place();
        for bucket in [BUCKET, "private"] {
            fs::create_dir(folder.path().join(bucket)).unwrap();
        }
        Server::in_folder(folder)
    }

    /// Another server, with what is in this one.
    pub fn copy(&self) -> Self {
        let folder = place();
        let walk = walkdir::WalkDir::new(self.folder()).min_depth(1);
        for entry in walk.into_iter().map(Result::unwrap) {
            let to = entry.path().strip_prefix(self.folder()).unwrap();
            let to = folder.path().join(to);
            match entry.file_type().is_dir() {
                true => fs::create_dir(to).unwrap(),
                // Nothing is written into a file that is there.
                false => fs::hard_link(entry.path(), to).unwrap(),
            }
        }
        Server::in_folder(folder)
    }

    fn in_folder(folder: tempfile::TempDir) -> Self {
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = Service::Here(builder.build());
        Server::of(Objects::Here(folder), service)
    }

    fn of(objects: Objects, service: Service) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(2).enable_all().build().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        runtime.spawn(accept(listener, service, Arc::clone(&state)));
        Server {
            endpoint,
            objects,
            state,
            runtime,
        }
    }

    /// Whether it looks at signatures.
    pub fn knows_keys(&self) -> bool {
        matches!(self.objects, Objects::Here(_))
    }

    fn folder(&self) -> &Path {
        match &self.objects {
            Objects::Here(folder) => folder.path(),
            Objects::Elsewhere(moto) => panic!("{moto:?} is no folder"),
        }
    }

    /// From now on, counts requests from 0 and makes this trouble.
    pub fn make(&self, trouble: Trouble) {
        let mut state = self.state.lock().unwrap();
        state.requests.clear();
        state.largest = 0;
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
            std::thread::sleep(Duration::from_millis(1));
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

    /// The bytes of the largest object, or part of one, that went over the line at a time since [`Server::make`].
    pub fn largest(&self) -> usize {
        self.state.lock().unwrap().largest
    }

    /// Every object of a bucket below a prefix: its content and its headers.
    pub fn objects(&self, bucket: &str, prefix: &str) -> BTreeMap<String, (Vec<u8>, String)> {
        if let Objects::Elsewhere(moto) = &self.objects {
            return moto.objects(bucket, prefix);
        }
        let root = self.folder().join(bucket);
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
        self.folder().join(name)
    }

    /// Makes the server forget the headers of an object, as a copy by careless hands does.
    pub fn forget_headers(&self, key: &str) {
        fs::remove_file(self.path_of_headers(BUCKET, key)).unwrap();
    }

    /// Puts an object there, as somebody else would.
    pub fn put(&self, key: &str, content: &str) {
        if let Objects::Elsewhere(moto) = &self.objects {
            return moto.put(key, content);
        }
        let path = self.path(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::remove_file(&path).ok();
        fs::write(path, content).unwrap();
    }

    pub fn remove(&self, key: &str) {
        if let Objects::Elsewhere(moto) = &self.objects {
            return moto.remove(key);
        }
        fs::remove_file(self.path(key)).unwrap();
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder().join(BUCKET).join(key)
    }
}

/// A folder for the objects, in memory where the system has such a place: thousands are written and removed.
fn place() -> tempfile::TempDir {
    let in_memory = tempfile::tempdir_in("/dev/shm");
    in_memory.or_else(|_| tempfile::tempdir()).unwrap()
}

async fn accept(listener: TcpListener, service: Service, state: Arc<Mutex<State>>) {
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
    service: Service,
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
    let carried_out = tokio::spawn(carry_out(request, service, state));
    let Ok(Some(answer)) = carried_out.await else {
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

async fn carry_out(
    request: Request<Incoming>,
    service: Service,
    state: Arc<Mutex<State>>,
) -> Option<Response<s3s::Body>> {
    let (is_head, sent) = (request.method() == "HEAD", length(request.headers()));
    let answer = service.call(request).await;
    // An answer to `HEAD` tells of a length and has none.
    let answered = answer.as_ref().filter(|_| !is_head);
    let answered = answered.map_or(0, |answer| length(answer.headers()));
    let mut state = state.lock().unwrap();
    state.largest = state.largest.max(sent).max(answered);
    state.under_way -= 1;
    answer
}

/// The length that headers tell of.
fn length(headers: &hyper::HeaderMap) -> usize {
    let length = headers.get("content-length").map(|length| length.to_str());
    length.map_or(0, |length| length.unwrap().parse().unwrap())
}

fn refusal(status: u16, code: &str) -> Response<s3s::Body> {
    let body = format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>"
    );
    let mut answer = Response::new(s3s::Body::from(body));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
}

/// The server for `benches/deploy.py` and `tests/browser/bucket.test.js`: each line of its input is answered with the
/// number of requests since the last one, and its end ends it. It serves the bucket to visitors too.
#[test]
#[ignore = "for benchmarks and browsers"]
fn serve_until_told_to_stop() {
    let server = Server::here();
    println!("\nWEBSITE {}", website::serve(&server));
    println!("SERVING {}", server.endpoint);
    for line in std::io::stdin().lines() {
        line.unwrap();
        println!("\nREQUESTS {}", server.requests().len());
        server.make(Trouble::default());
    }
}
