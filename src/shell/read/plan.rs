//! Which folders are listed anew, and how closely their files are looked at.
//!
//! Input: [`Changes`] and the folders known. Output: each folder that was listed or went away,
//! with what was known of it.
//!
//! Folders are listed level by level, those of one level in parallel: a folder is then listed
//! once, after the one it lies in, and no depth of folders is a depth of calls.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use super::changes::Changes;
use super::file::{Known, Look, Place};
use super::folder::Branch;
use super::listing::{self, Listing};
use crate::diag::{Diagnostic, SourcePath};

type Branches = BTreeMap<SourcePath, Branch>;

/// A folder to be listed.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) place: Place,
    /// What of its content may have changed.
    named: BTreeSet<SourcePath>,
    /// Whether all that is below it may have.
    is_deep: bool,
}

/// A folder that was listed, or is there no more.
pub(super) struct Replaced {
    pub(super) old: Option<Branch>,
    pub(super) new: Option<(Listing, Visit)>,
}

/// A file to be looked at.
pub(super) struct Task {
    /// The index of its folder among those replaced.
    pub(super) folder: usize,
    pub(super) place: Place,
    pub(super) old: Option<Known>,
    pub(super) look: Look,
}

/// The folders to be listed, by how deep they lie.
#[derive(Default)]
pub(super) struct Plan {
    levels: BTreeMap<usize, BTreeMap<SourcePath, Visit>>,
}

impl Plan {
    /// What `changes` make necessary where `branches` are known of `root`.
    pub(super) fn of(changes: &Changes, root: &Path, branches: &Branches) -> Self {
        let mut plan = Plan::default();
        let top = Place {
            path: SourcePath::new(""),
            real: root.to_owned(),
        };
        if changes.is_everything() || branches.is_empty() {
            plan.add(top, None, true);
            return plan;
        }
        let bases = Bases::of(changes, root);
        for path in changes.paths() {
            match bases.below_root(path) {
                Some(below) => plan.add_path(&below, &top, branches),
                None => plan.add(top.clone(), None, true),
            }
        }
        plan
    }

    /// Adds the innermost known folder above `below`, and in it what leads there.
    fn add_path(&mut self, below: &Path, top: &Place, branches: &Branches) {
        let path = listing::site_path(below);
        let mut place = top.clone();
        for (name, segment) in below.iter().zip(path.as_str().split('/')) {
            let child = SourcePath::new(listing::join(place.path.as_str(), segment));
            // Under another form of its name it is another folder.
            let is_same = |known: &&Branch| known.real.file_name() == Some(name);
            let known = branches.get(&child).filter(|_| child != path);
            let known = known.filter(is_same);
            let Some(known) = known else {
                return self.add(place, Some(child), false);
            };
            place = Place {
                path: child,
                real: known.real.clone(),
            };
        }
    }

    fn add(&mut self, place: Place, named: Option<SourcePath>, is_deep: bool) {
        let path = place.path.as_str();
        let depth = if path.is_empty() {
            0
        } else {
            1 + path.matches('/').count()
        };
        let level = self.levels.entry(depth).or_default();
        let visit = level.entry(place.path.clone()).or_insert_with(|| Visit {
            place,
            named: BTreeSet::new(),
            is_deep: false,
        });
        visit.named.extend(named);
        visit.is_deep |= is_deep;
    }

    /// Lists the folders; those listed are taken out of `branches`.
    pub(super) fn carry_out(mut self, branches: &mut Branches) -> Vec<Replaced> {
        let mut replaced = Vec::new();
        while let Some((_, level)) = self.levels.pop_first() {
            let visits = level.into_values();
            // A folder that went away with the one it lay in is not asked for.
            let visits =
                visits.filter(|visit| visit.is_deep || branches.contains_key(&visit.place.path));
            let visits: Vec<Visit> = visits.collect();
            let listed: Vec<(Visit, Option<Listing>)> = visits
                .into_par_iter()
                .map(|visit| {
                    let listing = listing::list(&visit.place);
                    (visit, listing)
                })
                .collect();
            for (visit, listing) in listed {
                let old = branches.remove(&visit.place.path);
                let folders = listing.as_ref().map_or(&[][..], |new| &new.folders);
                let before = old.as_ref().map_or(&[][..], |old| &old.listing.folders);
                replaced.extend(self.descend(&visit, before, folders, branches));
                let new = listing.map(|listing| (listing, visit));
                replaced.push(Replaced { old, new });
            }
        }
        replaced
    }

    /// Drops the folders that are no longer in the one visited and plans those to be listed.
    fn descend(
        &mut self,
        visit: &Visit,
        before: &[Place],
        now: &[Place],
        branches: &mut Branches,
    ) -> Vec<Replaced> {
        let is_there: BTreeSet<(&SourcePath, &PathBuf)> = now.iter().map(key).collect();
        let mut gone = Vec::new();
        for folder in before {
            if !is_there.contains(&key(folder)) {
                gone.extend(forget(&folder.path, branches));
            }
        }
        for folder in now {
            let is_known = branches.contains_key(&folder.path);
            if visit.is_deep || !is_known || visit.named.contains(&folder.path) {
                self.add(folder.clone(), None, true);
            }
        }
        gone
    }
}

fn key(place: &Place) -> (&SourcePath, &PathBuf) {
    (&place.path, &place.real)
}

/// Takes the folder at `path` and all below it out of `branches`.
fn forget(path: &SourcePath, branches: &mut Branches) -> Vec<Replaced> {
    let prefix = format!("{path}/");
    let below = branches.range(SourcePath::new(&prefix)..);
    let below = below.take_while(|(path, _)| path.as_str().starts_with(&prefix));
    let mut gone: Vec<SourcePath> = below.map(|(path, _)| path.clone()).collect();
    gone.push(path.clone());
    let taken = gone.iter().map(|path| Replaced {
        old: branches.remove(path),
        new: None,
    });
    taken.collect()
}

/// The names under which changes may speak of the root.
struct Bases {
    names: Vec<PathBuf>,
}

impl Bases {
    fn of(changes: &Changes, root: &Path) -> Self {
        let mut names = vec![root.to_owned()];
        if changes.paths().any(Path::is_absolute) {
            names.extend(std::path::absolute(root));
            names.extend(std::fs::canonicalize(root));
        }
        Bases { names }
    }

    /// `path` below the root; `None` when it is the root, or it cannot be told.
    fn below_root(&self, path: &Path) -> Option<PathBuf> {
        let below = if path.is_absolute() {
            self.names
                .iter()
                .find_map(|name| path.strip_prefix(name).ok())?
        } else {
            path
        };
        let mut clean = PathBuf::new();
        for component in below.components() {
            match component {
                Component::Normal(name) => clean.push(name),
                Component::CurDir => {}
                _ => return None,
            }
        }
        (!clean.as_os_str().is_empty()).then_some(clean)
    }
}

impl Visit {
    /// How closely each of `files`, which are what it holds now, is looked at.
    pub(super) fn tasks(&self, files: Vec<Place>, old: Vec<Known>, folder: usize) -> Vec<Task> {
        let mut old: Vec<Option<Known>> = old.into_iter().map(Some).collect();
        let mut from = 0;
        let task = |place: Place| {
            let path = &place.path;
            let is_before = |known: &Option<Known>| {
                let known = known.as_ref();
                known.is_none_or(|known| known.place.path < *path)
            };
            from += old[from..]
                .iter()
                .take_while(|known| is_before(known))
                .count();
            let old = old
                .get_mut(from)
                .and_then(|known| known.take_if(|known| known.place == place));
            let look = if self.named.contains(path) {
                Look::Read
            } else if self.is_deep {
                Look::Check
            } else {
                Look::Trust
            };
            Task {
                folder,
                place,
                old,
                look,
            }
        };
        files.into_iter().map(task).collect()
    }
}

impl Replaced {
    /// What was said of the folder and of the files in it.
    pub(super) fn old_diagnostics(&self) -> Vec<Diagnostic> {
        let old = self.old.as_ref();
        old.map_or_else(Vec::new, |old| old.diagnostics().cloned().collect())
    }
}
