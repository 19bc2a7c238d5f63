//! Answers one request: asks the pure `respond` and sends what it says.

use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

use tiny_http::{Header, Response as Sent, StatusCode};

use super::darkroom::Darkroom;
use super::stage::Stage;
use super::stream::Streams;
use crate::diag::SourcePath;
use crate::preview::Shown;
use crate::preview::http::{Body, Request, Response};
use crate::preview::inject::inject;
use crate::preview::respond::{busy, changed, respond, unmade, vanished};
use crate::shell::read::real_path;

/// Largest body of a request, in bytes.
const LARGEST_REQUEST: usize = 1024 * 1024;

/// How long a request waits for files that are still being made.
const PATIENCE: Duration = Duration::from_secs(30);

/// Answers `request`. What cannot be sent is not: the client has gone.
pub(super) fn answer(
    request: tiny_http::Request,
    stage: &Stage,
    (streams, darkroom): &(Streams, Darkroom),
) {
    if request
        .body_length()
        .is_some_and(|length| length > LARGEST_REQUEST)
    {
        return leave(request);
    }
    let mut shown = stage.current();
    let mut response = respond(&shown, &described(&request));
    // It may be one of the files that are made last.
    if response.status == 404 && shown.is_unfinished() {
        shown = stage.finished(PATIENCE);
        response = respond(&shown, &described(&request));
    }
    if let Body::Image(file) = &response.body {
        response = match darkroom.image(file, &shown) {
            Ok(image) => Response {
                length: image.len() as u64,
                body: Body::of(image),
                ..response
            },
            Err(why) => unmade(&shown, &why),
        };
    }
    if let Body::Events { path } = &response.body {
        match streams.slot() {
            Some(_slot) => super::stream::run(request, &response, path, stage),
            None => send(request, busy(&shown), &shown),
        }
    } else {
        send(request, response, &shown);
    }
}

fn described(request: &tiny_http::Request) -> Request<'_> {
    let headers = request.headers().iter();
    Request {
        method: request.method().as_str(),
        target: request.url(),
        headers: headers
            .map(|header| (header.field.as_str().as_str(), header.value.as_str()))
            .collect(),
    }
}

/// Refuses a request whose body nobody wants to read.
///
/// `tiny_http` reads the rest of a body when it drops the request, into a buffer of the length that
/// the client claims, and ends the process where there is not so much memory. Such a request is
/// therefore never dropped; its connection is lost, and so is a thread.
fn leave(request: tiny_http::Request) {
    let refused = Sent::empty(StatusCode(413));
    std::mem::forget(request.upgrade("none", refused));
}

fn send(request: tiny_http::Request, response: Response, shown: &Shown) {
    let (response, reader) = match open(&response, shown) {
        Ok(reader) => (response, reader),
        Err(error) => {
            let failed = match error.kind() {
                io::ErrorKind::NotFound => vanished(shown),
                _ => changed(shown),
            };
            let reader = open(&failed, shown).unwrap_or_else(|_| Box::new(io::empty()));
            (failed, reader)
        }
    };
    let headers = response.headers.iter();
    let headers = headers
        .map(|(name, value)| (*name, value.as_str()))
        .chain([("Server", "yugang")])
        .filter_map(|(name, value)| Header::from_bytes(name, value).ok())
        .collect();
    let length = usize::try_from(response.length).ok();
    let sent = Sent::new(StatusCode(response.status), headers, reader, length, None);
    // Nothing can be done about a client that has gone.
    let _ = request.respond(sent.with_chunked_threshold(usize::MAX));
}

/// What the body is read from.
fn open(response: &Response, shown: &Shown) -> io::Result<Box<dyn Read + Send>> {
    Ok(match &response.body {
        Body::Empty | Body::Events { .. } | Body::Image(_) => Box::new(io::empty()),
        Body::Bytes { bytes, range } => {
            let mut cursor = Cursor::new(bytes.clone());
            cursor.set_position(range.start);
            Box::new(cursor.take(range.end - range.start))
        }
        Body::File {
            source,
            size,
            range,
        } => {
            let mut file = open_file(source, *size, shown)?;
            file.seek(SeekFrom::Start(range.start))?;
            Box::new(Padded(file).take(range.end - range.start))
        }
        Body::Html {
            source,
            size,
            script,
        } => {
            let mut html = Vec::new();
            let file = open_file(source, *size, shown)?;
            Padded(file).take(*size).read_to_end(&mut html)?;
            Box::new(Cursor::new(inject(&html, script)))
        }
    })
}

/// The file, unless it is not what was read.
fn open_file(source: &SourcePath, size: u64, shown: &Shown) -> io::Result<File> {
    let path = real_path(Path::new(&shown.root), source);
    // Also refuses what must not be opened, such as pipes.
    let found = fs::symlink_metadata(&path)?;
    if !found.is_file() || found.len() != size {
        return Err(io::ErrorKind::InvalidData.into());
    }
    File::open(path)
}

/// A file that never ends: zeros follow what can be read.
///
/// One that is cut while it is being sent would otherwise leave its client waiting for the rest;
/// the next rebuild has the page load it again.
struct Padded(File);

impl Read for Padded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer) {
            Ok(length) if length > 0 => Ok(length),
            _ => {
                buffer.fill(0);
                Ok(buffer.len())
            }
        }
    }
}
