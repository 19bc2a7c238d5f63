//! The lock that keeps two runs apart.
//!
//! An object in the private place says who is at work and until when. It is written only where there is none;
//! a storage that cannot do that is asked again whether it is ours. One that was left by a run that died is
//! taken over when its time is over.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bucket::{Bucket, Condition, Outcome, Written};
use super::problems;
use crate::deploy::headers::Headers;
use crate::diag::Diagnostic;
use crate::model::digest::Digest;
use crate::shell::clock;

/// Where the lock lies in the private place.
const KEY: &str = "lock.json";

/// What the places begin with where runs that take a lock over say so, on a storage without tags.
const CLAIM: &str = "lock.claim";

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
        let mut lock = Lock {
            stored: ours,
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
                lock.replace(state, (&other, tag), by_force).await?;
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

    /// Whether the storage refuses to write a lock where there is one, as it says that it can.
    pub(super) async fn is_refused(state: &Bucket) -> Outcome<bool> {
        let Some(held) = held(state).await? else {
            return Ok(true);
        };
        // Where it does not refuse, this is what is there already.
        let json = serde_json::to_vec(&held).unwrap_or_default();
        let headers = Headers::default();
        let written = state.write(KEY, json, &headers, &Condition::IfAbsent);
        Ok(written.await? == Written::Refused)
    }

    fn may_replace(&mut self, other: &Stored, by_force: bool) -> Outcome<()> {
        if !other.is_over() && !by_force {
            return Err(other.at_work());
        }
        self.was_left = true;
        Ok(())
    }

    /// Replaces a lock that is over, which the storage calls by this tag: another run may be about to as well.
    async fn replace(
        &self,
        state: &Bucket,
        (other, tag): (&Stored, Option<String>),
        by_force: bool,
    ) -> Outcome<()> {
        if let Some(tag) = tag {
            return self.write(state, &Condition::IfTag(tag)).await.map(drop);
        }
        // A folder has no tags: who makes the claim looks once more, and nobody else replaces the lock meanwhile.
        let claims = self.claim(state, other, by_force).await?;
        let done = match held(state).await {
            Ok(Some(held)) if held.id == other.id => {
                self.write(state, &Condition::Always).await.map(drop)
            }
            found => found.map(drop),
        };
        // A claim that stays is in nobody's way: it is one on a lock that is no more, or ends by itself.
        state.delete(claims).await.ok();
        done
    }

    /// Claims a lock that is over, and returns the places of this claim and of those before it.
    ///
    /// A run may die before it has replaced the lock. Then its claim is over when a lock would be, and is claimed
    /// itself instead of being removed: of several runs that find it so, one makes the next claim.
    ///
    /// # Errors
    /// When another run has the claim.
    async fn claim(&self, state: &Bucket, other: &Stored, by_force: bool) -> Outcome<Vec<String>> {
        let mut claims = vec![claim_on(KEY, other)];
        while let Some(key) = claims.last() {
            let made = self.write_at(state, key, &Condition::IfAbsent).await?;
            if made != Written::Refused {
                break;
            }
            match stored(state, key).await? {
                Some(claim) if claim.is_over() => claims.push(claim_on(key, &claim)),
                Some(claim) if !by_force && claim.id != self.stored.id => {
                    return Err(claim.at_work());
                }
                Some(_) => break,
                // Whoever made it has just removed it; the lock will tell why.
                None => {}
            }
        }
        Ok(claims)
    }

    async fn write(&self, state: &Bucket, condition: &Condition) -> Outcome<Written> {
        self.write_at(state, KEY, condition).await
    }

    async fn write_at(&self, state: &Bucket, key: &str, condition: &Condition) -> Outcome<Written> {
        // A struct of strings and numbers always serialises.
        let json = serde_json::to_vec(&self.stored).unwrap_or_default();
        state.write(key, json, &Headers::default(), condition).await
    }

    /// Holds it until another run has taken it over, which is told.
    pub(super) async fn hold(&mut self, state: &Bucket) -> Box<Diagnostic> {
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
            since: clock::seconds(),
        }
    }

    /// Gives it back.
    pub(super) async fn release(self, state: &Bucket, hold: &Hold) -> Outcome<()> {
        hold.check(state).await?;
        state.delete(vec![KEY.to_owned()]).await
    }

    /// Leaves it so that the next run need not wait, and looks again at what this one may have changed.
    pub(super) async fn leave(mut self, state: &Bucket) {
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
    since: i64,
}

impl Hold {
    /// Makes sure, after a while, that the lock is still ours: a machine may have slept meanwhile.
    ///
    /// # Errors
    /// When another run has taken it over.
    pub(super) async fn check(&self, state: &Bucket) -> Outcome<()> {
        if clock::seconds() - self.since < SURELY {
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
    let held = held(state).await?;
    Ok(held.is_some_and(|held| held.is_over()))
}

impl Stored {
    fn is_over(&self) -> bool {
        self.is_unfinished || self.expires < clock::seconds()
    }

    fn at_work(&self) -> Box<Diagnostic> {
        problems::locked(&self.holder, &clock::time_of_day(self.expires))
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

/// Where a run says that it takes over from the one that has left this lock, or this claim, at `key`.
fn claim_on(key: &str, left: &Stored) -> String {
    // An identifier is whatever a file says; with the place in it, claims never go round in a circle.
    let digest = Digest::of_pieces(&[key.as_bytes(), b" ", left.id.as_bytes()]);
    format!("{CLAIM}.{}", digest.short())
}

async fn held(state: &Bucket) -> Outcome<Option<Stored>> {
    stored(state, KEY).await
}

/// The lock or claim at `key`.
async fn stored(state: &Bucket, key: &str) -> Outcome<Option<Stored>> {
    let bytes = state.read(key).await?;
    // What cannot be read is nobody's any more.
    let unreadable = || Stored {
        id: String::new(),
        holder: "?".to_owned(),
        expires: 0,
        is_unfinished: true,
    };
    Ok(bytes.map(|bytes| serde_json::from_slice(&bytes).unwrap_or_else(|_| unreadable())))
}
