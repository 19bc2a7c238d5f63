//! Reads a site folder into a snapshot.
//!
//! Input: the root folder. Output: a [`Snapshot`] of `site.yaml`, `content/`, `templates/`,
//! `static/` and `themes/`, with every diagnostic about files that could not be taken.
//!
//! Invariants: the result does not depend on the order in which the system lists or the threads
//! read; one bad file hides no other; symbolic links are never followed; sources are never
//! written.
//!
//! Names: a [`SourcePath`] is NFC whatever the disk says, so that a reference typed on one
//! machine finds a file named on another. [`real_path`] leads back to the file; it can because two
//! names of one folder that differ only in form are an error.

mod changes;
mod file;
mod folder;
mod listing;
mod looks;
mod media;
mod names;
mod plan;
mod problems;
mod stamp;

use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use crate::diag::{Checked, SourcePath};
use crate::model::snapshot::Snapshot;

pub use self::changes::Changes;
pub use self::folder::Folder;
pub(super) use self::media::digest_of;
pub(super) use self::names::{concerns, is_top};
pub use self::problems::root_problem;
pub(super) use self::stamp::{COARSEST_CLOCK, Stamp};

/// Largest file whose content a build looks into, in bytes; theme assets such as fonts may be
/// larger.
pub const LARGEST_TEXT: u64 = 2 * 1024 * 1024;

/// Reads the site at `root`, once; whoever reads it again and again keeps a [`Folder`].
///
/// Returns every file, those that could not be read as [`InputFile::Unreadable`]. The diagnostics,
/// all errors, name those that could not be and say what to do; a missing `site.yaml` or root is
/// among them.
///
/// [`InputFile::Unreadable`]: crate::model::snapshot::InputFile::Unreadable
pub fn read(root: &Path) -> Checked<Snapshot> {
    let mut folder = Folder::read_once(root);
    folder.refresh(&Changes::everything());
    let diagnostics = folder.diagnostics();
    Checked {
        value: folder.into_snapshot(),
        diagnostics,
    }
}

/// The path on disk of the input file `source` of the site at `root`.
///
/// They differ where the disk keeps a name in another Unicode form than NFC; a file that does not
/// exist has the path that it would have.
pub fn real_path(root: &Path, source: &SourcePath) -> PathBuf {
    let direct = root.join(source.as_str());
    if source.as_str().is_ascii() || std::fs::symlink_metadata(&direct).is_ok() {
        return direct;
    }
    let mut path = root.to_owned();
    for segment in source.as_str().split('/') {
        let next = path.join(segment);
        path = if std::fs::symlink_metadata(&next).is_ok() {
            next
        } else {
            same_name_in(&path, segment).unwrap_or(next)
        };
    }
    path
}

fn same_name_in(folder: &Path, name: &str) -> Option<PathBuf> {
    std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .find(|entry| {
            let found = entry.file_name();
            found
                .to_str()
                .is_some_and(|found| found.nfc().eq(name.chars()))
        })
        .map(|entry| entry.path())
}
