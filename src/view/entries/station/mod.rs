//! What the page of a station shows beyond its keys: hours by day, the week of its rooms, what
//! takes place there.

mod schedule;

pub use schedule::{DayPlan, RoomPlan, Schedule, ScheduleDay, TimeBlock, UseTime};

use std::collections::BTreeMap;

use serde::Serialize;

use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::kinds::Data;
use crate::render::Prepared;
use crate::view::agenda::event;
use crate::view::directions::Directions;
use crate::view::hours::Week;
use crate::view::{Card, Cards, HoursRow};

/// What the template of a station gets beside `entry`.
#[derive(Debug, Default, Serialize)]
pub struct StationView<'a> {
    /// Its hours in the short form that the script `_open.js` reads,
    /// `1-5 0830-1130 1400-1700;6 0900-1130`; empty where none are written.
    pub hours_code: String,
    /// Its hours, days with the same ones together; empty where none are written.
    pub week: Vec<HoursRow>,
    /// The way there, where its place is written.
    pub directions: Option<Directions>,
    /// The week of its rooms, where times of their uses are written.
    pub schedule: Option<Schedule<'a>>,
    /// The events that take place there.
    pub events: Vec<StationEvent<'a>>,
}

/// An event at a station.
#[derive(Debug, Serialize)]
pub struct StationEvent<'a> {
    /// The event, with the date of its first time.
    pub card: Prepared<Card<'a>>,
    /// How often it comes again: `每月`, where it does.
    pub repeats: Option<&'static str>,
    /// The starts, separated by spaces: `2021-05-25T08:30 2021-06-25T08:30`. Those of an event that
    /// repeats lie in the months around the build.
    pub starts: String,
}

impl<'a> StationView<'a> {
    /// That of an entry.
    pub fn new(id: EntryId, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let Data::Station(station) = &site.entry(id).raw.data else {
            return StationView::default();
        };
        let week = Week::of(&station.hours);
        StationView {
            hours_code: week.code(),
            week: week.rows(),
            directions: station.location.as_ref().map(|location| {
                Directions::new(
                    location,
                    site.entry(id).title(),
                    station.address.as_deref(),
                    site,
                )
            }),
            schedule: Schedule::new(&station.rooms, cards),
            events: events(id, cards),
        }
    }
}

fn events<'a>(id: EntryId, cards: &'a Cards<'a>) -> Vec<StationEvent<'a>> {
    let site = cards.site;
    let all: Vec<EntryId> = site.referring(id, Kind::Event).collect();
    let mut starts = starts(&all, site);
    let shown = |id: &EntryId| {
        let repeats = event(*id, site)?.repeats.as_ref();
        Some(StationEvent {
            card: cards.of(*id),
            repeats: repeats.map(|repeats| repeats.every.key_and_label().1),
            starts: starts.remove(id).unwrap_or_default().join(" "),
        })
    };
    all.iter().filter_map(shown).collect()
}

/// When each of the `wanted` events starts; the many times of the site are gone through only for
/// those that repeat.
fn starts(wanted: &[EntryId], site: &Site) -> BTreeMap<EntryId, Vec<String>> {
    let mut starts = BTreeMap::new();
    let mut repeating = false;
    for &id in wanted {
        if let Some(event) = event(id, site) {
            let once = event.repeats.is_none();
            repeating |= !once;
            let start = once.then(|| event.start.to_string());
            starts.insert(id, start.into_iter().collect::<Vec<_>>());
        }
    }
    let times = site.occurrences.iter().filter(|_| repeating);
    for time in times {
        if let Some(known) = starts.get_mut(&time.event)
            && event(time.event, site).is_some_and(|event| event.repeats.is_some())
        {
            known.push(time.start.to_string());
        }
    }
    starts
}
