//! What is still to be told to those who keep copies of a site: CDNs and search engines.
//!
//! A notification is a file in the private place. It is written before the record of the release that it tells of and
//! removed when its step has succeeded, so that a run which ends in between forgets none. Two runs at once may tell
//! something twice, and never miss anything.

use std::collections::BTreeMap;

use super::manifest::is_inside;
use crate::model::digest::Digest;
use crate::model::target::AfterStep;
use crate::model::tree::OutPath;

/// What a step of a target is to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// Who is told.
    pub step: AfterStep,
    /// What is new, differs or is gone, and whether something is there now.
    pub places: BTreeMap<OutPath, bool>,
    /// The names of the files that say so.
    pub files: Vec<String>,
}

impl Notification {
    /// One that tells a step of nothing.
    pub fn to(step: &AfterStep) -> Self {
        Notification {
            step: step.clone(),
            places: BTreeMap::new(),
            files: Vec::new(),
        }
    }

    /// The beginning of its files' names, which tells its step from others, and from itself when it is written
    /// otherwise. No password is part of it.
    pub fn prefix(&self) -> String {
        let payload = self.step.payload().key_and_label().0;
        let parts = (&self.step.url, &self.step.command, payload);
        // Strings always serialise.
        let json = serde_json::to_vec(&parts).unwrap_or_default();
        format!("{}-", Digest::of(&json).short())
    }

    /// Adds places; `is_there` tells of all whether something is there now.
    pub fn add(
        &mut self,
        places: impl IntoIterator<Item = OutPath>,
        is_there: &dyn Fn(&OutPath) -> bool,
    ) {
        self.places
            .extend(places.into_iter().map(|place| (place, false)));
        for (place, there) in &mut self.places {
            *there = is_there(place);
        }
    }

    /// The beginning of its name as a file, and its content.
    pub fn file(&self) -> (String, Vec<u8>) {
        let places: Vec<&str> = self.places.keys().map(OutPath::as_str).collect();
        // Strings always serialise.
        let json = serde_json::to_vec(&places).unwrap_or_default();
        (self.prefix() + &Digest::of(&json).short(), json)
    }
}

/// The places of a file; `None` where it is damaged.
pub fn places_of(file: &[u8]) -> Option<Vec<OutPath>> {
    let places: Vec<String> = serde_json::from_slice(file).ok()?;
    let inside = places.into_iter().filter(|place| is_inside(place));
    Some(inside.map(OutPath::new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_other_steps_have_other_files() {
        let step = |url: &str| AfterStep {
            url: Some(url.to_owned()),
            command: Vec::new(),
            send: None,
        };
        let mut one = Notification::to(&step("https://a.example/"));
        let places = ["a", "gone"].map(OutPath::new);
        one.add(places.clone(), &|place| place.as_str() == "a");
        assert_eq!(
            one.places.values().copied().collect::<Vec<_>>(),
            [true, false]
        );
        let (name, json) = one.file();
        assert_eq!(places_of(&json), Some(places.into()));
        assert_eq!(places_of(&json[1..]), None);
        assert_eq!(places_of(b"[\"../x\"]"), Some(Vec::new()));
        let other = Notification::to(&step("https://b.example/"));
        assert!(name.starts_with(&one.prefix()) && !name.starts_with(&other.prefix()));
    }
}
