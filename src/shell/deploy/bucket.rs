//! A bucket, or a folder in its place: the one module that names the storage engine.
//!
//! Input: keys and bytes. Output: what the storage says. Each refusal is a diagnostic in words for people.

mod encoded;
mod oss;
mod services;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use md5::{Digest as _, Md5};
use opendal::layers::{RetryLayer, TimeoutLayer};
use opendal::options::WriteOptions;
use opendal::{Buffer, Capability, Error, ErrorKind, Metadata, Operator};
pub(super) use services::install;

use super::problems::{self, Doing};
use super::reasons;
use crate::deploy::headers::{Headers, Keeps};
use crate::diag::Diagnostic;
use crate::model::digest::Digest;
use crate::model::target::{DeployTarget, Service};

/// How often a request that failed for the moment is made again.
const RETRIES: usize = 5;

/// How long a request may take that sends nothing, and one that sends or receives a part: on a slow line, beside
/// as many others as there are at a time, that takes minutes.
const PATIENCE: Duration = Duration::from_secs(60);
const SILENCE: Duration = Duration::from_secs(300);

/// From this size on, a file is sent in parts of which few are in memory.
pub(super) const PART: usize = 8 << 20;

/// What came of a request.
pub(super) type Outcome<T> = Result<T, Vec<Diagnostic>>;

/// When an object is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// Whatever is there.
    Always,
    /// Where nothing is; ignored where the storage cannot tell.
    IfAbsent,
    /// Where the object has this tag; ignored where the storage cannot tell.
    IfTag(String),
}

/// What came of writing an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Written {
    /// It is there; the storage calls its content so.
    Whole(Option<String>),
    /// The condition did not hold, and nothing was changed.
    Refused,
}

/// What is in a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its key.
    pub(super) key: String,
    /// Its size in bytes.
    pub(super) size: u64,
    /// What the storage calls its content.
    pub(super) etag: Option<String>,
}

/// A bucket from some prefix on.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    operator: Operator,
    /// What writes objects that are compressed, where that one cannot.
    compressing: Option<Operator>,
    can: Capability,
    /// The folder that it is, where something may be written.
    folder: Option<PathBuf>,
    /// What people know it by.
    shown: String,
}

/// The place of a target's site, or of its state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The bucket; for a folder nothing.
    pub(super) bucket: &'a str,
    /// The prefix without slashes at its ends, or the folder.
    pub(super) below: &'a str,
    /// Where a folder's files are written before they are put in place; `None` where nothing will be written.
    pub(super) scratch: Option<&'a Path>,
}

impl Bucket {
    /// Opens a place of a target; nothing is asked of the storage yet.
    ///
    /// # Errors
    /// What the target lacks.
    pub(super) fn open(target: &DeployTarget, place: Place<'_>) -> Outcome<Self> {
        install();
        let root = match target.service {
            Service::Fs => place.below.to_owned(),
            _ => format!("/{}", place.below),
        };
        let shown = match target.service {
            Service::Fs => root.clone(),
            service => format!("{}://{}{root}", service.key_and_label().0, place.bucket),
        };
        let operator = services::operator(target, place, &root);
        let operator =
            operator.map_err(|error| problems::refused(&shown, Doing::Open, &told(&error)))?;
        let mut can = operator.info().capability();
        if target.service == Service::Fs {
            // Also of what stands for a folder that is not there.
            can.write_with_if_not_exists = true;
            can.write_with_content_type = false;
            can.write_with_cache_control = false;
        }
        let is_folder = target.service == Service::Fs && place.scratch.is_some();
        let folder = is_folder.then(|| place.below.into());
        if target.conditional_writes == Some(false) {
            can.write_with_if_not_exists = false;
            can.write_with_if_match = false;
        }
        let compressing = matches!(target.service, Service::Cos | Service::Obs);
        let compressing = compressing.then(|| patient(encoded::compressing(&operator)));
        Ok(Bucket {
            operator: patient(operator),
            compressing,
            can,
            folder,
            shown,
        })
    }

    /// What people know it by.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// The folder that it is, where something may be written.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Which headers it keeps.
    pub(super) fn keeps(&self) -> Keeps {
        Keeps {
            content_type: self.can.write_with_content_type,
            cache_control: self.can.write_with_cache_control,
            content_encoding: self.can.write_with_content_encoding || self.compressing.is_some(),
        }
    }

    /// What writes an object with these headers.
    fn writing(&self, headers: &Headers) -> &Operator {
        let compressing = self.compressing.as_ref();
        let compressing = compressing.filter(|_| headers.content_encoding.is_some());
        compressing.unwrap_or(&self.operator)
    }

    /// Whether it writes an object only where nothing is, when asked to.
    pub(super) fn can_refuse(&self) -> bool {
        self.can.write_with_if_not_exists
    }

    /// The object at `key`; `None` where nothing is.
    pub(super) async fn read(&self, key: &str) -> Outcome<Option<Vec<u8>>> {
        match self.operator.read(key).await {
            Ok(buffer) => Ok(Some(buffer.to_vec())),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.refused(Doing::Read(key), &error)),
        }
    }

    /// Writes a file of the tool's own, whatever is there.
    pub(super) async fn keep(&self, key: &str, bytes: Vec<u8>) -> Outcome<()> {
        let (headers, always) = (Headers::default(), Condition::Always);
        self.write(key, bytes, &headers, &always).await.map(drop)
    }

    /// Writes an object, and makes sure that the storage has what was sent as far as it tells.
    pub(super) async fn write(
        &self,
        key: &str,
        bytes: Vec<u8>,
        headers: &Headers,
        condition: &Condition,
    ) -> Outcome<Written> {
        let (sum, digest) = (hex(&Md5::digest(&bytes)), Digest::of(&bytes));
        let options = self.options(headers, condition);
        let operator = self.writing(headers);
        match operator
            .write_options(key, Buffer::from(bytes), options)
            .await
        {
            Ok(stored) => {
                self.verified(key, tag_of(&stored), Some((&sum, &digest)))
                    .await
            }
            Err(error) => self.not_written(key, &error),
        }
    }

    /// Writes an object piece by piece.
    pub(super) async fn write_pieces(
        &self,
        key: &str,
        headers: &Headers,
        pieces: &mut Pieces<'_>,
    ) -> Outcome<Written> {
        let options = WriteOptions {
            chunk: Some(PART),
            ..self.options(headers, &Condition::Always)
        };
        let refused = |error: Error| self.refused(Doing::Write(key), &error);
        let writer = self.operator.writer_options(key, options).await;
        let mut writer = writer.map_err(refused)?;
        loop {
            match pieces.next(key).await {
                Ok(piece) if piece.is_empty() => break,
                Ok(piece) => {
                    if let Err(error) = writer.write(piece).await {
                        writer.abort().await.ok();
                        return Err(refused(error));
                    }
                }
                Err(problem) => {
                    // What has been sent is no object yet, and the old one stays.
                    writer.abort().await.ok();
                    return Err(problem);
                }
            }
        }
        let stored = writer.close().await.map_err(refused)?;
        self.verified(key, tag_of(&stored), None).await
    }

    /// The bytes of an object from `start` on, [`PART`] of them at most; none beyond its end, `size`.
    async fn part(&self, key: &str, start: u64, size: u64) -> Outcome<Vec<u8>> {
        let end = size.min(start + PART as u64);
        if start >= end {
            return Ok(Vec::new());
        }
        let part = self.operator.read_with(key).range(start..end).await;
        let part = part.map_err(|error| self.refused(Doing::Read(key), &error))?;
        Ok(part.to_vec())
    }

    fn options(&self, headers: &Headers, condition: &Condition) -> WriteOptions {
        WriteOptions {
            content_type: headers.content_type.clone(),
            cache_control: headers.cache_control.clone(),
            content_encoding: headers
                .content_encoding
                .clone()
                .filter(|_| self.can.write_with_content_encoding),
            if_not_exists: *condition == Condition::IfAbsent && self.can.write_with_if_not_exists,
            if_match: match condition {
                Condition::IfTag(tag) if self.can.write_with_if_match => Some(format!("\"{tag}\"")),
                _ => None,
            },
            ..WriteOptions::default()
        }
    }

    fn not_written(&self, key: &str, error: &Error) -> Outcome<Written> {
        match error.kind() {
            ErrorKind::ConditionNotMatch | ErrorKind::AlreadyExists => Ok(Written::Refused),
            _ => Err(self.refused(Doing::Write(key), error)),
        }
    }

    async fn verified(
        &self,
        key: &str,
        etag: Option<String>,
        sent: Option<(&str, &Digest)>,
    ) -> Outcome<Written> {
        // An object that was sent whole is called by the MD5 sum of its content, unless the storage encrypts
        // it with a key of its own; then only looking at it tells.
        let is_sum =
            |tag: &&String| tag.len() == 32 && tag.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let (Some(told), Some((sum, digest))) = (etag.as_ref().filter(is_sum), sent)
            && !told.eq_ignore_ascii_case(sum)
            && self
                .read(key)
                .await?
                .is_none_or(|there| Digest::of(&there) != *digest)
        {
            return Err(problems::damaged_on_the_way(&self.shown, key));
        }
        Ok(Written::Whole(etag))
    }

    /// The digest of the object at `key`, of which `size` bytes are read part by part; `None` where nothing is.
    pub(super) async fn digest(&self, key: &str, size: u64) -> Outcome<Option<Digest>> {
        if size <= PART as u64 {
            let content = self.read(key).await?;
            return Ok(content.map(|content| Digest::of(&content)));
        }
        let mut hasher = blake3::Hasher::new();
        let mut done = 0;
        while done < size {
            let part = self.part(key, done, size).await?;
            if part.is_empty() {
                return Ok(None);
            }
            hasher.update(&part);
            done += part.len() as u64;
        }
        Ok(Some(Digest::from_bytes(*hasher.finalize().as_bytes())))
    }

    /// What is at `key`, and its tag and headers as far as the storage tells; `None` where nothing is.
    pub(super) async fn look(&self, key: &str) -> Outcome<Option<(Listed, Headers)>> {
        match self.operator.stat(key).await {
            Ok(found) => {
                let listed = Listed {
                    key: key.to_owned(),
                    size: found.content_length(),
                    etag: tag_of(&found),
                };
                let headers = Headers {
                    content_type: found.content_type().map(str::to_owned),
                    cache_control: found.cache_control().map(str::to_owned),
                    content_encoding: found.content_encoding().map(str::to_owned),
                };
                Ok(Some((listed, headers)))
            }
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.refused(Doing::Read(key), &error)),
        }
    }

    /// Removes objects; those that are not there are no failure.
    pub(super) async fn delete(&self, keys: Vec<String>) -> Outcome<()> {
        let Some(first) = keys.first().cloned() else {
            return Ok(());
        };
        let done = self.operator.delete_iter(keys).await;
        done.map_err(|error| self.refused(Doing::Delete(&first), &error))
    }

    /// Every object below `folder`, which ends in `/` or is empty.
    pub(super) async fn list(&self, folder: &str) -> Outcome<Vec<Listed>> {
        let listed = self.operator.list_with(folder).recursive(true).await;
        let entries = match listed {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => Vec::new(),
            Err(error) => return Err(self.refused(Doing::List, &error)),
        };
        let files = entries
            .into_iter()
            .filter(|entry| entry.metadata().is_file());
        let files = files.map(|entry| Listed {
            key: entry.path().to_owned(),
            size: entry.metadata().content_length(),
            etag: tag_of(entry.metadata()),
        });
        Ok(files.collect())
    }

    fn refused(&self, doing: Doing<'_>, error: &Error) -> Vec<Diagnostic> {
        problems::refused(&self.shown, doing, &told(error))
    }
}

/// What an object that is too large to be held as a whole is made of.
pub(super) enum Pieces<'a> {
    /// A file, from where it is on.
    File(File),
    /// Another object: where it is, how large it is, how much of it has been read.
    Object(&'a Bucket, &'a str, u64, u64),
}

impl Pieces<'_> {
    /// The next piece; empty at the end.
    async fn next(&mut self, key: &str) -> Outcome<Vec<u8>> {
        match self {
            Pieces::File(file) => {
                let mut piece = Vec::with_capacity(PART);
                let read = file.take(PART as u64).read_to_end(&mut piece);
                read.map_err(|error| problems::unreadable(key, &error))?;
                Ok(piece)
            }
            Pieces::Object(bucket, key, size, done) => {
                let piece = bucket.part(key, *done, *size).await?;
                *done += piece.len() as u64;
                Ok(piece)
            }
        }
    }
}

/// Has an operator wait and try again.
fn patient(operator: Operator) -> Operator {
    let retry = RetryLayer::new().with_jitter().with_max_times(RETRIES);
    let retry = retry
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(Duration::from_secs(20));
    let timeout = TimeoutLayer::new()
        .with_timeout(PATIENCE)
        .with_io_timeout(SILENCE);
    operator.layer(timeout).layer(retry)
}

/// What the storage calls a content, without the quotation marks of HTTP.
fn tag_of(stored: &Metadata) -> Option<String> {
    let tag = stored.etag();
    tag.map(|tag| tag.trim_matches('"').to_owned())
}

fn is_missing(error: &Error) -> bool {
    // A bucket that is not there is no empty one.
    error.kind() == ErrorKind::NotFound && !error.to_string().contains("NoSuchBucket")
}

fn told(error: &Error) -> reasons::Told {
    reasons::Told {
        kind: match error.kind() {
            ErrorKind::PermissionDenied => reasons::Kind::Denied,
            ErrorKind::NotFound => reasons::Kind::Missing,
            ErrorKind::RateLimited => reasons::Kind::Busy,
            ErrorKind::ConfigInvalid => reasons::Kind::Config,
            _ => reasons::Kind::Other,
        },
        words: format!("{error:?}"),
    }
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
