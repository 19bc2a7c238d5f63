//! Looks at the places of an output folder that matter to a plan.
//!
//! Input: what is ours and what is wanted. Output: a [`Disk`]. Links are never followed, and only
//! files that may turn out to be as wanted are opened.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, BufReader, ErrorKind};
use std::path::Path;
use std::time::UNIX_EPOCH;

use rayon::prelude::*;
use walkdir::WalkDir;

use super::manifest::{Manifest, STATE_FOLDER};
use super::plan::{Disk, Found, Wanted, folders_of};
use crate::model::digest::Digest;
use crate::model::tree::OutPath;
use crate::shell::read::digest_of;

/// A place that could not be looked at, as shown to people, and why.
pub(super) type Refused = (String, io::Error);

/// What stands where `wanted` files go and where ours are.
///
/// # Errors
///
/// The first place, below `out`, that the system refuses to show.
pub(super) fn survey(
    out: &Path,
    manifest: &Manifest,
    wanted: &BTreeMap<OutPath, Wanted>,
) -> Result<Disk, Refused> {
    if manifest.is_empty() && is_fresh(out).map_err(|error| (out.display().to_string(), error))? {
        return Ok(Disk::new());
    }
    let mut places = folders_of(wanted.keys());
    places.extend(folders_of(manifest.keys()));
    places.extend(wanted.keys().chain(manifest.keys()).map(OutPath::as_str));
    places.sort_unstable();
    places.dedup();
    let survey = Survey {
        out,
        manifest,
        wanted,
    };
    let found: Vec<Option<(String, Found)>> = places
        .into_par_iter()
        .map(|place| match survey.find(place) {
            Ok(found) => Ok(found.map(|found| (place.to_owned(), found))),
            Err(error) => Err((place.to_owned(), error)),
        })
        .collect::<Result<_, Refused>>()?;
    Ok(found.into_iter().flatten().collect())
}

struct Survey<'a> {
    out: &'a Path,
    manifest: &'a Manifest,
    wanted: &'a BTreeMap<OutPath, Wanted>,
}

impl Survey<'_> {
    fn find(&self, place: &str) -> io::Result<Option<Found>> {
        let Some(seen) = look(self.out, place)? else {
            return Ok(None);
        };
        let path = OutPath::new(place);
        let wanted = self.wanted.get(&path);
        Ok(Some(match seen {
            Seen::Other => Found::Other,
            Seen::Folder if wanted.is_some() => list(self.out, place)?,
            Seen::Folder => Found::Folder {
                files: Vec::new(),
                has_others: false,
                folders: Vec::new(),
            },
            Seen::File { size, mtime } => {
                let ours = self.manifest.get(&path);
                let untouched = ours.is_some_and(|ours| (ours.size, ours.mtime) == (size, mtime));
                let may_match = match wanted {
                    Some(wanted) => wanted.size == size,
                    None => ours.is_some_and(|ours| ours.size == size),
                };
                let digest = if may_match && !untouched {
                    Some(digest_at(&self.out.join(place))?)
                } else {
                    None
                };
                Found::File {
                    size,
                    mtime,
                    digest,
                }
            }
        }))
    }
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
