//! What takes place when, as the calendar and other pages show it.
//!
//! Lists begin with the month of the build and hold absolute dates; which of them are over is for the
//! script of the page to say.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::card::{Card, Cards, MomentView};
use super::entry::tied;
use crate::link::occurrences::{Occurrence, Window};
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::date::Moment;
use crate::model::kinds::{Data, Event};
use crate::render::Prepared;

/// Most times that the page of an organization or project shows.
const MOST_OF_PAGE: usize = 6;

/// Most times of one event, so that what comes every week does not hide the rest.
const MOST_OF_ONE: usize = 2;

/// One time that an event takes place.
#[derive(Debug, Serialize)]
pub struct UpcomingView<'a> {
    /// The event.
    pub card: Prepared<Card<'a>>,
    /// When.
    pub when: TimeView,
    /// Whether an earlier time of the same event stands before it in the list.
    pub again: bool,
    /// How often it comes again: `每月`, where it does.
    pub repeats: Option<&'static str>,
    /// The stations it takes place at.
    pub places: Vec<Prepared<Card<'a>>>,
    /// How to sign up, where written.
    pub signup: Option<SignupView<'a>>,
    /// The keys whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

/// When something takes place.
#[derive(Debug, PartialEq, Serialize)]
pub struct TimeView {
    /// When it starts.
    pub start: MomentView,
    /// When it ends, where written.
    pub end: Option<MomentView>,
    /// The hours in words, where any are written: `08:30–10:30`, `08:30 开始`; with the day of the end
    /// where that is another one: `22:00 至 6月1日 02:00`.
    pub hours: Option<String>,
}

/// How to sign up for an event, in short.
#[derive(Debug, Serialize)]
pub struct SignupView<'a> {
    /// The address of a form, where written.
    pub url: Option<&'a str>,
    /// The telephone number, where written.
    pub phone: Option<&'a str>,
    /// Until when, where written.
    pub deadline: Option<MomentView>,
}

/// One time that an event takes place, in short.
#[derive(Debug, Serialize)]
pub struct ComingView<'a> {
    /// The event, with the date of its first time.
    pub card: Prepared<Card<'a>>,
    /// When it starts.
    pub start: MomentView,
    /// When it ends, where written.
    pub end: Option<MomentView>,
}

impl TimeView {
    /// From its start to its end, where one is written.
    pub fn new(start: Moment, end: Option<Moment>) -> Self {
        let start_view = MomentView::from(start);
        let end_view = end.map(MomentView::from);
        let begins = start_view.time.clone();
        let other_day = end.filter(|end| end.date != start.date);
        let ends = end_view.as_ref().and_then(|end| end.time.clone());
        let hours = match (begins, ends, other_day, &end_view) {
            (begins, ends, Some(_), Some(end)) => {
                let parts = [begins, Some(format!("至 {}", end.short)), ends];
                Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
            }
            (Some(begins), Some(ends), ..) => Some(format!("{begins}–{ends}")),
            (Some(begins), None, ..) => Some(format!("{begins} 开始")),
            (None, Some(ends), ..) => Some(format!("至 {ends}")),
            (None, None, ..) => None,
        };
        TimeView {
            start: start_view,
            end: end_view,
            hours,
        }
    }
}

impl<'a> UpcomingView<'a> {
    /// That of one time of an event; `None` for what is no event.
    pub fn new(occurrence: &Occurrence, cards: &'a Cards<'a>) -> Option<Self> {
        let site = cards.site;
        let event = event(occurrence.event, site)?;
        let stations = event.stations.iter();
        let places = stations.filter_map(|station| site.find(Kind::Station, &station.id));
        let repeats = event.repeats.as_ref();
        Some(UpcomingView {
            card: cards.of(occurrence.event),
            when: TimeView::new(occurrence.start, occurrence.end),
            again: false,
            repeats: repeats.map(|repeats| repeats.every.key_and_label().1),
            places: places.map(|id| cards.of(id)).collect(),
            signup: event.signup.as_ref().map(|signup| SignupView {
                url: signup.url.as_ref().map(|url| url.0.as_str()),
                phone: signup.phone.as_deref(),
                deadline: signup.deadline.map(MomentView::from),
            }),
            sample: site.entry(occurrence.event).sample_keys(),
        })
    }
}

/// The event that an entry is.
pub(super) fn event(id: EntryId, site: &Site) -> Option<&Event> {
    match &site.entry(id).raw.data {
        Data::Event(event) => Some(event),
        _ => None,
    }
}

/// The times that begin in the month for which the site is built or later, or last into it, ordered.
pub(super) fn coming(site: &Site) -> impl Iterator<Item = &Occurrence> {
    let window = site.window;
    let times = site.occurrences.iter();
    times.filter(move |time| is_coming(time.start, time.end, window))
}

/// Whether a time begins in the month for which the site is built or later, or lasts into it.
pub(super) fn is_coming(start: Moment, end: Option<Moment>, window: Window) -> bool {
    end.unwrap_or(start).date >= window.month()
}

/// The first `most` times that are still to come.
pub(super) fn upcoming<'a>(cards: &'a Cards<'a>, most: usize) -> Vec<UpcomingView<'a>> {
    let times = coming(cards.site);
    let mut seen = BTreeSet::new();
    let views = times.filter_map(|time| {
        let again = !seen.insert(time.event);
        let view = UpcomingView::new(time, cards)?;
        Some(UpcomingView { again, ..view })
    });
    views.take(most).collect()
}

/// The first times, from the month of the build on, of the events that refer to `to`.
pub(super) fn coming_to<'a>(to: EntryId, cards: &'a Cards<'a>) -> Vec<ComingView<'a>> {
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
    shown.take(MOST_OF_PAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(start: &str, end: Option<&str>) -> Option<String> {
        let moment = |written: &str| Moment::parse(written).unwrap();
        TimeView::new(moment(start), end.map(moment)).hours
    }

    #[test]
    fn hours_are_told_only_where_written() {
        for (start, end, expected) in [
            ("2021-05-22", None, None),
            ("2021-05-22", Some("2021-05-22"), None),
            ("2021-05-22 09:00", None, Some("09:00 开始")),
            (
                "2021-05-22 09:00",
                Some("2021-05-22 11:00"),
                Some("09:00–11:00"),
            ),
            ("2021-05-22", Some("2021-05-22 11:00"), Some("至 11:00")),
            ("2021-05-22", Some("2021-05-24"), Some("至 5月24日")),
            (
                "2021-05-31 22:00",
                Some("2021-06-01 02:00"),
                Some("22:00 至 6月1日 02:00"),
            ),
        ] {
            assert_eq!(hours(start, end).as_deref(), expected, "{start} {end:?}");
        }
    }
}
