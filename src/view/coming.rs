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
    let events: BTreeMap<EntryId, Prepared<Card<'a>>> =
        events.map(|id| (id, tied(id, to, cards))).collect();
    if events.is_empty() {
        return Vec::new();
    }
    let month = site.window.month();
    let first = site
        .occurrences
        .partition_point(|occurrence| occurrence.start.date < month);
    let shown = site.occurrences[first..].iter().filter_map(|occurrence| {
        let card = events.get(&occurrence.event)?;
        Some(ComingView {
            card: card.clone(),
            start: MomentView::from(occurrence.start),
            end: occurrence.end.map(MomentView::from),
        })
    });
    shown.take(MOST).collect()
}
