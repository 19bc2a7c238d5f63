//! The record of what is published, which lies in the bucket.
//!
//! Invariants: no I/O; what is read back names only places inside the site, so that a damaged record cannot
//! make the tool touch anything else.

use std::collections::{BTreeMap, BTreeSet};

use super::headers::Headers;
use super::plan::DeployPlan;
use super::written;
use crate::model::digest::Digest;
use crate::model::tree::OutPath;

/// A stored file: what it contains and how it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The digest of its content, compressed where its headers say so.
    pub digest: Digest,
    /// The size of its content in bytes.
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
        written::json(self)
    }

    /// Reads what [`Manifest::to_json`] wrote.
    ///
    /// # Errors
    /// What is something else, or newer than this program.
    pub fn from_json(json: &[u8]) -> Result<Manifest, Flaw> {
        written::read(json)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(content: &str, kept: Option<Kept>) -> Row {
        let object = Object {
            digest: Digest::of(content.as_bytes()),
            size: content.len() as u64,
            headers: Headers {
                content_type: Some("text/html; charset=utf-8".to_owned()),
                cache_control: (content.len() > 1).then(|| "no-cache".to_owned()),
                content_encoding: None,
            },
        };
        Row {
            object,
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
        }
    }

    #[test]
    fn a_record_survives_the_round_trip() {
        assert_eq!(Manifest::from_json(&sample().to_json()), Ok(sample()));
    }

    #[test]
    fn records_of_older_programs_are_read() {
        let [content, compressed] = [b"ab", b"a\n"].map(|bytes| Digest::of(bytes));
        let rest = r#""leftovers":{},"removed":{},"history":[],"withdrawn":[],"has_traces":false,"expires":{}"#;
        for (version, line) in [
            (1, format!(r#"["{content}",2,0,"abc",""]"#)),
            // What a storage has of a file that is compressed stood beside the digest of its text.
            (
                2,
                format!(r#"["{compressed}",9,0,"abc","",["{content}",2]]"#),
            ),
        ] {
            let json = format!(
                r#"{{"version":{version},"site":"s","release":1,"published":7,"headers":[{{"content_type":"text/css"}}],
                "objects":{{"a":{line}}},{rest}}}"#
            );
            let manifest = Manifest::from_json(json.as_bytes()).unwrap();
            let object = &manifest.objects[&OutPath::new("a")].object;
            assert_eq!(object.headers.content_type.as_deref(), Some("text/css"));
            assert_eq!((object.digest, object.size), (content, 2));
        }
    }

    #[test]
    fn truncated_foreign_and_newer_records_are_told_apart() {
        let json = sample().to_json();
        for end in 0..json.len() {
            assert_eq!(Manifest::from_json(&json[..end]), Err(Flaw::Damaged));
        }
        assert_eq!(
            Manifest::from_json(b"{\"version\":4,\"x\":[]}"),
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
