//! What has changed in a published site and has still to be told to those who keep copies of it.
//!
//! The record of what is published has the changes, so that a run that ends between a release and the steps after
//! it forgets none. Another file says how far each step has come; it is written when steps have succeeded, without
//! the lock. So two runs at once may tell something twice, and never miss anything.
//!
//! Invariants: no I/O; numbers of changes only grow, also when a record is made anew, since they are times where
//! these are later.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::manifest::{Manifest, is_inside};
use crate::model::digest::Digest;
use crate::model::target::AfterStep;
use crate::model::tree::OutPath;

/// The form of the file; a program reads none of another form.
const VERSION: u64 = 1;

/// Most places of changes before the latest that are remembered for steps that keep failing.
const MOST_PLACES: usize = 100_000;

/// One change of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Greater than that of every earlier one.
    pub number: i64,
    /// What is new, differs or is gone.
    pub places: BTreeSet<OutPath>,
}

impl Change {
    /// The change as a record has it.
    pub(super) fn stored(&self) -> (i64, Vec<String>) {
        let places = self.places.iter().map(|place| place.as_str().to_owned());
        (self.number, places.collect())
    }

    /// Reads what [`Change::stored`] gave; `None` where a place is none inside a site.
    pub(super) fn read((number, places): (i64, Vec<String>)) -> Option<Self> {
        let places = places.into_iter();
        let places = places.map(|place| is_inside(&place).then(|| OutPath::new(place)));
        Some(Change {
            number,
            places: places.collect::<Option<_>>()?,
        })
    }
}

/// How far each step has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    version: u64,
    /// The number of the latest change that a step was told of.
    steps: BTreeMap<String, i64>,
    /// Whether there was a file that could not be read.
    #[serde(skip)]
    is_unreadable: bool,
}

impl Done {
    /// The file.
    pub fn to_json(&self) -> Vec<u8> {
        let stored = Done {
            version: VERSION,
            ..self.clone()
        };
        // A map of strings to numbers always serialises.
        serde_json::to_vec(&stored).unwrap_or_default()
    }

    /// Reads what [`Done::to_json`] wrote. Anything else says nothing: then every step is told again of what the
    /// record has, and the file is written anew.
    pub fn from_json(json: &[u8]) -> Done {
        let done: Option<Done> = serde_json::from_slice(json).ok();
        let done = done.filter(|done| done.version == VERSION);
        done.unwrap_or(Done {
            is_unreadable: true,
            ..Done::default()
        })
    }

    /// Whether `step` was told of a change.
    fn has(&self, step: &str, change: &Change) -> bool {
        self.steps
            .get(step)
            .is_some_and(|latest| *latest >= change.number)
    }
}

/// What tells a step from others, and from itself when it is written otherwise. No password is part of it.
pub fn key_of(step: &AfterStep) -> String {
    let payload = step.payload().key_and_label().0;
    let parts = (&step.url, &step.command, payload);
    // Strings always serialise.
    Digest::of(&serde_json::to_vec(&parts).unwrap_or_default()).short()
}

/// What is to be told to the steps of a target.
#[derive(Debug, Clone, Default)]
pub struct Owed {
    /// The number of the release that is published.
    pub release: u64,
    /// Of the places that have changed, those where something is.
    there: BTreeSet<OutPath>,
    changes: Vec<Change>,
    done: Done,
}

impl Owed {
    /// What is to be told according to the record of what is published.
    pub fn of(manifest: &Manifest, done: Done) -> Owed {
        Owed::planned(manifest, done, &|place| {
            manifest.objects.contains_key(place)
        })
    }

    /// The same where the site is not yet what `is_there` tells of its places.
    pub fn planned(manifest: &Manifest, done: Done, is_there: &dyn Fn(&OutPath) -> bool) -> Owed {
        let changes = manifest.untold.clone();
        let places = changes.iter().flat_map(|change| &change.places);
        Owed {
            release: manifest.release,
            there: places.filter(|place| is_there(place)).cloned().collect(),
            changes,
            done,
        }
    }

    /// What `step` (its key) has not been told of.
    pub fn to(&self, step: &str) -> BTreeSet<&OutPath> {
        let untold = self.changes.iter();
        let untold = untold.filter(|change| !self.done.has(step, change));
        untold.flat_map(|change| &change.places).collect()
    }

    /// What one of `steps` (their keys) at least has not been told of.
    pub fn to_any(&self, steps: &[String]) -> BTreeSet<&OutPath> {
        steps.iter().flat_map(|step| self.to(step)).collect()
    }

    /// Whether something is at a place that has changed.
    pub fn is_there(&self, place: &OutPath) -> bool {
        self.there.contains(place)
    }

    /// Whether it is not known how far the steps have come, since the file that says so cannot be read.
    pub fn is_doubtful(&self) -> bool {
        self.done.is_unreadable
    }

    /// How far the steps have come that are left in the target (their keys), when those that `succeeded` have been
    /// told of everything.
    pub fn done(&self, steps: &[String], succeeded: &BTreeSet<String>) -> Done {
        let latest = self.changes.last().map_or(0, |change| change.number);
        let mut done = self.done.clone();
        done.steps.retain(|step, _| steps.contains(step));
        let told = succeeded.iter().map(|step| (step.clone(), latest));
        done.steps.extend(told);
        done
    }
}

impl Manifest {
    /// Remembers a change of these places, for the steps (their keys) of the target, and forgets what all of them
    /// were told of; returns whether there was more than can be remembered.
    pub fn owe(
        &mut self,
        places: BTreeSet<OutPath>,
        (steps, done): (&[String], &Done),
        now: i64,
    ) -> bool {
        let is_untold = |change: &Change| steps.iter().any(|step| !done.has(step, change));
        self.untold.retain(is_untold);
        if steps.is_empty() || places.is_empty() {
            return false;
        }
        self.changed = now.max(self.changed + 1);
        let mut count: usize = self.untold.iter().map(|change| change.places.len()).sum();
        let is_too_much = count > MOST_PLACES;
        while count > MOST_PLACES {
            count -= self.untold.remove(0).places.len();
        }
        self.untold.push(Change {
            number: self.changed,
            places,
        });
        is_too_much
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(names: &[&str]) -> BTreeSet<OutPath> {
        names.iter().map(|name| OutPath::new(*name)).collect()
    }

    fn told<'a>(owed: &'a Owed, step: &str) -> Vec<&'a str> {
        owed.to(step).into_iter().map(OutPath::as_str).collect()
    }

    fn owed(manifest: &Manifest, done: &Done) -> Owed {
        Owed::planned(manifest, done.clone(), &|place| place.as_str() != "gone")
    }

    #[test]
    fn a_step_that_failed_is_told_again_and_the_others_are_not() {
        let steps = ["one".to_owned(), "other".to_owned()];
        let mut manifest = Manifest::default();
        let mut done = Done::default();
        manifest.owe(places(&["a", "gone"]), (&steps, &done), 10);
        let first = owed(&manifest, &done);
        assert_eq!(told(&first, "one"), ["a", "gone"]);
        assert_eq!(first.there, places(&["a"]));
        done = first.done(&steps, &["one".to_owned()].into());
        assert_eq!(told(&owed(&manifest, &done), "one"), Vec::<&str>::new());
        assert_eq!(told(&owed(&manifest, &done), "other"), ["a", "gone"]);
        // At the same second, or on a machine whose clock is behind.
        manifest.owe(places(&["b"]), (&steps, &done), 5);
        assert_eq!(told(&owed(&manifest, &done), "one"), ["b"]);
        assert_eq!(told(&owed(&manifest, &done), "other"), ["a", "b", "gone"]);
        let all = steps.iter().cloned().collect();
        done = owed(&manifest, &done).done(&steps, &all);
        manifest.owe(places(&[]), (&steps, &done), 20);
        assert_eq!(manifest.untold, []);
    }

    #[test]
    fn what_a_target_has_no_more_is_forgotten() {
        let steps = ["one".to_owned()];
        let mut manifest = Manifest::default();
        let done = Done::default();
        manifest.owe(places(&["a"]), (&steps, &done), 10);
        let succeeded = ["one".to_owned()].into();
        let done = owed(&manifest, &done).done(&[], &succeeded);
        assert_eq!(Done::from_json(&done.to_json()).steps, done.steps);
        manifest.owe(places(&["b"]), (&[], &done), 20);
        assert_eq!(manifest.untold, []);
        assert_eq!(manifest.changed, 10);
    }

    #[test]
    fn what_keeps_failing_does_not_grow_without_end() {
        let steps = ["one".to_owned()];
        let done = Done::default();
        let mut manifest = Manifest::default();
        let many = |from: usize| -> BTreeSet<OutPath> {
            let names = from..from + MOST_PLACES / 2 + 1;
            names.map(|name| OutPath::new(name.to_string())).collect()
        };
        let dropped: Vec<bool> = (0..4)
            .map(|at| manifest.owe(many(at), (&steps, &done), 10))
            .collect();
        assert_eq!(dropped, [false, false, true, true]);
        let numbers: Vec<i64> = manifest.untold.iter().map(|change| change.number).collect();
        assert_eq!(numbers, [12, 13]);
    }

    #[test]
    fn damaged_and_newer_files_say_nothing() {
        for json in [
            "",
            "{}",
            "{\"version\":2,\"steps\":{\"a\":1}}",
            "{\"version\":1}",
        ] {
            let done = Done::from_json(json.as_bytes());
            assert!(done.is_unreadable && done.steps.is_empty(), "{json}");
        }
    }
}
