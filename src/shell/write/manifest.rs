//! The list of the files in an output folder that are ours.
//!
//! Invariants: no I/O; a list that is read back names only places inside the output folder, so
//! that a damaged one cannot make the tool touch anything else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use crate::model::digest::Digest;
use crate::model::tree::OutPath;

/// The folder inside the output folder where the tool keeps its own files.
pub const STATE_FOLDER: &str = ".yugang";

const VERSION: u64 = 1;

/// How a file of ours was when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The digest of its content.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// Its time of change in nanoseconds since 1970.
    pub mtime: i64,
}

/// The files that are ours, by path.
pub type Manifest = BTreeMap<OutPath, Stamp>;

/// Why a stored list cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is not what this program writes.
    Damaged,
    /// A newer program wrote it.
    Newer,
}

#[derive(Deserialize)]
struct Stored {
    version: u64,
    files: BTreeMap<String, (String, u64, i64)>,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u64,
}

/// The list as JSON: `{"version": 1, "files": {path: [digest, size, mtime]}}`.
pub(super) fn to_json(manifest: &Manifest) -> Vec<u8> {
    // A map of strings to strings and numbers always serialises.
    serde_json::to_vec(&Storing {
        version: VERSION,
        files: Rows(manifest),
    })
    .unwrap_or_default()
}

#[derive(Serialize)]
struct Storing<'a> {
    version: u64,
    files: Rows<'a>,
}

/// A list as `{path: [digest, size, mtime]}`.
struct Rows<'a>(&'a Manifest);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(path, stamp)| {
            let row = (stamp.digest.to_string(), stamp.size, stamp.mtime);
            (path.as_str(), row)
        }))
    }
}

/// Reads what [`to_json`] wrote.
pub(super) fn from_json(json: &[u8]) -> Result<Manifest, Flaw> {
    let stored: Stored = match serde_json::from_slice(json) {
        Ok(Stored { version, .. }) if version > VERSION => return Err(Flaw::Newer),
        Ok(stored) => stored,
        // A newer list may have another shape.
        Err(_) => match serde_json::from_slice::<VersionOnly>(json) {
            Ok(VersionOnly { version }) if version > VERSION => return Err(Flaw::Newer),
            _ => return Err(Flaw::Damaged),
        },
    };
    stored
        .files
        .into_iter()
        .map(|(path, (digest, size, mtime))| {
            let digest = Digest::from_hex(&digest).filter(|_| is_inside(&path));
            let stamp = Stamp {
                digest: digest.ok_or(Flaw::Damaged)?,
                size,
                mtime,
            };
            Ok((OutPath::new(path), stamp))
        })
        .collect()
}

/// Whether `path` is a place inside the output folder that a site may use.
pub(super) fn is_inside(path: &str) -> bool {
    let unusable = |segment: &str| {
        matches!(segment, "" | "." | "..")
            || segment.contains('\0')
            || cfg!(windows) && segment.contains(['\\', ':'])
    };
    let first = path.split('/').next().unwrap_or_default();
    !path.split('/').any(unusable) && !first.eq_ignore_ascii_case(STATE_FOLDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        let stamp = Stamp {
            digest: Digest::of(b"x"),
            size: 1,
            mtime: -5,
        };
        BTreeMap::from([(OutPath::new("报告/index.html"), stamp)])
    }

    #[test]
    fn a_list_survives_the_round_trip() {
        assert_eq!(from_json(&to_json(&sample())), Ok(sample()));
    }

    #[test]
    fn a_list_that_names_other_places_is_damaged() {
        for path in [
            "../a",
            "/etc/x",
            "a//b",
            "a/./b",
            ".yugang/lock",
            ".YUGANG/x",
            "",
        ] {
            let stamp = sample().into_values().next().unwrap();
            let json = to_json(&BTreeMap::from([(OutPath::new(path), stamp)]));
            assert_eq!(from_json(&json), Err(Flaw::Damaged), "{path}");
        }
    }

    #[test]
    fn truncated_foreign_and_newer_lists_are_told_apart() {
        let json = to_json(&sample());
        for end in 0..json.len() {
            assert_eq!(from_json(&json[..end]), Err(Flaw::Damaged));
        }
        assert_eq!(from_json(b"{\"version\":1}"), Err(Flaw::Damaged));
        assert_eq!(from_json(b"{\"version\":2,\"x\":[]}"), Err(Flaw::Newer));
    }
}
