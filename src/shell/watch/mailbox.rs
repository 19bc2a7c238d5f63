//! Where changes wait until somebody asks for them.
//!
//! Invariants: posting never blocks for long; memory is bounded by the number of different paths,
//! however many events there are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::notices::Failure;
use crate::shell::read::Changes;

/// How long is waited for the end of a burst.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// A burst is over when nothing happened for this long.
    quiet: Duration,
    /// A burst that does not end is delivered in parts.
    longest: Duration,
}

/// For somebody who saves a file and looks.
const SAVE: Patience = Patience {
    quiet: Duration::from_millis(12),
    longest: Duration::from_millis(60),
};

/// For many files at once, copied or checked out, so that they are not built in a dozen parts.
const MANY: Patience = Patience {
    quiet: Duration::from_millis(50),
    longest: Duration::from_millis(600),
};

/// So many different paths are more than anybody saves at once.
const MANY_PATHS: usize = 30;

/// What has happened and has not been delivered yet.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Debug, Default)]
struct State {
    changes: Changes,
    arrived: BTreeSet<PathBuf>,
    /// When the first and the last of the changes were posted.
    burst: Option<(Instant, Instant)>,
    failure: Option<Failure>,
    is_lossy: bool,
    is_root_gone: bool,
    is_asked: bool,
    is_closed: bool,
}

impl State {
    /// When the burst is to be delivered, if nothing more happens.
    fn ready(&self) -> Option<Instant> {
        let (first, last) = self.burst?;
        let patience = match self.changes.paths().nth(MANY_PATHS) {
            None => SAVE,
            Some(_) => MANY,
        };
        Some((last + patience.quiet).min(first + patience.longest))
    }
}

/// What is delivered.
#[derive(Debug)]
pub(super) enum Letter {
    /// Files may have changed.
    Changed {
        changes: Changes,
        /// Of these, those at which a folder may be that is not watched yet.
        arrived: BTreeSet<PathBuf>,
    },
    /// Events were lost.
    Lost,
    /// The root was removed or renamed.
    RootGone,
    /// Watching goes on no more.
    Failed(Failure),
    /// Somebody has asked for something, and nothing has changed.
    Asked,
    /// The time to wait is over.
    TimeUp,
    /// Nobody shall wait any more.
    Closed,
}

impl Mailbox {
    /// Adds that `path`, below the root, may have changed; `may_be_new` when there may be a folder
    /// that was not there before.
    pub(super) fn post(&self, path: &Path, may_be_new: bool) {
        let mut state = self.lock();
        if may_be_new {
            state.arrived.insert(path.to_owned());
        }
        state.changes.add(path);
        self.note(state);
    }

    /// Adds that anything may have changed.
    pub(super) fn post_everything(&self) {
        let mut state = self.lock();
        state.changes.merge(Changes::everything());
        self.note(state);
    }

    /// Adds that events were lost.
    pub(super) fn lose(&self) {
        self.lock().is_lossy = true;
        self.bell.notify_all();
    }

    /// Adds that the root was removed or renamed; another may be there already.
    pub(super) fn lose_root(&self) {
        self.lock().is_root_gone = true;
        self.bell.notify_all();
    }

    /// Adds that watching failed.
    pub(super) fn fail(&self, failure: Failure) {
        self.lock().failure.get_or_insert(failure);
        self.bell.notify_all();
    }

    /// Adds that somebody asks for something, which is delivered when no change is on its way.
    pub(super) fn ask(&self) {
        self.lock().is_asked = true;
        self.bell.notify_all();
    }

    /// Ends all waiting for good.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.bell.notify_all();
    }

    /// Waits for a letter, at most until `until`.
    pub(super) fn wait(&self, until: Option<Instant>) -> Letter {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            if state.is_closed {
                return Letter::Closed;
            }
            if let Some(failure) = state.failure.take() {
                return Letter::Failed(failure);
            }
            if std::mem::take(&mut state.is_lossy) {
                return Letter::Lost;
            }
            if std::mem::take(&mut state.is_root_gone) {
                return Letter::RootGone;
            }
            if state.burst.is_none() && std::mem::take(&mut state.is_asked) {
                return Letter::Asked;
            }
            let ready = state.ready();
            if ready.is_some_and(|ready| ready <= now) {
                state.burst = None;
                return Letter::Changed {
                    changes: std::mem::take(&mut state.changes),
                    arrived: std::mem::take(&mut state.arrived),
                };
            }
            if until.is_some_and(|until| until <= now) {
                return Letter::TimeUp;
            }
            let next = ready.into_iter().chain(until).min();
            state = match next {
                Some(next) => {
                    let waited = self.bell.wait_timeout(state, next - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let waited = self.bell.wait(state);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prolongs the burst; rings only when it begins, because whoever waits then looks again.
    fn note(&self, mut state: MutexGuard<'_, State>) {
        let now = Instant::now();
        let first = state.burst.map(|(first, _)| first);
        state.burst = Some((first.unwrap_or(now), now));
        if first.is_none() {
            self.bell.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_one_letter() {
        let mailbox = Mailbox::default();
        for number in 0..1_000 {
            mailbox.post(Path::new(&format!("content/{number}.md")), number == 7);
        }
        let Letter::Changed { changes, arrived } = mailbox.wait(None) else {
            panic!("no changes");
        };
        assert_eq!((changes.paths().count(), arrived.len()), (1_000, 1));
        let soon = Instant::now() + Duration::from_millis(20);
        assert!(matches!(mailbox.wait(Some(soon)), Letter::TimeUp));
    }

    #[test]
    fn many_files_have_more_time_than_one() {
        let first = Instant::now();
        let wait = |paths: usize, lasted: u64| {
            let state = State {
                changes: (0..paths).map(|path| path.to_string()).collect(),
                burst: Some((first, first + Duration::from_millis(lasted))),
                ..State::default()
            };
            (state.ready().unwrap() - first).as_millis()
        };
        assert_eq!((wait(1, 0), wait(MANY_PATHS, 40)), (12, 52));
        assert_eq!((wait(1, 500), wait(MANY_PATHS, 500)), (60, 60));
        assert_eq!((wait(1_000, 40), wait(1_000, 500)), (90, 550));
        assert_eq!(wait(1_000, 5_000), 600);
        assert_eq!(State::default().ready(), None);
    }

    #[test]
    fn a_burst_without_end_is_delivered_in_parts() {
        let mailbox = Mailbox::default();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !mailbox.lock().is_closed {
                    mailbox.post(Path::new("content/a.md"), false);
                }
            });
            for _ in 0..3 {
                assert!(matches!(mailbox.wait(None), Letter::Changed { .. }));
            }
            mailbox.close();
        });
        assert!(matches!(mailbox.wait(None), Letter::Closed));
    }
}
