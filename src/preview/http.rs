//! Requests and responses as plain values, without any network.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::SourcePath;
use crate::model::picture::ImageFile;

/// What a client asks for, as it was sent.
#[derive(Debug, Clone, Default)]
pub struct Request<'a> {
    /// The method, such as `GET`.
    pub method: &'a str,
    /// The target, such as `/reports/?page=2`.
    pub target: &'a str,
    /// The headers in the order in which they were sent.
    pub headers: Vec<(&'a str, &'a str)>,
}

impl<'a> Request<'a> {
    /// The values of the header called `name`, in any case.
    pub fn values<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'a str> + 'r {
        let headers = self.headers.iter();
        headers
            .filter(move |(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The value of the header called `name`; `None` unless it was sent exactly once.
    pub fn value(&self, name: &str) -> Option<&'a str> {
        let mut values = self.values(name);
        let value = values.next()?;
        values.next().is_none().then_some(value)
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status, such as 200.
    pub status: u16,
    /// The headers, ASCII, without `Content-Length`.
    pub headers: Vec<(&'static str, String)>,
    /// The value of `Content-Length`; of an answer to `HEAD` or a 304, the length that the body of
    /// the answer to `GET` has.
    pub length: u64,
    /// The body.
    pub body: Body,
}

impl Response {
    /// The value of the header called `name`, written as here.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(header, _)| *header == name)?;
        Some(value)
    }
}

/// The body of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// None.
    Empty,
    /// A stretch of these bytes.
    Bytes {
        /// All of them.
        bytes: Arc<[u8]>,
        /// Those to send.
        range: Range<u64>,
    },
    /// A stretch of an input file.
    File {
        /// The file.
        source: SourcePath,
        /// The size that it must have.
        size: u64,
        /// The bytes to send.
        range: Range<u64>,
    },
    /// An HTML page that is an input file, into which [`inject`](super::inject::inject) puts the
    /// script.
    Html {
        /// The file.
        source: SourcePath,
        /// The size that it must have.
        size: u64,
        /// The element to put in.
        script: String,
    },
    /// What is made of a photo; how long it is turns out when it is made.
    Image(Arc<ImageFile>),
    /// The stream of [`state`](super::events::state)s of the page at this path.
    Events {
        /// The path, decoded.
        path: String,
    },
}

impl Body {
    /// All of these bytes.
    pub fn of(bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        let range = 0..bytes.len() as u64;
        Body::Bytes { bytes, range }
    }

    /// How many bytes it has; 0 for a stream and for an image that is not made yet, whose length
    /// nobody knows.
    pub fn length(&self) -> u64 {
        match self {
            Body::Empty | Body::Events { .. } | Body::Image(_) => 0,
            Body::Bytes { range, .. } | Body::File { range, .. } => range.end - range.start,
            Body::Html { size, script, .. } => size + script.len() as u64,
        }
    }
}
