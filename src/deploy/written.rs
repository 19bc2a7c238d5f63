//! The record of what is published as JSON.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::headers::Headers;
use super::manifest::{Flaw, Kept, Manifest, Object, Release, Row, is_inside};
use crate::model::digest::Digest;
use crate::model::tree::OutPath;

/// The form of the record; a program reads none that is newer than its own.
const VERSION: u64 = 3;

/// A record as JSON.
pub(super) fn json(manifest: &Manifest) -> Vec<u8> {
    // Maps of strings to strings and numbers always serialise.
    serde_json::to_vec(&Written::of(manifest)).unwrap_or_default()
}

/// Reads what [`json`] wrote.
///
/// # Errors
/// What is something else, or newer than this program.
pub(super) fn read(json: &[u8]) -> Result<Manifest, Flaw> {
    let newer = || {
        let told = serde_json::from_slice::<VersionOnly>(json);
        told.is_ok_and(|told| told.version > VERSION)
    };
    let written = serde_json::from_slice::<Written>(json).ok();
    match written {
        Some(written) if (1..=VERSION).contains(&written.version) => {
            written.read().ok_or(Flaw::Damaged)
        }
        _ if newer() => Err(Flaw::Newer),
        _ => Err(Flaw::Damaged),
    }
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u64,
}

/// Digest, size, number of the headers, ETag, where it is kept; in records of an older form also digest and size of
/// what the storage has, where that is compressed.
#[derive(Serialize, Deserialize)]
struct Line(
    String,
    u64,
    usize,
    String,
    String,
    #[serde(default, skip_serializing_if = "Option::is_none")] Option<(String, u64)>,
);

#[derive(Serialize, Deserialize)]
struct Written {
    version: u64,
    site: String,
    release: u64,
    published: i64,
    /// Few combinations of headers serve many files.
    headers: Vec<Headers>,
    objects: BTreeMap<String, Line>,
    leftovers: BTreeMap<String, (Line, i64)>,
    removed: BTreeMap<String, Line>,
    history: Vec<WrittenRelease>,
    withdrawn: BTreeSet<String>,
    has_traces: bool,
    expires: BTreeMap<String, i64>,
}

#[derive(Serialize, Deserialize)]
struct WrittenRelease {
    number: u64,
    published: i64,
    undo: BTreeMap<String, Option<Line>>,
}

/// How a content that is not kept, and one that is in a copy of its own, are written.
const NOT_KEPT: &str = "";
const COPY: &str = "=";

impl Line {
    /// A row, with the number of its headers among all `headers`, which are in order.
    fn of(row: &Row, headers: &[Headers]) -> Self {
        let Object {
            digest,
            size,
            headers: own,
        } = &row.object;
        let kept = match &row.kept {
            None => NOT_KEPT.to_owned(),
            Some(Kept::Copy) => COPY.to_owned(),
            Some(Kept::Pack(name)) => name.clone(),
        };
        Line(
            digest.to_string(),
            *size,
            headers.binary_search(own).unwrap_or_default(),
            row.etag.clone().unwrap_or_default(),
            kept,
            None,
        )
    }

    /// The row; `None` for what [`Line::of`] does not make.
    fn read(self, headers: &[Headers]) -> Option<Row> {
        let Line(digest, size, number, etag, kept, compressed) = self;
        let (digest, size) = compressed.unwrap_or((digest, size));
        Some(Row {
            object: Object {
                digest: Digest::from_hex(&digest)?,
                size,
                headers: headers.get(number)?.clone(),
            },
            etag: Some(etag).filter(|etag| !etag.is_empty()),
            kept: match kept.as_str() {
                NOT_KEPT => None,
                COPY => Some(Kept::Copy),
                _ if kept.contains(['/', '.']) => return None,
                _ => Some(Kept::Pack(kept)),
            },
        })
    }
}

impl Written {
    fn of(manifest: &Manifest) -> Self {
        let all: BTreeSet<&Headers> = manifest.rows().map(|row| &row.object.headers).collect();
        let headers: Vec<Headers> = all.into_iter().cloned().collect();
        let row = |row: &Row| Line::of(row, &headers);
        let name = |path: &OutPath| path.as_str().to_owned();
        let release = |release: &Release| {
            let undo = release.undo.iter();
            WrittenRelease {
                number: release.number,
                published: release.published,
                undo: undo
                    .map(|(path, before)| (name(path), before.as_ref().map(row)))
                    .collect(),
            }
        };
        let leftovers = manifest.leftovers.iter();
        let leftovers = leftovers.map(|(path, (left, since))| (name(path), (row(left), *since)));
        Written {
            version: VERSION,
            release: manifest.release,
            published: manifest.published,
            objects: manifest
                .objects
                .iter()
                .map(|(path, object)| (name(path), row(object)))
                .collect(),
            leftovers: leftovers.collect(),
            removed: manifest
                .removed
                .iter()
                .map(|(path, gone)| (name(path), row(gone)))
                .collect(),
            site: manifest.site.clone(),
            history: manifest.history.iter().map(release).collect(),
            withdrawn: manifest.withdrawn.clone(),
            has_traces: manifest.has_traces,
            expires: manifest.expires.clone(),
            headers,
        }
    }

    fn read(self) -> Option<Manifest> {
        let headers = &self.headers;
        let row = |line: Line| line.read(headers);
        let path = |path: String| is_inside(&path).then(|| OutPath::new(path));
        let release = |release: WrittenRelease| {
            let undo = release.undo.into_iter().map(|(place, before)| {
                let before = match before {
                    Some(before) => Some(row(before)?),
                    None => None,
                };
                Some((path(place)?, before))
            });
            Some(Release {
                number: release.number,
                published: release.published,
                undo: undo.collect::<Option<_>>()?,
            })
        };
        let objects = self
            .objects
            .into_iter()
            .map(|(place, object)| Some((path(place)?, row(object)?)));
        let leftovers = self.leftovers.into_iter();
        let leftovers =
            leftovers.map(|(place, (left, since))| Some((path(place)?, (row(left)?, since))));
        let removed = self.removed.into_iter();
        let removed = removed.map(|(place, gone)| Some((path(place)?, row(gone)?)));
        Some(Manifest {
            release: self.release,
            published: self.published,
            objects: objects.collect::<Option<_>>()?,
            leftovers: leftovers.collect::<Option<_>>()?,
            removed: removed.collect::<Option<_>>()?,
            site: self.site,
            history: self
                .history
                .into_iter()
                .map(release)
                .collect::<Option<_>>()?,
            withdrawn: self.withdrawn,
            has_traces: self.has_traces,
            expires: self.expires,
        })
    }
}
