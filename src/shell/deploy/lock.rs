//! The lock that keeps two runs apart.
//!
//! An object in the private place says who is at work and until when. It is written only where there is none;
//! a storage that cannot do that is asked again whether it is ours. One that was left by a run that died is
//! taken over when its time is over.
//!
//! In a folder it is a file that the system locks for us and gives free when this process ends, however it ends.
//! Something stands in it as long as a run has not finished.

use std::collections::hash_map::RandomState;
use std::fs::{self, File, TryLockError};
use std::hash::BuildHasher;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bucket::{Bucket, Condition, Outcome, Written};
use super::problems;
use crate::deploy::headers::Headers;
use crate::diag::Diagnostic;
use crate::shell::clock;

/// Where the lock lies in the private place.
const KEY: &str = "lock.json";

/// For how many seconds a lock holds when it is not renewed: longer than clocks may differ, which storages let
/// pass up to a quarter of an hour.
const HOLDS: i64 = 1800;

/// How often it is renewed.
const RENEWED_EVERY: Duration = Duration::from_secs(60);

/// For how many seconds after it was taken a lock is ours without looking: nobody takes over one that is younger
/// but by force.
const SURELY: i64 = 120;

/// How often it is tried to take a lock that others give back in between.
const TRIES: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    /// Tells this run from every other.
    id: String,
    /// For people: machine and process.
    holder: String,
    /// When it ends, in seconds since 1970.
    expires: i64,
    /// Whether the run has ended without finishing.
    #[serde(default)]
    is_unfinished: bool,
}

/// A lock that is ours.
pub(super) struct Lock {
    stored: Stored,
    /// The file that the system has locked, in a folder.
    file: Option<File>,
    /// Whether the run before did not finish.
    pub(super) was_left: bool,
}

impl Lock {
    /// Takes the lock; with `by_force` also where another run holds it.
    ///
    /// # Errors
    /// When another run is at work.
    pub(super) async fn take(state: &Bucket, by_force: bool) -> Outcome<Self> {
        let ours = Stored {
            id: unlike_any_other(),
            holder: holder(),
            expires: clock::seconds() + HOLDS,
            is_unfinished: false,
        };
        if let Some(folder) = state.folder() {
            return Lock::of_folder(folder, ours);
        }
        let mut lock = Lock {
            stored: ours,
            file: None,
            was_left: false,
        };
        for _ in 0..TRIES {
            if state.can_refuse() {
                if lock.write(state, &Condition::IfAbsent).await? != Written::Refused {
                    return Ok(lock);
                }
                let found = state.look(KEY).await?;
                let tag = found.and_then(|(found, _)| found.etag);
                let Some(other) = held(state).await? else {
                    continue;
                };
                if other.id == lock.stored.id {
                    // An answer was lost, and the request made again.
                    return Ok(lock);
                }
                lock.may_replace(&other, by_force)?;
                // Another run may be about to replace it as well.
                let condition = tag.map_or(Condition::Always, Condition::IfTag);
                lock.write(state, &condition).await?;
            } else {
                if let Some(other) = held(state).await? {
                    lock.may_replace(&other, by_force)?;
                }
                lock.write(state, &Condition::Always).await?;
            }
            // Of two that have both written, one is there.
            match held(state).await? {
                Some(held) if held.id == lock.stored.id => return Ok(lock),
                Some(other) => return Err(other.at_work()),
                None => {}
            }
        }
        Err(problems::lost_lock())
    }

    /// Has the system lock the file of a folder.
    fn of_folder(folder: &Path, ours: Stored) -> Outcome<Self> {
        let place = folder.join(KEY);
        let failed = |error: io::Error| problems::cannot_lock(&place, &error);
        fs::create_dir_all(folder).map_err(failed)?;
        let open = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&place);
        let mut file = open.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) => {
                // Some systems do not let others read it.
                let mut json = Vec::new();
                file.read_to_end(&mut json).ok();
                return Err(problems::locked(&Stored::read(&json).holder, None));
            }
        }
        let was_left = file.metadata().map_err(failed)?.len() > 0;
        let stored = Stored {
            is_unfinished: true,
            ..ours
        };
        // It is empty at no instant, since the disk may be full.
        let json = stored.json();
        file.write_all(&json).map_err(failed)?;
        file.set_len(json.len() as u64).map_err(failed)?;
        Ok(Lock {
            stored,
            file: Some(file),
            was_left,
        })
    }

    /// Whether the storage refuses to write a lock where there is one, as it says that it can.
    pub(super) async fn is_refused(state: &Bucket) -> Outcome<bool> {
        if state.folder().is_some() {
            return Ok(true);
        }
        let Some(held) = held(state).await? else {
            return Ok(true);
        };
        // Where it does not refuse, this is what is there already.
        let headers = Headers::default();
        let written = state.write(KEY, held.json(), &headers, &Condition::IfAbsent);
        Ok(written.await? == Written::Refused)
    }

    fn may_replace(&mut self, other: &Stored, by_force: bool) -> Outcome<()> {
        if !other.is_over() && !by_force {
            return Err(other.at_work());
        }
        self.was_left = true;
        Ok(())
    }

    async fn write(&self, state: &Bucket, condition: &Condition) -> Outcome<Written> {
        let (json, headers) = (self.stored.json(), Headers::default());
        state.write(KEY, json, &headers, condition).await
    }

    /// Holds it until another run has taken it over, which is told.
    pub(super) async fn hold(&mut self, state: &Bucket) -> Vec<Diagnostic> {
        if self.file.is_some() {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(RENEWED_EVERY).await;
            match held(state).await {
                Ok(Some(held)) if held.id != self.stored.id => return problems::lost_lock(),
                Ok(held) => {
                    self.stored.expires = clock::seconds() + HOLDS;
                    // Where somebody has removed it, another may be about to take it.
                    let condition = match held {
                        Some(_) => Condition::Always,
                        None => Condition::IfAbsent,
                    };
                    if let Ok(Written::Refused) = self.write(state, &condition).await {
                        return problems::lost_lock();
                    }
                }
                // It holds for longer than the storage is away, or ends.
                Err(_) => {}
            }
        }
    }

    /// What tells later whether it is still ours.
    pub(super) fn hold_on(&self) -> Hold {
        Hold {
            id: self.stored.id.clone(),
            since: self.file.is_none().then(clock::seconds),
        }
    }

    /// Gives it back.
    pub(super) async fn release(self, state: &Bucket, hold: &Hold) -> Outcome<()> {
        if let Some(file) = &self.file {
            let emptied = file.set_len(0);
            let place = Path::new(state.shown()).join(KEY);
            return emptied.map_err(|error| problems::cannot_lock(&place, &error));
        }
        hold.check(state).await?;
        state.delete(vec![KEY.to_owned()]).await
    }

    /// Leaves it so that the next run need not wait, and looks again at what this one may have changed.
    pub(super) async fn leave(mut self, state: &Bucket) {
        if self.file.is_some() {
            return;
        }
        let held = held(state).await.ok().flatten();
        if held.is_some_and(|held| held.id == self.stored.id) {
            self.stored.is_unfinished = true;
            // The reason why a run ends may be that nothing can be written; then the lock ends by itself.
            self.write(state, &Condition::Always).await.ok();
        }
    }
}

/// A lock that was ours at some time.
#[derive(Debug, Clone, Default)]
pub(super) struct Hold {
    id: String,
    /// Since when; `None` for a file, which nobody takes over.
    since: Option<i64>,
}

impl Hold {
    /// Makes sure, after a while, that the lock is still ours: a machine may have slept meanwhile.
    ///
    /// # Errors
    /// When another run has taken it over.
    pub(super) async fn check(&self, state: &Bucket) -> Outcome<()> {
        let is_sure = |since| clock::seconds() - since < SURELY;
        if self.since.is_none_or(is_sure) {
            return Ok(());
        }
        match held(state).await? {
            Some(held) if held.id == self.id => Ok(()),
            _ => Err(problems::lost_lock()),
        }
    }
}

/// Whether a run has ended without finishing, and has not been followed by another.
pub(super) async fn was_left(state: &Bucket) -> Outcome<bool> {
    // A folder's is empty when nobody has left it.
    let bytes = state.read(KEY).await?.filter(|bytes| !bytes.is_empty());
    Ok(bytes.is_some_and(|bytes| Stored::read(&bytes).is_over()))
}

impl Stored {
    fn is_over(&self) -> bool {
        self.is_unfinished || self.expires < clock::seconds()
    }

    fn at_work(&self) -> Vec<Diagnostic> {
        let until = clock::time_of_day(self.expires);
        problems::locked(&self.holder, Some(&until))
    }

    fn json(&self) -> Vec<u8> {
        // A struct of strings and numbers always serialises.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What [`Stored::json`] gave; what cannot be read is nobody's any more.
    fn read(json: &[u8]) -> Self {
        serde_json::from_slice(json).unwrap_or_else(|_| Stored {
            id: String::new(),
            holder: "?".to_owned(),
            expires: 0,
            is_unfinished: true,
        })
    }
}

/// Tells a run from every other, also of another machine.
fn unlike_any_other() -> String {
    // The standard library's hash maps are seeded by the system's random numbers.
    let random = RandomState::new();
    format!("{:016x}{:016x}", random.hash_one(0), random.hash_one(1))
}

/// This machine and process, for people.
fn holder() -> String {
    let names = ["HOSTNAME", "COMPUTERNAME", "USER", "USERNAME"];
    let name = names.iter().find_map(|name| std::env::var(name).ok());
    let name = name.unwrap_or_else(|| "?".to_owned());
    format!("{name}, {}", std::process::id())
}

/// The lock that there is in a bucket.
async fn held(state: &Bucket) -> Outcome<Option<Stored>> {
    let bytes = state.read(KEY).await?;
    Ok(bytes.map(|bytes| Stored::read(&bytes)))
}
