//! Event streams: each open page is told, by one thread, when something else is shown.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::stage::{Next, Stage};
use crate::preview::events::state;
use crate::preview::http::Response;

/// Most streams at a time.
const MOST: usize = 256;

/// How often a stream on which nothing happens proves that its client is there.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// The streams under way.
#[derive(Default)]
pub(super) struct Streams(Arc<AtomicUsize>);

/// The right to run a stream; given back when dropped.
pub(super) struct Slot(Arc<AtomicUsize>);

impl Streams {
    /// A slot, while there is one.
    pub(super) fn slot(&self) -> Option<Slot> {
        let slot = Slot(Arc::clone(&self.0));
        (self.0.fetch_add(1, Ordering::Relaxed) < MOST).then_some(slot)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Tells the client of `request` the state of the page at `path`, and again when it has changed,
/// until it goes or the stage closes.
pub(super) fn run(request: tiny_http::Request, response: &Response, path: &str, stage: &Stage) {
    let is_chunked = *request.http_version() >= (1, 1);
    let mut line = Line {
        writer: request.into_writer(),
        is_chunked,
    };
    // An error is a client that has gone, which is how most streams end.
    let _ = tell(&mut line, response, path, stage);
}

fn tell(line: &mut Line, response: &Response, path: &str, stage: &Stage) -> io::Result<()> {
    line.head(response)?;
    line.send("retry: 300\n\n")?;
    let (mut seen, mut told) = (0, String::new());
    loop {
        match stage.next(seen, HEARTBEAT) {
            Next::Scene(shown, number) => {
                seen = number;
                let state = state(&shown, path);
                if state != told {
                    line.send(&format!("event: state\ndata: {state}\n\n"))?;
                    told = state;
                }
            }
            Next::Nothing => line.send(":\n\n")?,
            Next::Closed => return line.end(),
        }
    }
}

/// The way to a client.
///
/// The server cannot close a connection whose client may still send something; only chunks can
/// tell the client that the stream has ended.
struct Line {
    writer: Box<dyn Write + Send>,
    is_chunked: bool,
}

impl Line {
    fn head(&mut self, response: &Response) -> io::Result<()> {
        let mut head = String::from("HTTP/1.1 200 OK\r\nConnection: close\r\n");
        if self.is_chunked {
            head.push_str("Transfer-Encoding: chunked\r\n");
        }
        for (name, value) in &response.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        self.writer.write_all(head.as_bytes())
    }

    fn send(&mut self, text: &str) -> io::Result<()> {
        if self.is_chunked {
            let chunk = format!("{:x}\r\n{text}\r\n", text.len());
            self.writer.write_all(chunk.as_bytes())?;
        } else {
            self.writer.write_all(text.as_bytes())?;
        }
        self.writer.flush()
    }

    fn end(&mut self) -> io::Result<()> {
        if self.is_chunked {
            self.writer.write_all(b"0\r\n\r\n")?;
        }
        self.writer.flush()
    }
}
