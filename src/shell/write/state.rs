//! What the tool keeps in an output folder: its lock, the list of its files, the journal.
//!
//! `manifest.json` lists the files that are ours. Before the first change of a run, `next.json`
//! lists what will be ours after it; once all is in place it is renamed over `manifest.json`,
//! which ends the run. Whoever finds a `next.json` finds a run that was cut off: a file is then
//! ours if one of the lists names it with the content that it has, or if both name it.
//!
//! Neither is forced onto the disk: a machine that loses power may lose the list, and that is
//! reported; forcing it would make every build wait for the disk to write all pages.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::apply::prune;
use super::manifest::{self, Flaw, Manifest, STATE_FOLDER, Stamp};
use super::problems;
use super::survey::{Seen, digest_at, look};
use crate::diag::Diagnostic;
use crate::model::tree::OutPath;

/// A list that is still being written.
const PART: &str = "part.json";

/// The tool's folder inside an output folder, locked for this run.
pub(super) struct State {
    folder: PathBuf,
    out: PathBuf,
    /// The system releases the lock when the process ends, however it ends.
    lock: Option<File>,
}

impl State {
    /// Makes the output folder and the tool's folder in it where they are missing, locks them and
    /// removes what an earlier run left in staging.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made or another run has the lock.
    pub(super) fn open(out: &Path) -> Result<Self, Box<Diagnostic>> {
        let refused = |error: io::Error| Box::new(problems::cannot_use_folder(out, &error));
        let folder = out.join(STATE_FOLDER);
        fs::create_dir_all(out).map_err(refused)?;
        match fs::create_dir(&folder) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(refused(error)),
            _ => {}
        }
        if !fs::symlink_metadata(&folder).map_err(refused)?.is_dir() {
            return Err(Box::new(problems::occupied_state(out)));
        }
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join("lock"))
            .map_err(refused)?;
        let lock = match lock.try_lock() {
            Ok(()) => Some(lock),
            Err(TryLockError::WouldBlock) => return Err(Box::new(problems::locked(out))),
            // Some network disks know no locks; two builds at once are rarer than those.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => None,
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        };
        let state = State {
            folder,
            out: out.to_owned(),
            lock,
        };
        state.clear_staging().map_err(refused)?;
        fs::remove_file(state.folder.join(PART)).ok();
        Ok(state)
    }

    /// Where new content is staged.
    pub(super) fn staging(&self) -> PathBuf {
        self.folder.join("tmp")
    }

    /// Makes an empty staging folder.
    pub(super) fn make_staging(&self) -> io::Result<PathBuf> {
        let staging = self.staging();
        fs::create_dir(&staging)?;
        Ok(staging)
    }

    /// Removes the staging folder and all in it.
    pub(super) fn clear_staging(&self) -> io::Result<()> {
        let staging = self.staging();
        match fs::symlink_metadata(&staging) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(found) if found.is_dir() => fs::remove_dir_all(staging),
            Ok(_) => fs::remove_file(staging),
        }
    }

    /// The files that are ours, after a run that was cut off as well.
    ///
    /// # Errors
    ///
    /// When a list is damaged or of a newer version: then nobody knows what is ours, and nothing
    /// is touched.
    pub(super) fn load(&self) -> Result<Manifest, Box<Diagnostic>> {
        let ours = self.read_list("manifest.json")?.unwrap_or_default();
        let Some(next) = self.read_list("next.json")? else {
            return Ok(ours);
        };
        let refused = |error: io::Error| Box::new(problems::cannot_use_folder(&self.out, &error));
        let recovered = self.recover(&ours, &next).map_err(refused)?;
        self.replace("manifest.json", &recovered).map_err(refused)?;
        fs::remove_file(self.folder.join("next.json")).map_err(refused)?;
        prune(
            &self.out,
            ours.keys().filter(|path| !recovered.contains_key(path)),
        );
        Ok(recovered)
    }

    /// Notes what will be ours, before the first change.
    pub(super) fn announce(&self, next: &Manifest) -> io::Result<()> {
        self.replace("next.json", next)
    }

    /// Declares the announced list true.
    pub(super) fn commit(&self) -> io::Result<()> {
        fs::rename(
            self.folder.join("next.json"),
            self.folder.join("manifest.json"),
        )
    }

    fn replace(&self, name: &str, list: &Manifest) -> io::Result<()> {
        let part = self.folder.join(PART);
        let written = fs::write(&part, manifest::to_json(list))
            .and_then(|()| fs::rename(&part, self.folder.join(name)));
        if written.is_err() {
            fs::remove_file(&part).ok();
        }
        written
    }

    fn read_list(&self, name: &str) -> Result<Option<Manifest>, Box<Diagnostic>> {
        match fs::read(self.folder.join(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Box::new(problems::cannot_use_folder(&self.out, &error))),
            Ok(json) => manifest::from_json(&json).map(Some).map_err(|flaw| {
                Box::new(match flaw {
                    Flaw::Damaged => problems::damaged_list(&self.out, name),
                    Flaw::Newer => problems::newer_list(&self.out),
                })
            }),
        }
    }

    fn recover(&self, ours: &Manifest, next: &Manifest) -> io::Result<Manifest> {
        let mut recovered = Manifest::new();
        for (path, stamp) in next {
            let before = ours.get(path);
            match self.compare(path, stamp)? {
                Standing::Same(stamp) => {
                    recovered.insert(path.clone(), stamp);
                }
                Standing::Different => {
                    if let Some(before) = before {
                        recovered.insert(path.clone(), *before);
                    }
                }
                Standing::Gone => {}
            }
        }
        for (path, stamp) in ours.iter().filter(|(path, _)| !next.contains_key(path)) {
            // What differs may have been put there after ours was removed.
            if let Standing::Same(stamp) = self.compare(path, stamp)? {
                recovered.insert(path.clone(), stamp);
            }
        }
        Ok(recovered)
    }

    fn compare(&self, path: &OutPath, stamp: &Stamp) -> io::Result<Standing> {
        let Some(Seen::File { size, mtime }) = look(&self.out, path.as_str())? else {
            return Ok(Standing::Gone);
        };
        let same = size == stamp.size
            && (mtime == stamp.mtime || digest_at(&self.out.join(path.as_str()))? == stamp.digest);
        Ok(if same {
            Standing::Same(Stamp { mtime, ..*stamp })
        } else {
            Standing::Different
        })
    }
}

impl Drop for State {
    fn drop(&mut self) {
        // Closing alone is not enough: a program being started at this moment holds the file too.
        if let Some(lock) = &self.lock {
            lock.unlock().ok();
        }
    }
}

enum Standing {
    Same(Stamp),
    Different,
    Gone,
}
