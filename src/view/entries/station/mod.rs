//! What the page of a station shows beyond its keys: hours by day, the week of its rooms, what
//! takes place there.

mod schedule;

pub use schedule::{DayPlan, RoomPlan, Schedule, ScheduleDay, TimeBlock, UseTime};

use serde::Serialize;

use crate::link::EntryId;
use crate::model::Kind;
use crate::model::date::Moment;
use crate::model::kinds::Station;
use crate::render::Prepared;
use crate::view::agenda::{event, listed, times_of};
use crate::view::directions::Directions;
use crate::view::entry::tied;
use crate::view::hours::Week;
use crate::view::{Card, Cards, HoursRow, MomentView};

/// What the template of a station gets beside `entry`.
#[derive(Debug, Serialize)]
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
    /// The events that take place there and are not over when the month of the build begins.
    pub events: Vec<StationEvent<'a>>,
}

/// An event at a station.
#[derive(Debug, Serialize)]
pub struct StationEvent<'a> {
    /// The event, with the date of its first time.
    pub card: Prepared<Card<'a>>,
    /// How often it comes again: `每月`, where it does.
    pub repeats: Option<&'static str>,
    /// The last day on which it may come again, where that is written.
    pub until: Option<MomentView>,
    /// When it takes place in the month of the build, in the next, and a few times after, separated by
    /// spaces: starts, with their ends where those are written, as
    /// `2021-05-25T08:30/2021-05-25T10:30 2021-06-25T08:30/2021-06-25T10:30`.
    pub times: String,
    /// The keys whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

impl<'a> StationView<'a> {
    /// That of an entry.
    pub fn new(id: EntryId, station: &'a Station, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
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

/// The events at the station that are not over.
fn events<'a>(id: EntryId, cards: &'a Cards<'a>) -> Vec<StationEvent<'a>> {
    let site = cards.site;
    let shown = |of: EntryId| {
        let all = times_of(of, site);
        let times: Vec<String> = listed(all.iter(), site.window)
            .map(|(time, _)| time.interval())
            .collect();
        let repeats = event(of, site)?.repeats.as_ref();
        let until = repeats.and_then(|repeats| repeats.until);
        (!times.is_empty()).then(|| StationEvent {
            card: tied(of, id, cards),
            repeats: repeats.map(|repeats| repeats.every.key_and_label().1),
            until: until.map(|day| MomentView::from(Moment::day(day))),
            times: times.join(" "),
            sample: site.entry(of).sample_keys(),
        })
    };
    site.referring(id, Kind::Event).filter_map(shown).collect()
}
