//! The preview server over raw TCP.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::client::{self, Answer, DEADLINE, Events, head, receive};
use crate::folder::{Scratch, put};
use yugang::diag::{Lang, SourcePath};
use yugang::model::digest::Digest;
use yugang::model::html::Html;
use yugang::model::tree::{OutFile, OutPath, PageFile};
use yugang::preview::Shown;
use yugang::shell::serve::{Server, Stage};

/// Larger than what sockets buffer.
const LARGE: usize = 16 * 1024 * 1024;

struct Preview {
    scratch: Scratch,
    stage: Stage,
    port: u16,
    running: Option<JoinHandle<io::Result<()>>>,
}

impl Preview {
    fn start() -> Self {
        let scratch = Scratch::new();
        let large = "渔".repeat(LARGE / 3);
        put(&scratch.root(), "static/大.bin", &large);
        put(&scratch.root(), "static/a.html", "<body>copied</body>");
        let server = Server::bind(0, 1).unwrap();
        let stage = Stage::new(shown(&scratch, 1));
        let port = server.port();
        let running = thread::spawn({
            let stage = stage.clone();
            move || server.run(&stage)
        });
        Preview {
            scratch,
            stage,
            port,
            running: Some(running),
        }
    }

    /// A connection on which `request` was sent.
    fn send(&self, request: &[u8]) -> BufReader<TcpStream> {
        client::send(self.port, request)
    }

    fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, "")
    }

    fn ask(&self, method: &str, target: &str, headers: &str) -> Answer {
        client::ask(self.port, method, target, headers)
    }

    fn stream(&self) -> Events {
        client::stream(self.port, "%2F")
    }

    /// Closes it and returns how long that took.
    fn close(&mut self) -> Duration {
        let start = Instant::now();
        self.stage.close();
        self.running.take().unwrap().join().unwrap().unwrap();
        start.elapsed()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        self.stage.close();
    }
}

fn shown(scratch: &Scratch, build: u64) -> Shown {
    let copy = |source: &str, size: usize| OutFile::Copy {
        source: SourcePath::new(source),
        size: size as u64,
        digest: Digest::of(source.as_bytes()),
    };
    let html = format!("<body>build {build}</body>");
    let home = OutFile::Page(Arc::new(PageFile {
        html: Html::new(html.into_bytes(), Vec::new()),
        source: Some(SourcePath::new("content/home.md")),
    }));
    let site = [
        ("index.html", home),
        ("404.html", OutFile::Bytes(b"<body>none</body>"[..].into())),
        ("清洁日/index.html", OutFile::Bytes(b"day"[..].into())),
        ("a.txt", OutFile::Bytes(b"0123456789"[..].into())),
        ("大.bin", copy("static/大.bin", LARGE / 3 * 3)),
        ("a.html", copy("static/a.html", 19)),
        ("gone.pdf", copy("static/gone.pdf", 5)),
        ("other.html", copy("static/a.html", 5)),
    ];
    Shown {
        build,
        lang: Lang::Zh,
        root: scratch.root().to_str().unwrap().to_owned(),
        base: "/".into(),
        late: Some(Arc::default()),
        site: Some(Arc::new(
            site.map(|(path, file)| (OutPath::new(path), file)).into(),
        )),
        diagnostics: Arc::default(),
        problems: String::new(),
        status: Arc::default(),
    }
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < DEADLINE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn pages_and_files_are_served() {
    let preview = Preview::start();
    let home = preview.get("/");
    assert_eq!(home.status, 200);
    assert!(
        home.text()
            .contains("build 1<script src=\"/_yugang/client.js\"")
    );
    assert_eq!(home.header("Server"), Some("yugang"));
    let day = preview.get("/%E6%B8%85%E6%B4%81%E6%97%A5?x");
    assert_eq!(
        (day.status, day.header("Location")),
        (302, Some("/%E6%B8%85%E6%B4%81%E6%97%A5/?x"))
    );
    assert!(
        preview
            .get("/%E6%B8%85%E6%B4%81%E6%97%A5/")
            .text()
            .starts_with("day<script")
    );
    let copied = preview.get("/a.html");
    assert!(
        copied.text().starts_with("<body>copied<script"),
        "{copied:?}"
    );
    let none = preview.get("/no");
    assert_eq!(none.status, 404);
    assert!(none.text().contains("none<script"));
    assert_eq!(preview.get("/gone.pdf").status, 404);
    assert_eq!(preview.get("/other.html").status, 503);
    assert_eq!(preview.get("/_yugang/nothing").status, 404);
}

#[test]
fn large_files_come_whole_and_in_parts() {
    let preview = Preview::start();
    let target = "/%E5%A4%A7.bin";
    let whole = preview.get(target);
    assert_eq!(whole.header("Transfer-Encoding"), None);
    assert_eq!(whole.body.len(), LARGE / 3 * 3);
    assert!(whole.text().chars().all(|c| c == '渔'));
    let part = preview.ask("GET", target, "Range: bytes=3000000-3000002\r\n");
    assert_eq!((part.status, part.text()), (206, "渔"));
    let etag = whole.header("ETag").unwrap();
    let known = preview.ask("GET", target, &format!("If-None-Match: {etag}\r\n"));
    assert_eq!(known.status, 304);
    let head = preview.ask("HEAD", target, "");
    assert_eq!(
        head.header("Content-Length"),
        whole.header("Content-Length")
    );
    let beyond = preview.ask("GET", "/a.txt", "Range: bytes=10-\r\n");
    assert_eq!(
        (beyond.status, beyond.header("Content-Range")),
        (416, Some("bytes */10"))
    );
}

#[test]
fn no_request_reaches_beyond_the_site() {
    let preview = Preview::start();
    put(&preview.scratch.root(), "secret.txt", "unpublished words");
    for (target, status) in [
        ("/../secret.txt", 404),
        ("/%2e%2e/secret.txt", 404),
        ("/..%2fsecret.txt", 404),
        ("/..%5Csecret.txt", 404),
        ("//secret.txt", 404),
        ("/secret.txt", 404),
        ("/static/a.html", 404),
        ("/a.txt%00", 404),
        ("/%FF", 400),
        ("/%", 400),
        ("*", 400),
    ] {
        let answer = preview.get(target);
        assert_eq!(answer.status, status, "{target}");
        assert!(!answer.text().contains("unpublished words"));
    }
    let send = |request: &str| receive(&mut preview.send(request.as_bytes()), false);
    let foreign = send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_eq!(foreign.status, 403);
    assert!(foreign.text().contains("127.0.0.1"));
    assert_eq!(send("GET / HTTP/1.1\r\n\r\n").status, 400);
    let post = send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc");
    assert_eq!(
        (post.status, post.header("Allow")),
        (405, Some("GET, HEAD"))
    );
}

#[test]
fn odd_clients_do_no_harm() {
    let preview = Preview::start();
    let mut pipelined = preview.send(
        b"GET /a.txt HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    assert_eq!(receive(&mut pipelined, false).text(), "0123456789");
    assert!(receive(&mut pipelined, false).text().contains("build"));
    let mut old = preview.send(b"GET /a.txt HTTP/1.0\r\nHost: localhost\r\n\r\n");
    let mut text = String::new();
    old.read_to_string(&mut text).unwrap();
    assert!(text.ends_with("\r\n\r\n0123456789"), "{text}");
    for request in [
        &b"\r\n\r\n"[..],
        b"\0\xff\xfe\r\n\r\n",
        "GET /清洁日/ HTTP/1.1\r\nHost: localhost\r\n\r\n".as_bytes(),
        b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 18446744073709551615\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000000\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
    ] {
        drop(preview.send(request));
        assert_eq!(preview.get("/a.txt").status, 200);
    }
}

#[test]
fn slow_clients_hold_up_nobody() {
    let preview = Preview::start();
    let mut held = Vec::new();
    for _ in 0..60 {
        held.push(preview.send(b""));
        held.push(preview.send(b"GET / HTTP/1.1\r\nHos"));
        // Asks for more than sockets buffer, and does not read it.
        held.push(preview.send(b"GET /%E5%A4%A7.bin HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }
    for _ in 0..50 {
        // As browsers do, which open a connection for later.
        held.push(preview.send(b""));
        assert_eq!(preview.get("/").status, 200);
    }
    let mut half = held.swap_remove(1);
    half.get_mut().write_all(b"t: localhost\r\n\r\n").unwrap();
    assert_eq!(receive(&mut half, false).status, 200);
}

#[test]
fn every_open_page_hears_of_what_is_shown() {
    let mut preview = Preview::start();
    let mut streams: Vec<Events> = (0..60).map(|_| preview.stream()).collect();
    for stream in &mut streams {
        let state = stream.next().unwrap();
        assert!(state.starts_with("{\"build\":1,\"page\":\""), "{state}");
    }
    for build in 2..5 {
        preview.stage.show(shown(&preview.scratch, build));
        let expected = format!("{{\"build\":{build},");
        for stream in &mut streams {
            let state = stream.next().unwrap();
            assert!(state.starts_with(&expected), "{state}");
        }
        let page = preview.get("/");
        assert!(page.text().contains(&format!("build {build}<")));
    }
    let took = preview.close();
    assert!(took < Duration::from_secs(5), "{took:?}");
    for stream in &mut streams {
        assert_eq!(stream.next(), None);
    }
}

#[test]
fn streams_are_bounded_and_dead_ones_make_room() {
    let preview = Preview::start();
    let target = "/_yugang/events?path=/";
    let streams: Vec<Events> = (0..256).map(|_| preview.stream()).collect();
    assert_eq!(preview.get(target).status, 503);
    assert_eq!(preview.get("/").status, 200);
    drop(streams);
    eventually("there is room again", || {
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        head(&mut preview.send(request.as_bytes())).contains(" 200 ")
    });
}

#[test]
fn a_stream_of_an_old_client_is_plain() {
    let mut preview = Preview::start();
    let request = "GET /_yugang/events?path=/ HTTP/1.0\r\nHost: localhost\r\n\r\n";
    let mut stream = preview.send(request.as_bytes());
    assert!(!head(&mut stream).contains("chunked"));
    let mut told = String::new();
    while !told.ends_with("}\n\n") {
        assert_ne!(stream.read_line(&mut told).unwrap(), 0, "{told}");
    }
    assert!(
        told.starts_with("retry: 300\n\nevent: state\ndata: {"),
        "{told}"
    );
    preview.close();
    stream.read_to_string(&mut told).unwrap();
    assert_eq!(told.matches("data").count(), 1, "{told}");
}

/// The threads of the process that this test is.
#[cfg(target_os = "linux")]
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").unwrap().count()
}

#[test]
#[cfg(target_os = "linux")]
fn a_closed_server_ends_soon_and_leaves_no_thread() {
    // Alone in a process, or the threads of other tests are counted.
    if std::env::var_os("YUGANG_ALONE").is_none() {
        let name = "serve_http::a_closed_server_ends_soon_and_leaves_no_thread";
        let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
        alone.args(["--exact", name]).env("YUGANG_ALONE", "1");
        assert!(alone.status().unwrap().success());
        return;
    }
    let before = threads();
    for _ in 0..3 {
        let mut preview = Preview::start();
        let idle: Vec<TcpStream> = (0..20).map(|_| client::connect(preview.port)).collect();
        let mut kept = preview.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert_eq!(receive(&mut kept, false).status, 200);
        let slow = preview.send(b"GET /%E5%A4%A7.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let mut streams: Vec<Events> = (0..20).map(|_| preview.stream()).collect();
        for stream in &mut streams {
            stream.next().unwrap();
        }
        let took = preview.close();
        assert!(took < Duration::from_secs(5), "{took:?}");
        eventually("nobody listens", || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, preview.port)).is_err()
        });
        println!("closed in {took:?}");
        drop((idle, kept, slow, streams));
    }
    eventually("no thread is left", || threads() <= before);
}
