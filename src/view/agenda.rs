//! What takes place when, as the calendar and other pages show it.
//!
//! Lists begin with the month of the build and hold absolute dates; which of them are over is for the
//! script of the page to say, and how many it shows at once. So that a list does not run empty as the month
//! goes by, it is cut by time and not by number: it holds all of this month and of the next.

use std::collections::BTreeMap;

use serde::Serialize;

use super::card::{Card, Cards, MomentView};
use super::entry::tied;
use crate::link::occurrences::{Occurrence, Window, times};
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::date::Moment;
use crate::model::kinds::{Event, KindData};
use crate::render::Prepared;

/// Most times of one event after the month that follows that of the build.
const MOST_LATER: usize = 3;

/// Most times in a list: no page grows without end.
const MOST: usize = 200;

/// One time that an event takes place.
#[derive(Debug, Serialize)]
pub struct UpcomingView<'a> {
    /// The event.
    pub card: Prepared<Card<'a>>,
    /// When.
    pub when: TimeView,
    /// Which time of its event it is in the list, counted from 1.
    pub nth: usize,
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
    /// Which time of its event it is in the list, counted from 1.
    pub nth: usize,
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
        let repeats = event.repeats.as_ref();
        Some(UpcomingView {
            card: cards.of(occurrence.event),
            when: TimeView::new(occurrence.start, occurrence.end),
            nth: 1,
            repeats: repeats.map(|repeats| repeats.every.key_and_label().1),
            places: cards.targets(&event.stations).collect(),
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
    Event::of(&site.entry(id).raw.data)
}

/// Whether a time begins in the month for which the site is built or later, or lasts into it.
pub(super) fn is_coming(start: Moment, end: Option<Moment>, window: Window) -> bool {
    end.unwrap_or(start).date >= window.month()
}

/// What a list shows of `times`, which are ordered: those of the month of the build and of the next, and of
/// each event a few after that. Each with its number among those of its event, counted from 1.
pub(super) fn listed<'o>(
    times: impl Iterator<Item = &'o Occurrence>,
    window: Window,
) -> impl Iterator<Item = (&'o Occurrence, usize)> {
    let mut known: BTreeMap<EntryId, (usize, usize)> = BTreeMap::new();
    let times = times.filter(move |time| is_coming(time.start, time.end, window));
    let times = times.filter_map(move |time| {
        let (count, later) = known.entry(time.event).or_default();
        *later += usize::from(time.start.date >= window.later());
        *count += 1;
        (*later <= MOST_LATER).then_some((time, *count))
    });
    times.take(MOST)
}

/// The times that are still to come, ordered.
pub(super) fn upcoming<'a>(cards: &'a Cards<'a>) -> Vec<UpcomingView<'a>> {
    let times = listed(cards.site.occurrences.iter(), cards.site.window);
    let views = times.filter_map(|(time, nth)| {
        let view = UpcomingView::new(time, cards)?;
        Some(UpcomingView { nth, ..view })
    });
    views.collect()
}

/// The times of the events that refer to `to` that are still to come, ordered.
pub(super) fn coming_to<'a>(to: EntryId, cards: &'a Cards<'a>) -> Vec<ComingView<'a>> {
    let site = cards.site;
    let events: Vec<EntryId> = site.referring(to, Kind::Event).collect();
    let all = events.iter().flat_map(|id| times_of(*id, site));
    let mut all: Vec<Occurrence> = all.collect();
    all.sort_by_key(|time| (time.start, time.event));
    let ties: BTreeMap<EntryId, Prepared<Card<'a>>> = events
        .into_iter()
        .map(|id| (id, tied(id, to, cards)))
        .collect();
    let shown = listed(all.iter(), site.window);
    let views = shown.map(|(time, nth)| ComingView {
        card: ties[&time.event].clone(),
        start: MomentView::from(time.start),
        end: time.end.map(MomentView::from),
        nth,
    });
    views.collect()
}

/// Every time of an event; of one that repeats, those around the build.
pub(super) fn times_of(id: EntryId, site: &Site) -> Vec<Occurrence> {
    let Some(event) = event(id, site) else {
        return Vec::new();
    };
    let times = times(event, site.window).into_iter();
    let times = times.map(|(start, end)| Occurrence {
        event: id,
        start,
        end,
    });
    times.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(start: &str, end: Option<&str>) -> Option<String> {
        let moment = |written: &str| Moment::parse(written).unwrap();
        TimeView::new(moment(start), end.map(moment)).hours
    }

    #[test]
    fn a_list_holds_this_month_and_the_next_and_has_an_end() {
        let window = Window::around(jiff::civil::date(2021, 5, 20));
        let day = |written: &str| Moment::parse(written).unwrap();
        let weeks = (0..100_i64).map(|week| Occurrence {
            event: EntryId::new(0),
            start: Moment::day(crate::model::date::Date(
                jiff::civil::date(2020, 12, 1) + jiff::Span::new().weeks(week),
            )),
            end: None,
        });
        let mut times: Vec<Occurrence> = weeks.collect();
        let shown: Vec<_> = listed(times.iter(), window).collect();
        let of = |at: usize| (shown[at].0.start, shown[at].1);
        assert_eq!(of(0), (day("2021-05-04"), 1));
        assert_eq!(of(8), (day("2021-06-29"), 9));
        assert_eq!(of(11), (day("2021-07-20"), 12));
        assert_eq!(shown.len(), 12);
        times.clear();
        for event in 0..300 {
            let lasting = Occurrence {
                event: EntryId::new(event),
                start: day("2021-04-20"),
                end: Some(day("2021-05-02")),
            };
            times.push(lasting);
        }
        assert_eq!(listed(times.iter(), window).count(), MOST);
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
