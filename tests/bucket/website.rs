//! The bucket as storages serve one for visitors: index documents, a page for what is not found, and the headers that
//! are stored; nothing else.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

use std::net::TcpListener;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use s3s::service::{S3Service, S3ServiceBuilder};

use super::{BUCKET, Server};

/// Serves the bucket at the address that is returned, for as long as the server lives.
pub fn serve(server: &Server) -> String {
    // Without keys everybody may read.
    let objects = s3s_fs::FileSystem::new(server.folder()).unwrap();
    let service = S3ServiceBuilder::new(objects).build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    server.runtime.spawn(accept(listener, service));
    origin
}

async fn accept(listener: TcpListener, service: S3Service) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    while let Ok((stream, _)) = listener.accept().await {
        let service = service.clone();
        let answer = service_fn(move |request| answer(request, service.clone()));
        let http = hyper::server::conn::http1::Builder::new();
        tokio::spawn(async move {
            // Browsers leave when they have what they want.
            let _ = http.serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    service: S3Service,
) -> Result<Response<s3s::Body>, &'static str> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut answer = Response::new(s3s::Body::empty());
        *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        return Ok(answer);
    }
    let path = request.uri().path();
    let index = if path.ends_with('/') {
        "index.html"
    } else {
        ""
    };
    let found = get(&service, request.method(), &format!("{path}{index}")).await?;
    if found.status().is_success() {
        return Ok(found);
    }
    let mut answer = get(&service, request.method(), "/404.html").await?;
    *answer.status_mut() = StatusCode::NOT_FOUND;
    Ok(answer)
}

/// The object at a path, with the headers that are stored of it.
async fn get(
    service: &S3Service,
    method: &Method,
    path: &str,
) -> Result<Response<s3s::Body>, &'static str> {
    let request = Request::builder().method(method);
    let request = request.uri(format!("http://localhost/{BUCKET}{path}"));
    let request = request.header("host", "localhost");
    let request = request.body(s3s::Body::empty()).map_err(|_| "no address")?;
    service.call(request).await.map_err(|_| "no answer")
}
