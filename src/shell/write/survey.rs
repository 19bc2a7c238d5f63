//! Looks at the places of an output folder that matter to a plan.
//!
//! Input: what is ours and what is wanted. Output: a [`Disk`]. Links are never followed, and only
//! files that may turn out to be as wanted are opened.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io::{self, BufReader, ErrorKind};
use std::path::Path;
use std::time::UNIX_EPOCH;

use rayon::prelude::*;
use walkdir::WalkDir;

use super::manifest::{Manifest, STATE_FOLDER};
use super::plan::{Disk, Found, Wanted, folders_above};
use crate::model::digest::Digest;
use crate::model::tree::OutPath;
use crate::shell::read::digest_of;

/// A place that could not be looked at, and why.
pub(super) type Refused = (String, io::Error);

/// What stands where `wanted` files go and where ours are.
pub(super) fn survey(
    out: &Path,
    manifest: &Manifest,
    wanted: &BTreeMap<OutPath, Wanted>,
) -> Result<Disk, Refused> {
    let refused = |path: &str| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    if manifest.is_empty() && is_fresh(out).map_err(refused(""))? {
        return Ok(Disk::new());
    }
    let mut places: BTreeSet<&str> = BTreeSet::new();
    for path in wanted.keys().chain(manifest.keys()) {
        places.extend(folders_above(path.as_str()));
        places.insert(path.as_str());
    }
    let places: Vec<&str> = places.into_iter().collect();
    let found: Vec<Option<(String, Found)>> = places
        .into_par_iter()
        .map(|place| {
            let path = OutPath::new(place);
            let stamp = manifest.get(&path).map(|ours| (ours.size, ours.mtime));
            let here = match look(out, place).map_err(refused(place))? {
                None => return Ok(None),
                Some(Seen::Folder) if wanted.contains_key(&path) => {
                    list(out, place).map_err(refused(place))?
                }
                Some(Seen::Folder) => Found::Folder {
                    files: Vec::new(),
                    has_others: false,
                    folders: Vec::new(),
                },
                Some(Seen::File { size, mtime }) => {
                    let wanted = wanted.get(&path).filter(|wanted| wanted.size == size);
                    let unknown = wanted.is_some() && stamp != Some((size, mtime));
                    let digest = if unknown {
                        Some(digest_at(&out.join(place)).map_err(refused(place))?)
                    } else {
                        None
                    };
                    Found::File {
                        size,
                        mtime,
                        digest,
                    }
                }
                Some(Seen::Other) => Found::Other,
            };
            Ok(Some((place.to_owned(), here)))
        })
        .collect::<Result<_, Refused>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// What a look without opening tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen {
    File { size: u64, mtime: i64 },
    Folder,
    Other,
}

/// What stands at `place`; `None` where nothing does.
pub(super) fn look(out: &Path, place: &str) -> io::Result<Option<Seen>> {
    match fs::symlink_metadata(out.join(place)) {
        Ok(found) if found.is_file() => Ok(Some(Seen::File {
            size: found.len(),
            mtime: mtime(&found),
        })),
        Ok(found) if found.is_dir() => Ok(Some(Seen::Folder)),
        Ok(_) => Ok(Some(Seen::Other)),
        // A file where a folder is expected: whatever is above is looked at by itself.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The digest of the file at `path`.
pub(super) fn digest_at(path: &Path) -> io::Result<Digest> {
    let mut reader = BufReader::with_capacity(64 * 1024, File::open(path)?);
    digest_of(&mut reader).map(|(_, digest)| digest)
}

/// A file's time of change in nanoseconds since 1970; 0 where the system keeps none.
pub(super) fn mtime(metadata: &Metadata) -> i64 {
    let Ok(modified) = metadata.modified() else {
        return 0;
    };
    match modified.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

/// Whether nothing but our own state is in `out`.
fn is_fresh(out: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(out)? {
        if entry?.file_name() != STATE_FOLDER {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Everything below the folder at `place`.
fn list(out: &Path, place: &str) -> io::Result<Found> {
    let mut files = Vec::new();
    let mut folders = Vec::new();
    let mut has_others = false;
    for entry in WalkDir::new(out.join(place)).follow_root_links(false) {
        let entry = entry.map_err(io::Error::from)?;
        let below = entry.path().strip_prefix(out).unwrap_or(entry.path());
        let segments: Option<Vec<&str>> = below.iter().map(|segment| segment.to_str()).collect();
        match segments.map(|segments| segments.join("/")) {
            Some(path) if entry.file_type().is_dir() => folders.push(path),
            Some(path) if entry.file_type().is_file() => files.push(OutPath::new(path)),
            _ => has_others = true,
        }
    }
    Ok(Found::Folder {
        files,
        has_others,
        folders,
    })
}
