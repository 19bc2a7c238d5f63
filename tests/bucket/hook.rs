//! Whoever is told what has changed: an HTTP server in this process.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

use std::collections::VecDeque;
use std::net::TcpListener;
use std::process::Child;
use std::sync::{Arc, Mutex};

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

/// What it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub method: String,
    /// With the query.
    pub path: String,
    pub media_type: String,
    pub body: String,
}

impl Told {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn lines(&self) -> Vec<&str> {
        self.body.lines().collect()
    }
}

#[derive(Default)]
struct State {
    told: Vec<Told>,
    /// What is answered next: status (0 cuts the connection) and text, which for a redirection is where to; then
    /// 200.
    answers: VecDeque<(u16, String)>,
    victim: Option<Child>,
}

/// A server that runs as long as this lives.
pub struct Hook {
    pub address: String,
    state: Arc<Mutex<State>>,
    /// Its end ends the server.
    _runtime: tokio::runtime::Runtime,
}

impl Hook {
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(1).enable_all().build().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        runtime.spawn(accept(listener, Arc::clone(&state)));
        Hook {
            address,
            state,
            _runtime: runtime,
        }
    }

    /// Answers the next requests so.
    pub fn will_answer(&self, answers: &[(u16, &str)]) {
        let answers = answers.iter();
        self.state.lock().unwrap().answers = answers
            .map(|(status, text)| (*status, (*text).to_owned()))
            .collect();
    }

    /// Starts a process that is killed at its first request; returns when it has ended.
    pub fn for_victim(&self, start: impl FnOnce() -> Child) {
        // The request waits for the lock until it is known whom to kill.
        let mut state = self.state.lock().unwrap();
        state.victim = Some(start());
        drop(state);
        loop {
            let mut state = self.state.lock().unwrap();
            if let Some(victim) = &mut state.victim
                && victim.try_wait().unwrap().is_some()
            {
                state.victim = None;
                return;
            }
            drop(state);
            std::thread::yield_now();
        }
    }

    /// What it was told since this was asked last.
    pub fn told(&self) -> Vec<Told> {
        std::mem::take(&mut self.state.lock().unwrap().told)
    }
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        let state = Arc::clone(&state);
        let answer = service_fn(move |request| answer(request, Arc::clone(&state)));
        let http = hyper::server::conn::http1::Builder::new();
        tokio::spawn(async move {
            // A connection that is cut is what the test wants.
            let _ = http.serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    state: Arc<Mutex<State>>,
) -> Result<Response<s3s::Body>, &'static str> {
    let (parts, body) = request.into_parts();
    let mut body = s3s::Body::from(body);
    let body = body.store_all_limited(64 << 20).await.unwrap_or_default();
    let media_type = parts.headers.get("content-type");
    let mut state = state.lock().unwrap();
    state.told.push(Told {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        media_type: media_type
            .map_or("", |kind| kind.to_str().unwrap())
            .to_owned(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    if let Some(victim) = &mut state.victim {
        victim.kill().unwrap();
        return Err("cut");
    }
    let (status, text) = state.answers.pop_front().unwrap_or((200, String::new()));
    if status == 0 {
        return Err("cut");
    }
    let mut answer = Response::builder().status(status);
    if (300..400).contains(&status) {
        answer = answer.header("location", &text);
    }
    Ok(answer.body(s3s::Body::from(text)).unwrap())
}
