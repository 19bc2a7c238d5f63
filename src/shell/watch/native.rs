//! Has the system tell of changes.
//!
//! The root is watched by itself and the site's four folders with all that is below them, so that
//! `public/` and `.git` cost nothing. A folder that appears is watched before it is reported: what
//! is put into it at once is then either seen by whoever reads it or reported after.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify::event::{MetadataKind, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::mailbox::Mailbox;
use super::notices::Failure;
use crate::shell::read::{concerns, is_top};

/// Too many open files, system-wide or of this process.
const NO_MORE_FILES: [i32; 2] = [23, 24];

/// How often a folder that changes while it is being watched is tried again.
const MOST_TRIES: u32 = 3;

/// A running watch; it ends when this is dropped.
pub(super) struct Native {
    /// As the system names it.
    root: PathBuf,
    watcher: RecommendedWatcher,
}

impl std::fmt::Debug for Native {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Native").field("root", &self.root).finish()
    }
}

impl Native {
    /// Watches what is at `root` now; changes go to `mailbox`.
    pub(super) fn start(root: &Path, mailbox: &Arc<Mailbox>) -> Result<Self, Failure> {
        let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let sorter = Sorter {
            root: root.clone(),
            mailbox: Arc::clone(mailbox),
        };
        let config = notify::Config::default().with_follow_symlinks(false);
        let watcher = RecommendedWatcher::new(move |event| sorter.take(event), config);
        let watcher = watcher.map_err(|error| failure(&error))?;
        let mut native = Native { root, watcher };
        if native.root.is_dir() {
            // Not there any more is no failure: the root is looked for again and again.
            let watched = native.watch(&native.root.clone(), RecursiveMode::NonRecursive);
            watched.or_else(|error| tolerate(&error))?;
            let tops = std::fs::read_dir(&native.root).into_iter().flatten();
            let tops = tops.flatten().map(|entry| entry.file_name());
            let tops = tops.filter(|name| is_top(&name.to_string_lossy()));
            native.arm(&tops.map(PathBuf::from).collect())?;
        }
        Ok(native)
    }

    /// Watches the folders among `arrived`, which are below the root and may be new.
    pub(super) fn arm(&mut self, arrived: &BTreeSet<PathBuf>) -> Result<(), Failure> {
        let mut last: Option<&Path> = None;
        for path in arrived {
            let is_covered = last.is_some_and(|last| path.starts_with(last));
            // Elsewhere than on Linux the system itself includes what appears below.
            let is_own = cfg!(any(target_os = "linux", target_os = "android"));
            let is_needed = is_own || path.iter().count() == 1;
            let is_watched = path
                .iter()
                .next()
                .is_some_and(|top| is_top(&top.to_string_lossy()));
            let real = self.root.join(path);
            if !is_covered && is_needed && is_watched && is_folder(&real) {
                self.watch_all(&real)?;
                last = Some(path);
            }
        }
        Ok(())
    }

    /// Watches the folder at `path` and all below it.
    fn watch_all(&mut self, path: &Path) -> Result<(), Failure> {
        for _ in 0..MOST_TRIES {
            match self.watch(path, RecursiveMode::Recursive) {
                Ok(()) => return Ok(()),
                Err(error) => tolerate(&error)?,
            }
            if !is_folder(path) {
                return Ok(());
            }
        }
        // One folder that may not be read would keep those after it from being watched.
        self.watch_one_by_one(path)
    }

    fn watch_one_by_one(&mut self, path: &Path) -> Result<(), Failure> {
        let mut folders = vec![path.to_owned()];
        while let Some(folder) = folders.pop() {
            let below = folder.strip_prefix(&self.root).unwrap_or(&folder);
            if !concerns(below) {
                continue;
            }
            let watched = self.watch(&folder, RecursiveMode::NonRecursive);
            watched.or_else(|error| tolerate(&error))?;
            // Listed after it is watched: what comes later is reported.
            let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let entries = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
            folders.extend(entries.map(|entry| entry.path()));
        }
        Ok(())
    }

    fn watch(&mut self, path: &Path, mode: RecursiveMode) -> notify::Result<()> {
        self.watcher.watch(path, mode)
    }
}

/// Whether there is a folder, not a link to one.
fn is_folder(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

fn failure(error: &notify::Error) -> Failure {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => Failure::Watches,
        notify::ErrorKind::Io(io)
            if io
                .raw_os_error()
                .is_some_and(|code| NO_MORE_FILES.contains(&code)) =>
        {
            Failure::Instances
        }
        _ => Failure::Other(error.to_string()),
    }
}

/// Nothing when `error` says that a folder is not there or may not be looked into, which reading
/// it reports.
fn tolerate(error: &notify::Error) -> Result<(), Failure> {
    use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    match &error.kind {
        notify::ErrorKind::PathNotFound => Ok(()),
        notify::ErrorKind::Io(io)
            if [NotFound, NotADirectory, PermissionDenied].contains(&io.kind()) =>
        {
            Ok(())
        }
        _ => Err(failure(error)),
    }
}

/// Sorts out what the system tells; called from the system's thread.
struct Sorter {
    root: PathBuf,
    mailbox: Arc<Mailbox>,
}

impl Sorter {
    fn take(&self, event: notify::Result<Event>) {
        match event {
            Ok(event) if event.need_rescan() => self.mailbox.lose(),
            Ok(event) => self.sort(&event),
            Err(error) => match failure(&error) {
                Failure::Other(_) => self.mailbox.lose(),
                failure => self.mailbox.fail(failure),
            },
        }
    }

    fn sort(&self, event: &Event) {
        let is_content = match event.kind {
            // Reading, such as our own, changes nothing.
            EventKind::Access(_)
            | EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)) => return,
            EventKind::Modify(ModifyKind::Data(_)) => true,
            // Some systems say so of a folder when something in it changes, which they tell too.
            EventKind::Modify(ModifyKind::Any) => {
                if event.paths.iter().all(|path| is_folder(path)) {
                    return;
                }
                true
            }
            EventKind::Remove(_) => true,
            _ => false,
        };
        for path in &event.paths {
            match path.strip_prefix(&self.root) {
                Ok(below) if below.as_os_str().is_empty() => match event.kind {
                    EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => {
                        self.mailbox.lose_root();
                    }
                    _ => self.mailbox.post_everything(),
                },
                Ok(below) if concerns(below) => self.mailbox.post(below, !is_content),
                _ => {}
            }
        }
    }
}
