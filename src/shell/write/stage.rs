//! Writes new content beside the site, before anything of the site changes.
//!
//! Input: the plan. Output: the stamps of its files, and each unit of the plan, file or folder,
//! in the staging folder under its number, ready to be renamed into place. Because everything is
//! staged first, a full disk or a vanished photo leaves the old site wholly intact.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::manifest::Stamp;
use super::plan::{Plan, folders_above};
use super::survey::mtime;
use super::{Sources, problems};
use crate::diag::Diagnostic;
use crate::model::digest::Digest;
use crate::model::tree::{OutFile, OutPath};
use crate::shell::images::HEAD;
use crate::shell::read::real_path;

/// Stages each file that `plan` writes; `staging` exists and is empty.
///
/// # Errors
///
/// Every source that is not as it was read, or the first thing the system refuses.
pub(super) fn stage(
    plan: &Plan,
    sources: &Sources<'_>,
    staging: &Path,
) -> Result<Vec<(OutPath, Stamp)>, Vec<Diagnostic>> {
    let names = staged_names(plan);
    make_folders(&names, staging).map_err(|diagnostic| vec![*diagnostic])?;
    // After a refusal such as a full disk each further file would only fail as well.
    let refused = AtomicBool::new(false);
    let outcomes: Vec<Option<Result<(OutPath, Stamp), Failure>>> = names
        .par_iter()
        .map(|(path, name)| {
            if refused.load(Ordering::Relaxed) {
                return None;
            }
            let outcome = stage_one(path, sources, &staging.join(name));
            if matches!(outcome, Err(Failure::System(_))) {
                refused.store(true, Ordering::Relaxed);
            }
            Some(outcome.map(|stamp| ((*path).clone(), stamp)))
        })
        .collect();
    let mut staged = Vec::with_capacity(names.len());
    let mut failures = Vec::new();
    let mut first_refusal = None;
    for outcome in outcomes.into_iter().flatten() {
        match outcome {
            Ok(file) => staged.push(file),
            Err(Failure::Source(diagnostic)) => failures.push(*diagnostic),
            Err(Failure::System(diagnostic)) => {
                first_refusal.get_or_insert(*diagnostic);
            }
        }
    }
    failures.extend(first_refusal);
    if failures.is_empty() {
        Ok(staged)
    } else {
        Err(failures)
    }
}

enum Failure {
    Source(Box<Diagnostic>),
    System(Box<Diagnostic>),
}

/// Each file to be written, with its name in staging: its unit's number, then its path below it.
fn staged_names(plan: &Plan) -> Vec<(&OutPath, String)> {
    let numbers: HashMap<&str, usize> = plan
        .units
        .iter()
        .enumerate()
        .map(|(number, unit)| (unit.place(), number))
        .collect();
    plan.write
        .iter()
        .filter_map(|path| {
            let whole = path.as_str();
            let (unit, number) = folders_above(whole)
                .chain([whole])
                .find_map(|place| numbers.get(place).map(|number| (place, number)))?;
            Some((path, format!("{number}{}", &whole[unit.len()..])))
        })
        .collect()
}

fn make_folders(names: &[(&OutPath, String)], staging: &Path) -> Result<(), Box<Diagnostic>> {
    // Each staged folder with the one that it will be; both end alike.
    let folders: BTreeMap<&str, &str> = names
        .iter()
        .flat_map(|(path, name)| {
            folders_above(name).map(|folder| {
                let rest = name.len() - folder.len();
                let path = path.as_str();
                (folder, &path[..path.len() - rest])
            })
        })
        .collect();
    let depth = |folder: &str| folder.matches('/').count();
    let deepest = folders.keys().map(|folder| depth(folder)).max();
    for level in 0..=deepest.unwrap_or(0) {
        let of_level: Vec<(&str, &str)> = folders
            .iter()
            .map(|(staged, folder)| (*staged, *folder))
            .filter(|(staged, _)| depth(staged) == level)
            .collect();
        of_level.into_par_iter().try_for_each(|(staged, folder)| {
            fs::create_dir(staging.join(staged))
                .map_err(|error| Box::new(problems::cannot_write(folder, &error)))
        })?;
    }
    Ok(())
}

fn stage_one(path: &OutPath, sources: &Sources<'_>, staged: &Path) -> Result<Stamp, Failure> {
    let system =
        |error: io::Error| Failure::System(Box::new(problems::cannot_write(path.as_str(), &error)));
    let create = || OpenOptions::new().write(true).create_new(true).open(staged);
    let (file, digest, size) = match sources.tree.get(path) {
        Some(OutFile::Copy {
            source,
            size,
            digest,
        }) => {
            let changed = |error: Option<io::Error>| {
                Failure::Source(Box::new(problems::source_changed(source, error.as_ref())))
            };
            let real = real_path(sources.root, source);
            let regular = fs::symlink_metadata(&real).map_err(|error| changed(Some(error)))?;
            if !regular.is_file() || regular.len() != *size {
                return Err(changed(None));
            }
            let mut input = File::open(&real).map_err(|error| changed(Some(error)))?;
            let mut file = create().map_err(system)?;
            let copied = copy(&mut input, &mut file).map_err(|error| match error {
                CopyError::Read(error) => changed(Some(error)),
                CopyError::Write(error) => system(error),
            })?;
            if copied != *digest {
                return Err(changed(None));
            }
            (file, *digest, *size)
        }
        Some(OutFile::Image(image)) => {
            let wanted = sources.wanted.get(path);
            let wanted = wanted.ok_or_else(|| system(io::ErrorKind::NotFound.into()))?;
            let mut input = File::open(sources.store.place(&image.key())).map_err(system)?;
            input.seek(SeekFrom::Start(HEAD)).map_err(system)?;
            let mut file = create().map_err(system)?;
            let copied = copy(&mut input, &mut file).map_err(|error| match error {
                CopyError::Read(error) | CopyError::Write(error) => system(error),
            })?;
            if copied != wanted.digest {
                return Err(system(io::ErrorKind::InvalidData.into()));
            }
            (file, wanted.digest, wanted.size)
        }
        Some(file) => {
            let bytes = file.bytes().unwrap_or_default();
            let mut file = create().map_err(system)?;
            file.write_all(&bytes).map_err(system)?;
            let digest = sources.wanted.get(path).map(|wanted| wanted.digest);
            let digest = digest.unwrap_or_else(|| Digest::of(&bytes));
            (file, digest, bytes.len() as u64)
        }
        None => return Err(system(io::ErrorKind::NotFound.into())),
    };
    let written = file.metadata().map_err(system)?;
    Ok(Stamp {
        digest,
        size,
        mtime: mtime(&written),
    })
}

enum CopyError {
    Read(io::Error),
    Write(io::Error),
}

/// Copies a file piece by piece and returns the digest of what was copied.
fn copy(input: &mut File, output: &mut File) -> Result<Digest, CopyError> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let length = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Read(error)),
        };
        hasher.update(&buffer[..length]);
        output
            .write_all(&buffer[..length])
            .map_err(CopyError::Write)?;
    }
    Ok(Digest::from_bytes(*hasher.finalize().as_bytes()))
}
