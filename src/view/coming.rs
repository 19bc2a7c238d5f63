//! What takes place soon, as the pages of organizations and projects show it.
//!
//! The list begins with the month of the build and holds absolute dates; which of them are over is
//! for the script of the page to say.

use std::collections::BTreeMap;

use serde::Serialize;

use super::card::{Card, Cards, MomentView};
use super::entry::tied;
use crate::link::EntryId;
use crate::model::Kind;
use crate::render::Prepared;

/// Most times that a page shows.
const MOST: usize = 6;

/// Most times of one event, so that what comes every week does not hide the rest.
const MOST_OF_ONE: usize = 2;

/// One time that an event takes place.
#[derive(Debug, Serialize)]
pub struct ComingView<'a> {
    /// The event, with the date of its first time.
    pub card: Prepared<Card<'a>>,
    /// When it starts.
    pub start: MomentView,
    /// When it ends, where written.
    pub end: Option<MomentView>,
}

/// The first times, from the month of the build on, of the events that refer to `to`.
pub(super) fn coming<'a>(to: EntryId, cards: &'a Cards<'a>) -> Vec<ComingView<'a>> {
    let site = cards.site;
    let events = site.referring(to, Kind::Event);
    let mut events: BTreeMap<EntryId, (Prepared<Card<'a>>, usize)> =
        events.map(|id| (id, (tied(id, to, cards), 0))).collect();
    if events.is_empty() {
        return Vec::new();
    }
    let month = site.window.month();
    let first = site
        .occurrences
        .partition_point(|occurrence| occurrence.start.date < month);
    let shown = site.occurrences[first..].iter().filter_map(|occurrence| {
        let (card, times) = events.get_mut(&occurrence.event)?;
        *times += 1;
        (*times <= MOST_OF_ONE).then(|| ComingView {
            card: card.clone(),
            start: MomentView::from(occurrence.start),
            end: occurrence.end.map(MomentView::from),
        })
    });
    shown.take(MOST).collect()
}
