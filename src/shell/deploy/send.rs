//! Sends objects, many at a time.

use std::cell::Cell;
use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};

use super::bucket::{Bucket, Condition, Outcome, Written};
use super::contents::{Content, Source};
use super::problems;
use crate::deploy::manifest::{Object, Row};
use crate::deploy::{Reason, Upload};
use crate::model::tree::OutPath;

/// How many objects are under way at a time.
pub(super) const AT_A_TIME: usize = 16;

/// Sends `uploads`, of which none needs another to be there, and returns what the storage said of each. `sent` is
/// called with the size of each one that has arrived.
///
/// # Errors
/// The first refusal; what is under way then is finished.
pub(super) async fn send(
    site: &Bucket,
    source: &Source<'_>,
    uploads: &[Upload],
    sent: &(dyn Fn(u64) + Sync),
) -> Outcome<BTreeMap<OutPath, Row>> {
    let has_failed = Cell::new(false);
    let tasks = stream::iter(uploads).map(|upload| {
        let has_failed = &has_failed;
        async move {
            // What is under way is finished, and nothing more is begun.
            if has_failed.get() {
                return Ok(None);
            }
            let row = send_one(site, source, upload).await;
            has_failed.set(has_failed.get() || row.is_err());
            let row = row?;
            sent(upload.object.size);
            Ok(Some((upload.path.clone(), row)))
        }
    });
    let outcomes: Vec<Outcome<_>> = tasks.buffer_unordered(AT_A_TIME).collect().await;
    let rows: Vec<_> = outcomes.into_iter().collect::<Outcome<_>>()?;
    Ok(rows.into_iter().flatten().collect())
}

async fn send_one(site: &Bucket, source: &Source<'_>, upload: &Upload) -> Outcome<Row> {
    let (key, object) = (upload.path.as_str(), &upload.object);
    let written = match source.content(&upload.path).await? {
        Content::Whole(bytes) => {
            let condition = match upload.reason {
                Reason::New => Condition::IfAbsent,
                Reason::Content | Reason::Headers => Condition::Always,
            };
            let must_look = condition == Condition::IfAbsent && !site.can_refuse();
            if must_look && site.look(key).await?.is_some() {
                Written::Refused
            } else {
                site.write(key, bytes, &object.headers, &condition).await?
            }
        }
        Content::Large(mut pieces) => {
            let is_new = upload.reason == Reason::New;
            if is_new && site.look(key).await?.is_some() {
                Written::Refused
            } else {
                site.write_pieces(key, &object.headers, &mut pieces).await?
            }
        }
    };
    let etag = match written {
        Written::Whole(etag) => etag,
        Written::Refused => again(site, source, upload).await?,
    };
    Ok(Row {
        object: object.clone(),
        etag,
        kept: None,
    })
}

/// Writes an object where there should have been nothing and is something. An answer may have been lost, and
/// the request made again: then what is there is what was sent, and is made sure of.
async fn again(site: &Bucket, source: &Source<'_>, upload: &Upload) -> Outcome<Option<String>> {
    let (key, object) = (upload.path.as_str(), &upload.object);
    if site.digest(key, object.size).await? != Some(object.digest) {
        return Err(problems::foreign(site.shown(), key));
    }
    let Content::Whole(bytes) = source.content(&upload.path).await? else {
        return Ok(None);
    };
    match site
        .write(key, bytes, &object.headers, &Condition::Always)
        .await?
    {
        Written::Whole(etag) => Ok(etag),
        Written::Refused => Ok(None),
    }
}

/// How what is at a place compares with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Nothing is there, or another content.
    Other,
    /// The same content, with other headers.
    Content,
    /// The same.
    Whole,
}

/// Compares what is at `key` with an object.
pub(super) async fn compare(site: &Bucket, key: &str, object: &Object) -> Outcome<Likeness> {
    let Some((found, headers)) = site.look(key).await? else {
        return Ok(Likeness::Other);
    };
    let keeps = site.keeps();
    let has_headers = (!keeps.content_type || headers.content_type == object.headers.content_type)
        && (!keeps.cache_control || headers.cache_control == object.headers.cache_control)
        && (!keeps.content_encoding || headers.content_encoding == object.headers.content_encoding);
    let is_same =
        found.size == object.size && site.digest(key, found.size).await? == Some(object.digest);
    Ok(match is_same {
        true if has_headers => Likeness::Whole,
        true => Likeness::Content,
        false => Likeness::Other,
    })
}
