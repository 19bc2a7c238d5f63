//! Finds changes by looking the folder over again and again.
//!
//! Invariant: a change is found even where the file system's clock is coarse: a file whose stamp
//! is new is reported, and once more when a further write must have shown.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use walkdir::WalkDir;

use super::mailbox::Mailbox;
use super::stamp_of;
use crate::shell::read::{COARSEST_CLOCK, Stamp, concerns};

/// Time between two looks.
const INTERVAL: Duration = Duration::from_millis(600);

/// A thread that looks a folder over; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Poll {
    /// Dropped to end the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Poll {
    /// Begins with what is at `root` now; changes go to `mailbox`.
    pub(super) fn start(root: &Path, mailbox: &Arc<Mailbox>) -> Self {
        let (root, mailbox) = (root.to_owned(), Arc::clone(mailbox));
        let mut known = Survey::of(&root);
        known.distrust_recent(SystemTime::now());
        let (stop, stopped) = mpsc::channel();
        let look_again = move || {
            let mut pause = INTERVAL;
            while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let began = Instant::now();
                let mut now = Survey::of(&root);
                now.report(&known, began, &mailbox);
                known = now;
                // A slow drive is not kept busy all the time.
                pause = INTERVAL.max(4 * began.elapsed());
            }
        };
        let thread = thread::Builder::new().name("poll".to_owned());
        Poll {
            stop: Some(stop),
            thread: thread.spawn(look_again).ok(),
        }
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing more to say.
            thread.join().ok();
        }
    }
}

/// What a folder holds at one moment.
struct Survey {
    root: Option<Stamp>,
    /// By path below the root.
    entries: BTreeMap<OsString, Entry>,
}

struct Entry {
    /// `None` when it cannot be looked at.
    stamp: Option<Stamp>,
    /// Until when a further write may not show.
    doubtful_until: Option<Instant>,
}

impl Survey {
    fn of(root: &Path) -> Self {
        let below = |path: &Path| path.strip_prefix(root).map(Path::to_owned);
        let walk = WalkDir::new(root).min_depth(1).into_iter();
        let walk = walk.filter_entry(|entry| below(entry.path()).is_ok_and(|path| concerns(&path)));
        let mut entries = BTreeMap::new();
        for found in walk {
            let (path, stamp) = match &found {
                Ok(entry) => (entry.path(), entry.metadata().ok()),
                Err(error) => (error.path().unwrap_or(root), None),
            };
            let stamp = stamp.map(|metadata| {
                if metadata.is_dir() {
                    Stamp::of_folder(&metadata)
                } else {
                    Stamp::of(&metadata)
                }
            });
            let path = below(path).unwrap_or_default();
            let entry = Entry {
                stamp,
                doubtful_until: None,
            };
            entries.insert(path.into_os_string(), entry);
        }
        Survey {
            root: stamp_of(root),
            entries,
        }
    }

    /// Marks what was written so shortly before `now` that a further write may not show.
    fn distrust_recent(&mut self, now: SystemTime) {
        let until = Instant::now() + COARSEST_CLOCK;
        for entry in self.entries.values_mut() {
            let is_settled = entry.stamp.is_none_or(|stamp| stamp.is_settled(now));
            entry.doubtful_until = (!is_settled).then_some(until);
        }
    }

    /// Reports how this survey, begun at `now`, differs from the one before.
    fn report(&mut self, before: &Survey, now: Instant, mailbox: &Mailbox) {
        if self.root != before.root {
            mailbox.post_everything();
        }
        for (path, entry) in &mut self.entries {
            let old = before.entries.get(path);
            let doubtful_until = old.and_then(|old| old.doubtful_until);
            let is_same = old.is_some_and(|old| old.stamp == entry.stamp);
            let is_due = doubtful_until.is_some_and(|until| until <= now);
            if !is_same {
                entry.doubtful_until = Some(now + COARSEST_CLOCK);
            } else if !is_due {
                entry.doubtful_until = doubtful_until;
            }
            if !is_same || is_due {
                mailbox.post(&PathBuf::from(path), false);
            }
        }
        for path in before.entries.keys() {
            if !self.entries.contains_key(path) {
                mailbox.post(&PathBuf::from(path), false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mailbox::Letter;
    use super::*;

    fn reported(now: &mut Survey, before: &Survey, at: Instant) -> usize {
        let mailbox = Mailbox::default();
        now.report(before, at, &mailbox);
        match mailbox.wait(Some(Instant::now() + Duration::from_millis(30))) {
            Letter::Changed { changes, .. } => changes.paths().count(),
            _ => 0,
        }
    }

    #[test]
    fn a_file_is_reported_again_when_a_further_write_must_have_shown() {
        let scratch = tempfile::tempdir().unwrap();
        let start = Instant::now();
        let empty = Survey::of(scratch.path());
        std::fs::write(scratch.path().join("site.yaml"), "x").unwrap();
        let mut first = Survey::of(scratch.path());
        assert_eq!(reported(&mut first, &empty, start), 1);
        let mut second = Survey::of(scratch.path());
        let soon = start + Duration::from_secs(1);
        assert_eq!(reported(&mut second, &first, soon), 0);
        let mut third = Survey::of(scratch.path());
        let later = start + Duration::from_secs(3);
        assert_eq!(reported(&mut third, &second, later), 1);
        let mut fourth = Survey::of(scratch.path());
        let at_last = start + Duration::from_secs(9);
        assert_eq!(reported(&mut fourth, &third, at_last), 0);
    }
}
