//! A client of the preview server over plain TCP.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// How long anything may take before the test fails.
pub const DEADLINE: Duration = Duration::from_secs(30);

pub fn connect(port: u16) -> TcpStream {
    let client = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    client.set_read_timeout(Some(DEADLINE)).unwrap();
    client
}

/// A connection on which `request` was sent.
pub fn send(port: u16, request: &[u8]) -> BufReader<TcpStream> {
    let mut client = connect(port);
    client.write_all(request).unwrap();
    BufReader::new(client)
}

/// The answer to a request with these further header lines.
pub fn ask(port: u16, method: &str, target: &str, headers: &str) -> Answer {
    let request = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
    receive(&mut send(port, request.as_bytes()), method == "HEAD")
}

/// The events for a page open at `path`, which is percent-encoded.
pub fn stream(port: u16, path: &str) -> Events {
    let request = format!("GET /_yugang/events?path={path} HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n");
    let mut connection = send(port, request.as_bytes());
    let head = head(&mut connection);
    assert!(head.contains("text/event-stream"), "{head}");
    Events(connection)
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (header, value) = line.split_once(": ")?;
            header.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Everything up to the empty line.
pub fn head(connection: &mut impl BufRead) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let length = connection.read_line(&mut head).unwrap();
        assert_ne!(length, 0, "the connection ended after {head:?}");
    }
    head
}

pub fn receive(connection: &mut impl BufRead, is_head: bool) -> Answer {
    let head = head(connection);
    let status = head[9..12].parse().unwrap();
    let mut answer = Answer {
        status,
        head,
        body: Vec::new(),
    };
    let length = answer.header("Content-Length").unwrap().parse().unwrap();
    if !is_head && answer.status != 304 {
        answer.body = vec![0; length];
        connection.read_exact(&mut answer.body).unwrap();
    }
    answer
}

/// An event stream after its head.
pub struct Events(BufReader<TcpStream>);

impl Events {
    /// The next line; `None` when the stream has ended.
    pub fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        (!line.is_empty() && line != "0\r\n").then_some(line)
    }

    /// The data of the next event; `None` when the stream has ended.
    pub fn next(&mut self) -> Option<String> {
        loop {
            if let Some(data) = self.line()?.strip_prefix("data: ") {
                return Some(data.trim_end().to_owned());
            }
        }
    }
}
