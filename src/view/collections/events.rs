//! What the front page of the events shows beyond its list.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::link::EntryId;
use crate::render::Prepared;
use crate::view::agenda::{coming, event};
use crate::view::{Card, Cards, UpcomingView};

/// Most times of one repeating event that the page shows, so that others are not lost among them.
const MOST_REPEATS: usize = 6;

/// Most times that the page shows.
const MOST: usize = 200;

/// What the template of the front page of the events gets as part of `list`.
#[derive(Debug, Serialize)]
pub struct EventsView<'a> {
    /// The times from the month of the build on, ordered; of an event that repeats the first six.
    pub upcoming: Vec<UpcomingView<'a>>,
    /// Those of `items` that no longer take place, the latest first.
    pub past: Vec<Prepared<Card<'a>>>,
}

impl<'a> EventsView<'a> {
    /// That of a site; `shown` are the events on the page, oldest first.
    pub fn new(shown: &[EntryId], cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let mut counts: BTreeMap<EntryId, usize> = BTreeMap::new();
        let mut upcoming = Vec::new();
        for time in coming(site) {
            let count = counts.entry(time.event).or_default();
            *count += 1;
            let repeats = event(time.event, site).is_some_and(|event| event.repeats.is_some());
            if upcoming.len() < MOST && (!repeats || *count <= MOST_REPEATS) {
                upcoming.extend(UpcomingView::new(time, cards));
            }
        }
        let past = shown.iter().rev().filter(|id| !counts.contains_key(id));
        EventsView {
            upcoming,
            past: past.map(|id| cards.of(*id)).collect(),
        }
    }
}
