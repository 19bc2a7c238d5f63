//! What the front page of the events shows beyond its list.

use serde::Serialize;

use crate::link::EntryId;
use crate::render::Prepared;
use crate::view::agenda::{is_coming, times_of, upcoming};
use crate::view::{Card, Cards, UpcomingView};

/// What the template of the front page of the events gets as part of `list`.
#[derive(Debug, Serialize)]
pub struct EventsView<'a> {
    /// What takes place in the month of the build, in the next, and a few times after, ordered.
    pub upcoming: Vec<UpcomingView<'a>>,
    /// Those of `items` that no longer take place, the latest first.
    pub past: Vec<Prepared<Card<'a>>>,
}

impl<'a> EventsView<'a> {
    /// That of a site; `shown` are the events on the page, oldest first.
    pub fn new(shown: &[EntryId], cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let is_past = |id: &&EntryId| {
            let mut times = times_of(**id, site).into_iter();
            !times.any(|time| is_coming(time.start, time.end, site.window))
        };
        EventsView {
            upcoming: upcoming(cards),
            past: shown
                .iter()
                .rev()
                .filter(is_past)
                .map(|id| cards.of(*id))
                .collect(),
        }
    }
}
