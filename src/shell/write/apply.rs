//! Puts staged files in place and removes what is wanted no more.
//!
//! Every step is one rename or one removal, so that each file of the site is at every instant
//! wholly old or wholly new.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::plan::{Plan, folders_above};
use super::problems;
use crate::diag::Diagnostic;
use crate::model::tree::OutPath;

/// Carries out `plan`, of which each unit lies in `staging` under its number.
///
/// # Errors
///
/// The first thing the system refuses; what has been done until then stays, and the next run
/// finishes the work.
pub(super) fn apply(plan: &Plan, staging: &Path, out: &Path) -> Result<(), Box<Diagnostic>> {
    let refused = |path: &str, error: io::Error| Box::new(problems::cannot_write(path, &error));
    for path in &plan.clear_files {
        remove_file(&out.join(path.as_str())).map_err(|error| refused(path.as_str(), error))?;
    }
    for folder in &plan.clear_folders {
        fs::remove_dir(out.join(folder)).map_err(|error| refused(folder, error))?;
    }
    for (number, unit) in plan.units.iter().enumerate() {
        let place = unit.place();
        fs::rename(staging.join(number.to_string()), out.join(place))
            .map_err(|error| refused(place, error))?;
    }
    for path in &plan.remove {
        remove_file(&out.join(path.as_str())).map_err(|error| refused(path.as_str(), error))?;
    }
    prune(out, plan.remove.iter().chain(&plan.clear_files));
    Ok(())
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// Removes the folders above `gone` that are empty now, never `out` itself.
pub(super) fn prune<'a>(out: &Path, gone: impl Iterator<Item = &'a OutPath>) {
    let folders: BTreeSet<&str> = gone.flat_map(|path| folders_above(path.as_str())).collect();
    let mut folders: Vec<&str> = folders.into_iter().collect();
    folders.sort_by_key(|folder| Reverse(folder.matches('/').count()));
    for folder in folders {
        if !behind_link(out, folder) {
            // Refused where a file or folder is left inside, and that is what decides.
            fs::remove_dir(out.join(folder)).ok();
        }
    }
}

fn behind_link(out: &Path, folder: &str) -> bool {
    folders_above(folder)
        .any(|above| fs::symlink_metadata(out.join(above)).is_ok_and(|found| found.is_symlink()))
}
