//! The record of what is published, which lies in the bucket.
//!
//! Invariants: no I/O; what is read back names only places inside the site, so that a damaged record cannot
//! make the tool touch anything else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::changes::Change;
use super::headers::Headers;
use super::plan::DeployPlan;
use crate::model::digest::Digest;
use crate::model::tree::OutPath;

/// The form of the record; a program reads none that is newer than its own.
const VERSION: u64 = 1;

/// A stored file: what it contains and how it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The digest of its content.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// Its headers.
    pub headers: Headers,
}

/// An object of ours and what the storage said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub object: Object,
    /// What the storage calls this content (`ETag`), where it does.
    pub etag: Option<String>,
    /// In which kept file its content lies, for going back.
    pub kept: Option<Kept>,
}

/// Where a content lies for going back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// In the pack of this name.
    Pack(String),
    /// In a copy of its own, under its digest.
    Copy,
}

/// What was published at one time, beside what has been since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its number.
    pub number: u64,
    /// When it was published, in seconds since 1970 (UTC).
    pub published: i64,
    /// What turns the release after it into this one: what was at each place that differs.
    pub undo: BTreeMap<OutPath, Option<Row>>,
}

/// The record of what is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Which place it is of, as people know it: the record of one site must not be taken for that of another.
    pub site: String,
    /// The number of the latest release; 0 before the first.
    pub release: u64,
    /// When it was published, in seconds since 1970 (UTC).
    pub published: i64,
    /// The site.
    pub objects: BTreeMap<OutPath, Row>,
    /// Files that bear their digest and that no page names any more, with the time since when; open pages
    /// may still ask for them.
    pub leftovers: BTreeMap<OutPath, (Row, i64)>,
    /// What this release removes once the record is written, with what it was.
    pub removed: BTreeMap<OutPath, Row>,
    /// Earlier releases, the latest last.
    pub history: Vec<Release>,
    /// Paths that were withdrawn and must not come back, each with all that is below it.
    pub withdrawn: BTreeSet<String>,
    /// Whether the site still has pieces of what was withdrawn, in lists and in the search index: of these the
    /// next release keeps nothing.
    pub has_traces: bool,
    /// When what lies below a path expires, in seconds since 1970 (UTC).
    pub expires: BTreeMap<String, i64>,
    /// The number of the latest change that steps after publishing are told of.
    pub changed: i64,
    /// Changes of which not every step was told when the record was written, the latest last.
    pub untold: Vec<Change>,
}

/// Why a record cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is not what this program writes.
    Damaged,
    /// A newer program wrote it.
    Newer,
}

impl Manifest {
    /// The record as JSON.
    pub fn to_json(&self) -> Vec<u8> {
        // Maps of strings to strings and numbers always serialise.
        serde_json::to_vec(&Stored::of(self)).unwrap_or_default()
    }

    /// Reads what [`Manifest::to_json`] wrote.
    ///
    /// # Errors
    /// What is something else, or newer than this program.
    pub fn from_json(json: &[u8]) -> Result<Manifest, Flaw> {
        let newer = || {
            let told = serde_json::from_slice::<VersionOnly>(json);
            told.is_ok_and(|told| told.version > VERSION)
        };
        let stored = serde_json::from_slice::<Stored>(json).ok();
        match stored {
            Some(stored) if stored.version == VERSION => stored.read().ok_or(Flaw::Damaged),
            _ if newer() => Err(Flaw::Newer),
            _ => Err(Flaw::Damaged),
        }
    }

    /// Every row: of the site, of what stays a while, of earlier releases.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        let leftovers = self.leftovers.values().map(|(row, _)| row);
        let undo = self
            .history
            .iter()
            .flat_map(|release| release.undo.values());
        let kept = self.objects.values().chain(leftovers).chain(undo.flatten());
        kept.chain(self.removed.values())
    }

    /// When what lies below a path expires: as `new` says, and as was known of what the site has no more.
    pub fn with_expiries(
        &self,
        new: &BTreeMap<String, i64>,
        plan: &DeployPlan,
    ) -> BTreeMap<String, i64> {
        let mut expires = new.clone();
        let is_there = |folder: &str| {
            let sent = plan.uploads.iter().map(|upload| &upload.path);
            let mut all = sent.chain(plan.unchanged.keys());
            all.any(|path| lies_below(path.as_str(), folder))
        };
        for (path, at) in &self.expires {
            // What stays without that date does not expire any more.
            if !expires.contains_key(path) && !is_there(path) {
                expires.insert(path.clone(), *at);
            }
        }
        expires
    }

    /// The path that was withdrawn and that `path` is or lies below.
    pub fn withdrawal_of(&self, path: &str) -> Option<&str> {
        let is_below = |withdrawn: &&String| lies_below(path, withdrawn);
        self.withdrawn.iter().find(is_below).map(String::as_str)
    }
}

/// Whether `path` is `folder` or lies below it.
pub fn lies_below(path: &str, folder: &str) -> bool {
    let below = path.strip_prefix(folder.trim_end_matches('/'));
    below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

/// Whether `path` is a place inside a site, and none of the tool's own.
pub(super) fn is_inside(path: &str) -> bool {
    let unusable = |segment: &str| matches!(segment, "" | "." | "..") || segment.contains('\0');
    !path.split('/').any(unusable) && path.split('/').next() != Some(".yugang")
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u64,
}

/// Digest, size, number of the headers, ETag, where it is kept.
type StoredRow = (String, u64, usize, String, String);

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u64,
    site: String,
    release: u64,
    published: i64,
    /// Few combinations of headers serve many files.
    headers: Vec<Headers>,
    objects: BTreeMap<String, StoredRow>,
    leftovers: BTreeMap<String, (StoredRow, i64)>,
    removed: BTreeMap<String, StoredRow>,
    history: Vec<StoredRelease>,
    withdrawn: BTreeSet<String>,
    has_traces: bool,
    expires: BTreeMap<String, i64>,
    #[serde(default)]
    changed: i64,
    /// Number and places.
    #[serde(default)]
    untold: Vec<(i64, Vec<String>)>,
}

#[derive(Serialize, Deserialize)]
struct StoredRelease {
    number: u64,
    published: i64,
    undo: BTreeMap<String, Option<StoredRow>>,
}

/// How a content that is not kept, and one that is in a copy of its own, are written.
const NOT_KEPT: &str = "";
const COPY: &str = "=";

impl Stored {
    fn of(manifest: &Manifest) -> Self {
        let all: BTreeSet<&Headers> = manifest.rows().map(|row| &row.object.headers).collect();
        let headers: Vec<Headers> = all.into_iter().cloned().collect();
        let row = |row: &Row| {
            let kept = match &row.kept {
                None => NOT_KEPT.to_owned(),
                Some(Kept::Copy) => COPY.to_owned(),
                Some(Kept::Pack(name)) => name.clone(),
            };
            let Object {
                digest,
                size,
                headers: own,
            } = &row.object;
            // All headers are in the list, which is in order.
            let number = headers.binary_search(own).unwrap_or_default();
            (
                digest.to_string(),
                *size,
                number,
                row.etag.clone().unwrap_or_default(),
                kept,
            )
        };
        let name = |path: &OutPath| path.as_str().to_owned();
        let release = |release: &Release| {
            let undo = release.undo.iter();
            StoredRelease {
                number: release.number,
                published: release.published,
                undo: undo
                    .map(|(path, before)| (name(path), before.as_ref().map(row)))
                    .collect(),
            }
        };
        let leftovers = manifest.leftovers.iter();
        let leftovers = leftovers.map(|(path, (left, since))| (name(path), (row(left), *since)));
        Stored {
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
            changed: manifest.changed,
            untold: manifest.untold.iter().map(Change::stored).collect(),
            headers,
        }
    }

    fn read(self) -> Option<Manifest> {
        let headers = &self.headers;
        let row = |(digest, size, number, etag, kept): StoredRow| {
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
        };
        let path = |path: String| is_inside(&path).then(|| OutPath::new(path));
        let release = |release: StoredRelease| {
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
        let untold = self.untold.into_iter().map(Change::read);
        Some(Manifest {
            untold: untold.collect::<Option<_>>()?,
            changed: self.changed,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(content: &str, kept: Option<Kept>) -> Row {
        Row {
            object: Object {
                digest: Digest::of(content.as_bytes()),
                size: content.len() as u64,
                headers: Headers {
                    content_type: Some("text/html; charset=utf-8".to_owned()),
                    cache_control: (content.len() > 1).then(|| "no-cache".to_owned()),
                },
            },
            etag: kept.is_none().then(|| "abc".to_owned()),
            kept,
        }
    }

    fn sample() -> Manifest {
        let path = OutPath::new("报告/index.html");
        let undo = [
            (path.clone(), Some(row("a", Some(Kept::Copy)))),
            (OutPath::new("b"), None),
        ];
        Manifest {
            release: 2,
            published: 1_800_000_000,
            objects: [(path, row("ab", Some(Kept::Pack("2-0".to_owned()))))].into(),
            leftovers: [(OutPath::new("assets/x.css"), (row("c", None), 5))].into(),
            removed: [(OutPath::new("gone"), row("d", None))].into(),
            site: "s3://site/".to_owned(),
            history: vec![Release {
                number: 1,
                published: 7,
                undo: undo.into(),
            }],
            withdrawn: ["reports/x".to_owned()].into(),
            has_traces: true,
            expires: [("notices/y".to_owned(), 9)].into(),
            changed: 11,
            untold: vec![Change {
                number: 11,
                places: [OutPath::new("b")].into(),
            }],
        }
    }

    #[test]
    fn a_record_survives_the_round_trip() {
        assert_eq!(Manifest::from_json(&sample().to_json()), Ok(sample()));
    }

    #[test]
    fn truncated_foreign_and_newer_records_are_told_apart() {
        let json = sample().to_json();
        for end in 0..json.len() {
            assert_eq!(Manifest::from_json(&json[..end]), Err(Flaw::Damaged));
        }
        assert_eq!(
            Manifest::from_json(b"{\"version\":2,\"x\":[]}"),
            Err(Flaw::Newer)
        );
        for place in ["../a", "/etc/x", "a//b", "", ".yugang/lock"] {
            let mut manifest = sample();
            manifest.removed.insert(OutPath::new(place), row("d", None));
            assert_eq!(
                Manifest::from_json(&manifest.to_json()),
                Err(Flaw::Damaged),
                "{place}"
            );
        }
    }

    #[test]
    fn a_withdrawal_is_of_a_path_and_all_below_it() {
        let manifest = sample();
        assert_eq!(
            manifest.withdrawal_of("reports/x/index.html"),
            Some("reports/x")
        );
        assert_eq!(manifest.withdrawal_of("reports/xy/index.html"), None);
    }
}
