//! Writes a finished site into an output folder, incrementally and safely.
//!
//! Input: an [`OutputTree`]. Output: the folder, in which the site's files stand beside foreign
//! ones, and a [`Written`] that counts.
//!
//! A run: lock the folder, make what is to be made of photos, load the list of our files, look at the
//! disk, [`plan()`], stage all new content in `.yugang/tmp`, note what will be ours, rename assets and
//! then pages into place, remove what is stale, declare the note true.
//!
//! Invariants: a file that is not ours is never changed or removed; each file of the site is at
//! every instant wholly old or wholly new, also when the process is killed; until everything is
//! staged nothing of the site changes; nothing is written through a symbolic link.

mod apply;
mod manifest;
mod plan;
mod problems;
mod stage;
mod state;
mod survey;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

pub use self::manifest::{Manifest, STATE_FOLDER, Stamp};
pub use self::plan::{Disk, Found, Plan, Unit, Wanted, plan};
pub(super) use self::problems::source_changed;
use self::state::State;
use crate::diag::Diagnostic;
use crate::model::digest::Digest;
use crate::model::tree::{OutFile, OutPath, OutputTree};
use crate::shell::images::{self, Images, Progress, Store};

/// Most foreign files in the way that are named one by one.
const MOST_NAMED: usize = 20;

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Files written because they are new or have changed.
    pub written: usize,
    /// Files that were already as wanted.
    pub unchanged: usize,
    /// Files removed because the site has them no more.
    pub removed: usize,
    /// Bytes of the written files.
    pub bytes: u64,
    /// Images that had to be made.
    pub images_made: usize,
    /// Files that the site has no more but somebody has changed: they were left alone.
    pub let_go: Vec<OutPath>,
    /// Digest and size of every file of the site.
    pub files: BTreeMap<OutPath, Wanted>,
}

/// What is written, and from where.
struct Sources<'a> {
    root: &'a Path,
    tree: &'a OutputTree,
    wanted: &'a BTreeMap<OutPath, Wanted>,
    /// Where images lie.
    store: &'a Store,
}

/// Makes the folder `out` contain exactly `tree` and what others have put there.
///
/// Files to be copied, and photos, are read below the site's `root`; `progress` is told of the work on
/// photos. Nothing is printed. `None` when a file that the tree only [keeps](OutFile::Kept) is not there
/// any more: then nothing has been done.
///
/// # Errors
///
/// Everything that prevents the site from being written: photos that cannot be published, foreign
/// files in the way, sources that changed since they were read, another run at work, or what the system refuses. Up to the first
/// rename the old site stays untouched; a refusal after that leaves every file whole, and the next
/// run completes the work.
pub fn write_or_keep(
    root: &Path,
    out: &Path,
    tree: &OutputTree,
    progress: &Progress<'_>,
) -> Result<Option<Written>, Vec<Diagnostic>> {
    check_paths(tree)?;
    check_place(root, out).map_err(|diagnostic| vec![*diagnostic])?;
    let state = State::open(out).map_err(|diagnostic| vec![*diagnostic])?;
    let store = Store::beside(out);
    let mut images = Images::default();
    images.make(root, &store, tree, progress)?;
    let (mut wanted, ours) = rayon::join(|| digests(tree, &images), || state.load());
    let ours = ours.map_err(|diagnostic| vec![*diagnostic])?;
    let plan = loop {
        let disk = survey::survey(out, &ours, &wanted)
            .map_err(|(path, error)| vec![problems::cannot_write(&path, &error)])?;
        let plan = plan(&ours, &disk, &wanted).map_err(|blocked| occupied(out, &blocked))?;
        let of_plan = plan.write.iter().filter_map(|path| match tree.get(path) {
            Some(OutFile::Image(image)) => Some(image),
            _ => None,
        });
        let damaged = images.forget_damaged(&store, of_plan);
        if !damaged.map_err(|error| vec![problems::cannot_use_folder(out, &error)])? {
            break plan;
        }
        images.make(root, &store, tree, progress)?;
        wanted = digests(tree, &images);
    };
    let is_kept = |path| matches!(tree.get(path), Some(OutFile::Kept { .. }));
    if plan.write.iter().any(is_kept) {
        return Ok(None);
    }
    let sources = Sources {
        root,
        tree,
        wanted: &wanted,
        store: &store,
    };
    let outcome = carry_out(&plan, &ours, &sources, &state, out);
    let cleared = state.clear_staging();
    let written = outcome?;
    cleared.map_err(|error| vec![problems::cannot_use_folder(out, &error)])?;
    images::clear(&store, tree);
    Ok(Some(Written {
        files: wanted,
        images_made: images.made(),
        ..written
    }))
}

/// Makes the images of a site that will not be written, so that the problems of all its photos are
/// told at once.
///
/// # Errors
///
/// Every photo that cannot be published, or what the system refuses.
pub fn check_photos(
    root: &Path,
    out: &Path,
    tree: &OutputTree,
    progress: &Progress<'_>,
) -> Result<(), Vec<Diagnostic>> {
    let _claim = claim(root, out)?;
    Images::default().make(root, &Store::beside(out), tree, progress)
}

/// The same as [`write_or_keep`] for a tree that keeps nothing, without telling of progress.
///
/// # Errors
///
/// As for [`write_or_keep`].
pub fn write(root: &Path, out: &Path, tree: &OutputTree) -> Result<Written, Vec<Diagnostic>> {
    write_or_keep(root, out, tree, &|_, _| {}).map(|written| written.unwrap_or_default())
}

/// Keeps every other run off the output folder, and so off what is made of photos beside it, for as long as it
/// lives.
pub(super) struct Claim(#[expect(dead_code, reason = "it is there to be dropped")] State);

/// Claims the output folder of a site whose files are not wanted there.
///
/// # Errors
/// An output folder among the sources, or another run at work.
pub(super) fn claim(root: &Path, out: &Path) -> Result<Claim, Vec<Diagnostic>> {
    check_place(root, out).map_err(|diagnostic| vec![*diagnostic])?;
    let state = State::open(out).map_err(|diagnostic| vec![*diagnostic])?;
    Ok(Claim(state))
}

fn carry_out(
    plan: &Plan,
    ours: &Manifest,
    sources: &Sources<'_>,
    state: &State,
    out: &Path,
) -> Result<Written, Vec<Diagnostic>> {
    let refused = |error: io::Error| vec![problems::cannot_use_folder(out, &error)];
    let mut next: Manifest = plan.keep.iter().cloned().collect();
    let mut written = Written {
        unchanged: plan.keep.len(),
        removed: plan.remove.len() + plan.clear_files.len(),
        let_go: plan.let_go.clone(),
        ..Written::default()
    };
    if !plan.write.is_empty() {
        let staging = state.make_staging().map_err(refused)?;
        let staged = stage::stage(plan, sources, &staging)?;
        written.written = staged.len();
        written.bytes = staged.iter().map(|(_, stamp)| stamp.size).sum();
        next.extend(staged);
    }
    if plan.is_idle() && next == *ours {
        return Ok(written);
    }
    state.announce(&next).map_err(refused)?;
    apply::apply(plan, &state.staging(), out).map_err(|diagnostic| vec![*diagnostic])?;
    state.commit().map_err(refused)?;
    Ok(written)
}

/// What each file is; images that have not been made are left out.
pub(super) fn digests(tree: &OutputTree, images: &Images) -> BTreeMap<OutPath, Wanted> {
    let files: Vec<(OutPath, Wanted)> = tree
        .par_iter()
        .map_init(Vec::new, |buffer, (path, file)| {
            let wanted = match file {
                OutFile::Copy { size, digest, .. } | OutFile::Kept { size, digest } => Wanted {
                    digest: *digest,
                    size: *size,
                },
                OutFile::Bytes(bytes) => wanted(bytes),
                OutFile::Page(page) => {
                    page.html.write_into(buffer);
                    wanted(buffer)
                }
                OutFile::Image(image) => {
                    let kept = images.of(image)?;
                    Wanted {
                        digest: kept.digest,
                        size: kept.size,
                    }
                }
            };
            Some((path.clone(), wanted))
        })
        .flatten_iter()
        .collect();
    files.into_iter().collect()
}

fn wanted(bytes: &[u8]) -> Wanted {
    Wanted {
        digest: Digest::of(bytes),
        size: bytes.len() as u64,
    }
}

fn check_paths(tree: &OutputTree) -> Result<(), Vec<Diagnostic>> {
    let folders = plan::folders_of(tree.keys());
    let is_folder_too = |path: &OutPath| folders.binary_search(&path.as_str()).is_ok();
    let unusable: Vec<Diagnostic> = tree
        .par_iter()
        .map(|(path, _)| path)
        .filter(|path| !manifest::is_inside(path.as_str()) || is_folder_too(path))
        .map(|path| problems::unusable(path.as_str()))
        .collect();
    if unusable.is_empty() {
        Ok(())
    } else {
        Err(unusable)
    }
}

/// Refuses to write a site into its own sources.
fn check_place(root: &Path, out: &Path) -> Result<(), Box<Diagnostic>> {
    let (Ok(root), Some(out_place)) = (fs::canonicalize(root), resolved(out)) else {
        return Ok(());
    };
    let source = ["content", "static", "templates", "themes"]
        .iter()
        .any(|folder| out_place.starts_with(root.join(folder)));
    // A folder above the sources would have the site around them, down to `/` itself.
    if source || root.starts_with(&out_place) {
        return Err(Box::new(problems::among_sources(out)));
    }
    Ok(())
}

/// The real path of `out`, the end of which need not exist yet.
pub(super) fn resolved(out: &Path) -> Option<PathBuf> {
    let out = std::path::absolute(out).ok()?;
    let place = out.ancestors().find_map(|above| {
        let rest = out.strip_prefix(above).ok()?;
        Some((fs::canonicalize(above).ok()?, rest))
    });
    let (mut place, rest) = place?;
    // What does not exist yet has no links, so that `..` in it means the folder above.
    for part in rest.components() {
        match part {
            Component::ParentDir => drop(place.pop()),
            part => place.push(part),
        }
    }
    Some(place)
}

fn occupied(out: &Path, blocked: &BTreeSet<String>) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = blocked
        .iter()
        .take(MOST_NAMED)
        .map(|path| problems::occupied(out, path))
        .collect();
    if blocked.len() > MOST_NAMED {
        diagnostics.push(problems::more_occupied(blocked.len() - MOST_NAMED));
    }
    diagnostics
}
