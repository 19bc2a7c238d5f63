//! Decides what to do to an output folder.
//!
//! Input: what is ours, what is on disk, what is wanted. Output: a [`Plan`], or everything that is
//! in the way.
//!
//! Invariants: no I/O; a path that is neither in the manifest nor equal to what is wanted there is
//! never written or removed; after the plan the wanted files stand beside the foreign ones.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::manifest::{Manifest, Stamp};
use crate::model::digest::Digest;
use crate::model::names::folded;
use crate::model::tree::OutPath;

/// What a finished file contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The digest of the content.
    pub digest: Digest,
    /// The size in bytes.
    pub size: u64,
}

/// What stands at a place of the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A regular file.
    File {
        /// Its size in bytes.
        size: u64,
        /// Its time of change in nanoseconds since 1970.
        mtime: i64,
        /// The digest of its content, where it has been worth looking.
        digest: Option<Digest>,
    },
    /// A folder. Its contents are listed only where a file is wanted in its place.
    Folder {
        /// Every regular file below it.
        files: Vec<OutPath>,
        /// Whether there is anything else below it than files and folders.
        has_others: bool,
        /// The folder itself and every folder below it.
        folders: Vec<String>,
    },
    /// A symbolic link, a device or another thing that is neither file nor folder.
    Other,
}

/// What stands at each wanted and each known path and at each folder above one; a path that is
/// not listed is free.
pub type Disk = HashMap<String, Found>;

/// One step of putting new files in place: one rename.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// A single file.
    File(OutPath),
    /// A folder that does not exist yet, with all that it contains.
    Folder(String),
}

impl Unit {
    /// Where it goes, below the output folder.
    pub fn place(&self) -> &str {
        match self {
            Unit::File(path) => path.as_str(),
            Unit::Folder(folder) => folder,
        }
    }
}

/// What to do, in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files to be staged.
    pub write: Vec<OutPath>,
    /// Our files to be removed before anything is put in place, because they are in the way.
    pub clear_files: BTreeSet<OutPath>,
    /// Folders to be removed after that, the deepest first.
    pub clear_folders: Vec<String>,
    /// Renames from staging, assets before the pages that use them.
    pub units: Vec<Unit>,
    /// Our files that are wanted no more.
    pub remove: Vec<OutPath>,
    /// Files in the place of ours that are wanted no more, which somebody has changed since: they
    /// stay, and are not ours any longer.
    pub let_go: Vec<OutPath>,
    /// Files that are already as wanted, with their stamps.
    pub keep: Vec<(OutPath, Stamp)>,
}

impl Plan {
    /// Whether no file is to be written or removed.
    pub fn is_idle(&self) -> bool {
        self.write.is_empty() && self.clear_files.is_empty() && self.remove.is_empty()
    }
}

/// The plan that turns what is on `disk` into what is `wanted`.
///
/// `wanted` has no path that is also a folder of another.
///
/// # Errors
///
/// Every path at which something stands that is not ours.
pub fn plan(
    manifest: &Manifest,
    disk: &Disk,
    wanted: &BTreeMap<OutPath, Wanted>,
) -> Result<Plan, BTreeSet<String>> {
    let mut planning = Planning {
        manifest,
        disk,
        twins: stale_by_folded_name(manifest, wanted),
        plan: Plan::default(),
        blocked: BTreeSet::new(),
    };
    for folder in folders_of(wanted.keys()) {
        planning.want_folder(folder);
    }
    for (path, content) in wanted {
        planning.want_file(path, *content);
    }
    planning.retire(wanted);
    if planning.blocked.is_empty() {
        Ok(planning.finish())
    } else {
        Err(planning.blocked)
    }
}

/// Every folder above one of the `paths`, which are in order: each once, for there may be ten times as
/// many paths as folders.
pub(super) fn folders_of<'a>(paths: impl Iterator<Item = &'a OutPath>) -> Vec<&'a str> {
    let mut folders = Vec::new();
    let mut last = "";
    for path in paths {
        let is_new = |folder: &&str| {
            let below = last.strip_prefix(*folder);
            !below.is_some_and(|below| below.starts_with('/'))
        };
        folders.extend(folders_above(path.as_str()).filter(is_new));
        last = path.as_str();
    }
    folders.sort_unstable();
    folders.dedup();
    folders
}

/// The folders above `path`, the topmost first.
pub(super) fn folders_above(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

struct Planning<'a> {
    manifest: &'a Manifest,
    disk: &'a Disk,
    /// Our files that are wanted no more, by folded name: where case does not count, one may be
    /// the very file that is found under a new name.
    twins: HashMap<String, Stamp>,
    plan: Plan,
    blocked: BTreeSet<String>,
}

impl Planning<'_> {
    fn want_folder(&mut self, folder: &str) {
        match self.disk.get(folder) {
            None | Some(Found::Folder { .. }) => {}
            Some(Found::File { .. }) => {
                let path = OutPath::new(folder);
                if self.is_untouched(&path) {
                    self.plan.clear_files.insert(path);
                } else {
                    self.blocked.insert(folder.to_owned());
                }
            }
            Some(Found::Other) => {
                self.blocked.insert(folder.to_owned());
            }
        }
    }

    fn want_file(&mut self, path: &OutPath, content: Wanted) {
        let ours = self.manifest.get(path);
        match self.disk.get(path.as_str()) {
            None => self.plan.write.push(path.clone()),
            Some(Found::File {
                size,
                mtime,
                digest,
            }) => {
                let here = (*size, *mtime);
                let untouched = ours.filter(|ours| (ours.size, ours.mtime) == here);
                let there = untouched.map_or(*digest, |ours| Some(ours.digest));
                let as_wanted = there == Some(content.digest);
                let twin = self.twin(path);
                if as_wanted && twin.is_none() {
                    let stamp = Stamp {
                        digest: content.digest,
                        size: *size,
                        mtime: *mtime,
                    };
                    self.plan.keep.push((path.clone(), stamp));
                } else if as_wanted
                    || ours.is_some()
                    || twin.is_some_and(|twin| (twin.size, twin.mtime) == here)
                {
                    self.plan.write.push(path.clone());
                } else {
                    self.blocked.insert(path.as_str().to_owned());
                }
            }
            Some(Found::Folder {
                files,
                has_others,
                folders,
            }) => {
                let foreign = files.iter().find(|file| !self.is_untouched(file));
                if let Some(foreign) = foreign {
                    self.blocked.insert(foreign.as_str().to_owned());
                } else if *has_others {
                    self.blocked.insert(path.as_str().to_owned());
                } else {
                    self.plan.clear_files.extend(files.iter().cloned());
                    self.plan.clear_folders.extend(folders.iter().cloned());
                    self.plan.write.push(path.clone());
                }
            }
            Some(Found::Other) => {
                self.blocked.insert(path.as_str().to_owned());
            }
        }
    }

    fn twin(&self, path: &OutPath) -> Option<&Stamp> {
        if self.twins.is_empty() {
            return None;
        }
        self.twins.get(&folded(path.as_str()))
    }

    /// Removes what is ours and wanted no more; forgets what has gone or hides behind a link.
    fn retire(&mut self, wanted: &BTreeMap<OutPath, Wanted>) {
        let stale: Vec<&OutPath> = self
            .manifest
            .keys()
            .filter(|path| !wanted.contains_key(path))
            .filter(|path| matches!(self.disk.get(path.as_str()), Some(Found::File { .. })))
            .filter(|path| {
                folders_above(path.as_str())
                    .all(|folder| matches!(self.disk.get(folder), Some(Found::Folder { .. })))
            })
            .collect();
        if stale.is_empty() {
            return;
        }
        // Where case does not count, removing the old name last would remove the new file.
        let names: HashSet<String> = wanted.keys().map(|path| folded(path.as_str())).collect();
        for path in stale {
            if self.plan.clear_files.contains(path) {
                continue;
            }
            if !self.is_untouched(path) {
                self.plan.let_go.push(path.clone());
            } else if names.contains(&folded(path.as_str())) {
                self.plan.clear_files.insert(path.clone());
            } else {
                self.plan.remove.push(path.clone());
            }
        }
    }

    /// Whether the file at a path of ours is still the one that we wrote.
    fn is_untouched(&self, path: &OutPath) -> bool {
        let (
            Some(ours),
            Some(Found::File {
                size,
                mtime,
                digest,
            }),
        ) = (self.manifest.get(path), self.disk.get(path.as_str()))
        else {
            return false;
        };
        (ours.size, ours.mtime) == (*size, *mtime) || *digest == Some(ours.digest)
    }

    fn finish(mut self) -> Plan {
        self.plan
            .clear_folders
            .sort_by_key(|folder| Reverse(folder.len()));
        self.plan.units = units(&self.plan, self.disk);
        self.plan
    }
}

fn stale_by_folded_name(
    manifest: &Manifest,
    wanted: &BTreeMap<OutPath, Wanted>,
) -> HashMap<String, Stamp> {
    manifest
        .iter()
        .filter(|(path, _)| !wanted.contains_key(path))
        .map(|(path, stamp)| (folded(path.as_str()), *stamp))
        .collect()
}

/// The renames that put every written file in place, assets before pages, home pages last.
///
/// A folder that is new goes in one rename: it is faster, and its page comes together with its
/// photos.
fn units(plan: &Plan, disk: &Disk) -> Vec<Unit> {
    let is_new = |folder: &str| !matches!(disk.get(folder), Some(Found::Folder { .. }));
    let mut folders: BTreeMap<&str, Contents> = BTreeMap::new();
    let mut units = Vec::new();
    for path in &plan.write {
        let page = is_page(path);
        if let Some(folder) = folders_above(path.as_str()).find(|folder| is_new(folder)) {
            let contents = folders.entry(folder).or_default();
            contents.pages |= page;
            contents.assets |= !page;
        } else {
            let rank = if page { 3 } else { 0 };
            units.push((rank, depth(path.as_str()), Unit::File(path.clone())));
        }
    }
    for (folder, contents) in folders {
        let rank = match contents {
            Contents { pages: false, .. } => 0,
            Contents { assets: true, .. } => 1,
            Contents { assets: false, .. } => 2,
        };
        units.push((rank, depth(folder), Unit::Folder(folder.to_owned())));
    }
    units.sort_by_key(|(rank, depth, _)| (*rank, Reverse(*depth)));
    units.into_iter().map(|(_, _, unit)| unit).collect()
}

#[derive(Default)]
struct Contents {
    pages: bool,
    assets: bool,
}

fn depth(path: &str) -> usize {
    path.matches('/').count()
}

fn is_page(path: &OutPath) -> bool {
    path.as_str().ends_with(".html")
}

#[cfg(test)]
mod tests;
