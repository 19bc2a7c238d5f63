//! Tells when files of a site change.
//!
//! Input: a root. Output: [`Wake`]s, each with the [`Changes`] since the last one, for
//! [`Folder::refresh`](crate::shell::read::Folder::refresh).
//!
//! Invariants: who starts a [`Watcher`] first and reads afterwards misses no change; what is
//! watched is what is read, by one predicate; when changes were lost or may have been, the next
//! wake is about everything; folders are watched, never files, which editors replace; no path
//! outside the site wakes anybody.
//!
//! Where the system cannot tell, or cannot any more, the folder is looked over every half second
//! or so, and a notice says why.

mod mailbox;
mod native;
mod notices;
mod poll;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use self::mailbox::{Letter, Mailbox};
use self::native::Native;
use self::notices::Failure;
use self::poll::Poll;
use super::read::{Changes, Stamp};
use crate::diag::Diagnostic;

/// How often it is checked that the root is still the folder that is watched.
const ROOT_CHECK: Duration = Duration::from_millis(400);

/// How often events may be lost in a row before the system is no longer relied on.
const MOST_LOSSES: u32 = 4;

/// Losses farther apart than this are not in a row.
const CALM: Duration = Duration::from_secs(5);

/// How changes are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The system tells; polling where it cannot.
    Native,
    /// The folder is looked over again and again: for network drives and shared folders of
    /// virtual machines.
    Poll,
}

/// Why [`Watcher::next`] returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// Files may have changed.
    Changed(Changes),
    /// The deadline has passed.
    Deadline,
    /// Something to tell the user about the watching itself; it goes on.
    Notice(Box<Diagnostic>),
    /// Somebody called [`Remote::ask`].
    Asked,
    /// Somebody called [`Remote::stop`].
    Closed,
}

/// Watches the folder of one site until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    root: PathBuf,
    mailbox: Arc<Mailbox>,
    source: Source,
    notice: Option<Failure>,
    losses: u32,
    last_loss: Option<Instant>,
}

/// Where the changes come from.
#[derive(Debug)]
enum Source {
    Native {
        native: Native,
        /// Which folder was at the root when watching it began.
        root: Option<Stamp>,
    },
    Poll {
        _poll: Poll,
    },
}

/// Speaks to a [`Watcher`] from another thread.
#[derive(Debug, Clone)]
pub struct Remote(Arc<Mailbox>);

impl Remote {
    /// Makes [`Watcher::next`] return [`Wake::Asked`] once, when no change is on its way.
    pub fn ask(&self) {
        self.0.ask();
    }

    /// Makes [`Watcher::next`] return [`Wake::Closed`], now and ever after.
    pub fn stop(&self) {
        self.0.close();
    }
}

impl Watcher {
    /// Watches the site at `root`, which need not exist yet.
    ///
    /// Every change after the return is reported; read the site only then. Where the system
    /// cannot watch, the first wake is a [`Wake::Notice`] and the folder is polled.
    pub fn start(root: &Path, mode: Mode) -> Self {
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let mailbox = Arc::new(Mailbox::default());
        let native = match mode {
            Mode::Native => Source::native(&root, &mailbox).map_err(Some),
            Mode::Poll => Err(None),
        };
        let (source, notice) = match native {
            Ok(source) => (source, None),
            Err(failure) => (Source::poll(&root, &mailbox), failure),
        };
        Watcher {
            root,
            mailbox,
            source,
            notice,
            losses: 0,
            last_loss: None,
        }
    }

    /// What another thread speaks to this watcher with.
    pub fn remote(&self) -> Remote {
        Remote(Arc::clone(&self.mailbox))
    }

    /// Waits until files change, `deadline` has passed, or the watcher is asked or stopped.
    ///
    /// A burst of changes is one wake, or a few when it lasts. What happens between two calls is
    /// kept for the next one.
    pub fn next(&mut self, deadline: Option<Instant>) -> Wake {
        loop {
            if let Some(failure) = self.notice.take() {
                return Wake::Notice(Box::new(failure.notice()));
            }
            let check = match self.source {
                Source::Native { .. } => Some(Instant::now() + ROOT_CHECK),
                Source::Poll { .. } => None,
            };
            let until = deadline.into_iter().chain(check).min();
            match self.mailbox.wait(until) {
                Letter::Closed => return Wake::Closed,
                Letter::Asked => return Wake::Asked,
                Letter::Failed(failure) => self.fall_back(failure),
                Letter::Lost => self.recover(),
                Letter::RootGone => self.restart(),
                Letter::Changed { changes, arrived } => {
                    let armed = match &mut self.source {
                        Source::Native { native, .. } => native.arm(&arrived),
                        Source::Poll { .. } => Ok(()),
                    };
                    match armed {
                        Ok(()) => return Wake::Changed(changes),
                        Err(failure) => self.fall_back(failure),
                    }
                }
                Letter::TimeUp => {
                    if self.is_root_replaced() {
                        self.restart();
                    } else if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                        return Wake::Deadline;
                    }
                }
            }
        }
    }

    fn is_root_replaced(&self) -> bool {
        match &self.source {
            Source::Native { root, .. } => *root != stamp_of(&self.root),
            Source::Poll { .. } => false,
        }
    }

    /// Begins anew after events were lost; polls when that happens again and again.
    fn recover(&mut self) {
        let now = Instant::now();
        let is_in_a_row = self.last_loss.is_some_and(|last| now < last + CALM);
        self.losses = if is_in_a_row { self.losses + 1 } else { 1 };
        self.last_loss = Some(now);
        if self.losses >= MOST_LOSSES {
            self.fall_back(Failure::TooFast);
        } else {
            self.restart();
        }
    }

    /// Watches what is at the root now; the next wake is about everything.
    fn restart(&mut self) {
        if let Source::Poll { .. } = self.source {
            return self.mailbox.post_everything();
        }
        match Source::native(&self.root, &self.mailbox) {
            Ok(source) => {
                self.source = source;
                self.mailbox.post_everything();
            }
            Err(failure) => self.fall_back(failure),
        }
    }

    fn fall_back(&mut self, failure: Failure) {
        if let Source::Native { .. } = self.source {
            self.source = Source::poll(&self.root, &self.mailbox);
            self.notice = Some(failure);
        }
        self.mailbox.post_everything();
    }
}

impl Source {
    fn native(root: &Path, mailbox: &Arc<Mailbox>) -> Result<Self, Failure> {
        // Before it is watched: a root that is replaced meanwhile then shows at the next check.
        let stamp = stamp_of(root);
        let native = Native::start(root, mailbox)?;
        Ok(Source::Native {
            native,
            root: stamp,
        })
    }

    fn poll(root: &Path, mailbox: &Arc<Mailbox>) -> Self {
        Source::Poll {
            _poll: Poll::start(root, mailbox),
        }
    }
}

/// What tells the folder at `path` from another one; `None` where there is none.
fn stamp_of(path: &Path) -> Option<Stamp> {
    let found = std::fs::metadata(path).ok()?;
    found.is_dir().then(|| Stamp::of_folder(&found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_system_gives_up_polling_goes_on() {
        let scratch = tempfile::tempdir().unwrap();
        let mut watcher = Watcher::start(scratch.path(), Mode::Native);
        watcher.mailbox.fail(Failure::Watches);
        let Wake::Notice(notice) = watcher.next(None) else {
            panic!("no notice");
        };
        assert!(notice.message.zh.contains("max_user_watches"));
        assert_eq!(watcher.next(None), Wake::Changed(Changes::everything()));
        assert!(matches!(watcher.source, Source::Poll { .. }));
        std::fs::write(scratch.path().join("site.yaml"), "title: 渔港").unwrap();
        let changes = Changes::from_iter(["site.yaml"]);
        assert_eq!(watcher.next(None), Wake::Changed(changes));
    }

    #[test]
    fn losing_events_again_and_again_ends_in_polling() {
        let scratch = tempfile::tempdir().unwrap();
        let mut watcher = Watcher::start(scratch.path(), Mode::Native);
        for _ in 1..MOST_LOSSES {
            watcher.mailbox.lose();
            assert_eq!(watcher.next(None), Wake::Changed(Changes::everything()));
        }
        watcher.mailbox.lose();
        assert!(matches!(watcher.next(None), Wake::Notice(_)));
        assert_eq!(watcher.next(None), Wake::Changed(Changes::everything()));
    }
}
