//! What is known of a site's folder on disk, kept up to date.
//!
//! Input: [`Changes`]. Output: the [`Snapshot`] and the diagnostics that a reading of the whole
//! folder would give now, at the cost of what changed and of the folders around it.
//!
//! Invariants: the first refresh and every later one are the same code, which differs only in how
//! much it may trust; a file that did not change keeps its `Arc`; what a folder contributes to the
//! snapshot depends on that folder alone, so that folders can be replaced one by one.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;

use super::changes::Changes;
use super::file::{Known, Place, Reading, is_identical};
use super::listing::Listing;
use super::plan::{Plan, Replaced};
use super::problems;
use crate::diag::{Code, Diagnostic, SourcePath, Span};
use crate::model::snapshot::{InputFile, Snapshot};

/// A site's folder as it was when it was last looked at.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// Whether files keep what tells that they did not change.
    with_stamps: bool,
    /// What is wrong with the root itself.
    root_problem: Option<Diagnostic>,
    /// Every folder that belongs to the site, the root under the empty path.
    pub(super) branches: BTreeMap<SourcePath, Branch>,
    snapshot: Snapshot,
    /// What is wrong, but depends on more than one folder.
    elsewhere: Vec<Diagnostic>,
}

/// One folder, and the files in it.
#[derive(Debug)]
pub(super) struct Branch {
    /// Its path as the system knows it.
    pub(super) real: PathBuf,
    /// What was listed; its files have moved to `files`.
    pub(super) listing: Listing,
    /// In path order.
    pub(super) files: Vec<Known>,
}

impl Folder {
    /// The folder of the site at `root`, of which nothing is known yet.
    pub fn new(root: &Path) -> Self {
        Folder {
            root: root.to_owned(),
            with_stamps: true,
            root_problem: None,
            branches: BTreeMap::new(),
            snapshot: Snapshot::default(),
            elsewhere: Vec::new(),
        }
    }

    /// The same for a folder that is read once and never refreshed.
    pub(super) fn read_once(root: &Path) -> Self {
        Folder {
            with_stamps: false,
            ..Folder::new(root)
        }
    }

    /// Looks again at what may have changed; returns whether anything that a build sees did.
    ///
    /// The first time everything is read, whatever `changes` says.
    pub fn refresh(&mut self, changes: &Changes) -> bool {
        let problem = problems::root_problem(&self.root);
        if problem.is_some() {
            let is_new = problem != self.root_problem || !self.branches.is_empty();
            self.root_problem = problem;
            self.branches.clear();
            self.snapshot = Snapshot::default();
            return is_new;
        }
        let had_problem = self.root_problem.take().is_some();
        let reading = Reading {
            // The clock is asked before the first file is.
            began: SystemTime::now(),
            with_stamps: self.with_stamps,
        };
        let replaced = Plan::of(changes, &self.root, &self.branches).carry_out(&mut self.branches);
        let is_changed = self.read_files(replaced, reading);
        let elsewhere = self.look_elsewhere();
        let is_same = elsewhere == self.elsewhere;
        self.elsewhere = elsewhere;
        had_problem || is_changed || !is_same
    }

    /// The site's input files.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The site's input files, for whoever needs nothing else.
    pub fn into_snapshot(self) -> Snapshot {
        self.snapshot
    }

    /// Everything that is wrong, all of it errors.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        if let Some(problem) = &self.root_problem {
            return vec![problem.clone()];
        }
        let found = self.branches.values().flat_map(Branch::diagnostics);
        found.chain(&self.elsewhere).cloned().collect()
    }

    /// What is wrong with links, which depends on where they lead, and with a site without its
    /// one file.
    fn look_elsewhere(&self) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = self
            .links()
            .map(|link| {
                problems::link_problem(&self.root, &link.real, &link.path)
                    .at(Span::file(link.path.clone()))
            })
            .collect();
        let site_file = SourcePath::new("site.yaml");
        let top = self.branches.get(&SourcePath::new(""));
        let is_site_file = |diagnostic: &Diagnostic| {
            let span = diagnostic.span.as_ref();
            span.is_some_and(|span| span.file == site_file)
        };
        let is_explained = top.is_some_and(|top| top.diagnostics().any(is_site_file));
        if !self.snapshot.files.contains_key(&site_file) && !is_explained {
            found.push(problems::missing_site_file(&self.root));
        }
        found
    }

    fn links(&self) -> impl Iterator<Item = &Place> {
        self.branches
            .values()
            .flat_map(|branch| &branch.listing.links)
    }

    /// Reads what the replaced folders hold now and takes it up; returns whether anything differs.
    fn read_files(&mut self, replaced: Vec<Replaced>, reading: Reading) -> bool {
        let before: Vec<Vec<Diagnostic>> = replaced.iter().map(Replaced::old_diagnostics).collect();
        let mut gone = Vec::new();
        let mut tasks = Vec::new();
        let mut now = Vec::new();
        for (index, folder) in replaced.into_iter().enumerate() {
            if let Some(old) = &folder.old {
                gone.extend(old.contribution().map(|(path, _)| path));
            }
            let old = folder.old.map_or_else(Vec::new, |old| old.files);
            if let Some((mut listing, visit)) = folder.new {
                let files = std::mem::take(&mut listing.files);
                tasks.extend(visit.tasks(files, old, index));
                now.push((index, visit.place, listing));
            }
        }
        let read: Vec<(usize, Option<Known>)> = tasks
            .into_par_iter()
            .map(|task| (task.folder, reading.look(task.place, task.old, task.look)))
            .collect();
        let mut after: Vec<Vec<Diagnostic>> = vec![Vec::new(); before.len()];
        let mut fresh = Vec::new();
        let mut read = read.into_iter().peekable();
        for (index, Place { path, real }, listing) in now {
            let mut files = Vec::new();
            while let Some((_, known)) = read.next_if(|(folder, _)| *folder == index) {
                files.extend(known);
            }
            let branch = Branch {
                real,
                listing,
                files,
            };
            after[index].extend(branch.diagnostics().cloned());
            fresh.push(path.clone());
            self.branches.insert(path, branch);
        }
        let is_changed = self.update_snapshot(gone, &fresh);
        is_changed || before != after
    }

    /// Brings the snapshot in line with the folders `fresh`; `gone` are the files there were.
    fn update_snapshot(&mut self, gone: Vec<SourcePath>, fresh: &[SourcePath]) -> bool {
        let branches = &self.branches;
        let here = fresh.iter().filter_map(|path| branches.get(path));
        let here = here.flat_map(Branch::contribution);
        let files = &mut self.snapshot.files;
        if files.is_empty() {
            *files = here.collect();
            return !files.is_empty();
        }
        let here: Vec<(SourcePath, InputFile)> = here.collect();
        let stays: HashSet<&SourcePath> = here.iter().map(|(path, _)| path).collect();
        let mut is_changed = false;
        for path in gone {
            if stays.contains(&path) {
                continue;
            }
            let folder = branches.get(&SourcePath::new(path.folder()));
            let others = folder.into_iter().chain(branches.get(&path));
            if !others.flat_map(Branch::refused).any(|other| *other == path) {
                is_changed |= files.remove(&path).is_some();
            }
        }
        for (path, file) in here {
            let old = files.get(&path);
            if !old.is_some_and(|old| is_identical(old, &file)) {
                files.insert(path, file);
                is_changed = true;
            }
        }
        is_changed
    }
}

impl Branch {
    /// What is wrong with the folder and with what is in it, except links.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        let of_files = self
            .files
            .iter()
            .filter_map(|known| known.problem.as_deref());
        let of_folder = self.listing.fault.iter().chain(&self.listing.findings);
        of_folder.chain(of_files)
    }

    /// What is there but could not be taken, other than the files it lists.
    fn refused(&self) -> impl Iterator<Item = &SourcePath> {
        let faults = self.listing.fault.iter().chain(&self.listing.findings);
        let faults = faults.filter(|found| found.code == Code::Unreadable);
        let faults = faults.filter_map(|found| Some(&found.span.as_ref()?.file));
        faults.chain(self.listing.links.iter().map(|link| &link.path))
    }

    /// What the folder adds to the snapshot.
    fn contribution(&self) -> impl Iterator<Item = (SourcePath, InputFile)> {
        let is_file = |path: &SourcePath| {
            let found = self
                .files
                .binary_search_by(|file| file.place.path.cmp(path));
            found.is_ok()
        };
        let refused = self.refused().filter(move |path| !is_file(path));
        let refused = refused.map(|path| (path.clone(), InputFile::Unreadable));
        let files = self.files.iter();
        refused.chain(files.map(|known| (known.place.path.clone(), known.file.clone())))
    }
}
