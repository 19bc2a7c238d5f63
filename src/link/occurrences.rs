//! When events take place: those that repeat are unrolled over a window of months.
//!
//! The window depends on the month for which the site is built, never on the day, so that a site
//! built tomorrow is the same.

use jiff::civil;

use super::{Entry, EntryId};
use crate::model::date::{Date, Moment};
use crate::model::kinds::{Data, Event, Every};

/// Months before and after that of the build over which repeats are unrolled.
const MONTHS: i32 = 12;

/// The days over which events that repeat are unrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

impl Window {
    /// The twelve months before the month of `day`, that month, and the twelve after it.
    pub fn around(day: civil::Date) -> Self {
        let month = |offset: i32| Date(shifted(day.first_of_month(), offset).unwrap_or(day));
        Window {
            from: month(-MONTHS),
            to: month(MONTHS + 1),
        }
    }

    /// The first day of the month for which the site is built.
    pub fn month(self) -> Date {
        Date(shifted(self.from.0, MONTHS).unwrap_or(self.from.0))
    }

    /// The first day of the month after the next.
    pub fn later(self) -> Date {
        Date(shifted(self.from.0, MONTHS + 2).unwrap_or(self.from.0))
    }
}

/// One time that an event takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The event.
    pub event: EntryId,
    /// When it starts.
    pub start: Moment,
    /// When it ends, where that is written.
    pub end: Option<Moment>,
}

impl Occurrence {
    /// Its start, with its end where that is written, as ISO 8601 has it:
    /// `2021-05-25T08:30/2021-05-25T10:30`.
    pub fn interval(&self) -> String {
        match self.end {
            Some(end) => format!("{}/{end}", self.start),
            None => self.start.to_string(),
        }
    }
}

/// Every time that the events among `entries` take place: of those that repeat, the times within
/// `window`. Ordered by time.
pub(super) fn occurrences(entries: &[Entry], window: Window) -> Vec<Occurrence> {
    let mut all = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Data::Event(event) = &entry.raw.data {
            let times = times(event, window).into_iter();
            all.extend(times.map(|(start, end)| Occurrence {
                event: EntryId::new(index),
                start,
                end,
            }));
        }
    }
    all.sort_by_key(|occurrence| (occurrence.start, occurrence.event));
    all
}

/// When an event starts and, where that is written, ends: of one that repeats, the times within
/// `window`. Ordered by time.
pub fn times(event: &Event, window: Window) -> Vec<(Moment, Option<Moment>)> {
    let starts = starts(event, window).into_iter();
    starts.map(|start| (start, end(event, start))).collect()
}

/// When the event starts, each time. A day that a month lacks is passed over (RFC 5545, 3.3.10).
fn starts(event: &Event, window: Window) -> Vec<Moment> {
    let Some(repeats) = &event.repeats else {
        return vec![event.start];
    };
    let first = event.start.date.0;
    let last = repeats.until.map_or(civil::Date::MAX, |until| until.0);
    let mut starts = Vec::new();
    for count in 0.. {
        let Some((earliest, day)) = nth(first, repeats.every, count) else {
            break;
        };
        if earliest >= window.to.0 || earliest > last {
            break;
        }
        let is_wanted =
            |day: &civil::Date| *day <= last && (window.from.0..window.to.0).contains(day);
        starts.extend(day.filter(is_wanted).map(|day| Moment {
            date: Date(day),
            ..event.start
        }));
    }
    starts
}

/// The day of the repeat with this number, if there is one, and the first day that it could be;
/// `None` beyond the calendar.
fn nth(first: civil::Date, every: Every, count: i32) -> Option<(civil::Date, Option<civil::Date>)> {
    let months = match every {
        Every::Week => {
            let day = first.checked_add(jiff::Span::new().try_weeks(count).ok()?);
            let day = day.ok()?;
            return Some((day, Some(day)));
        }
        Every::Month => count,
        Every::Quarter => count.checked_mul(3)?,
        Every::Year => count.checked_mul(12)?,
    };
    let month = shifted(first.first_of_month(), months)?;
    let day = civil::Date::new(month.year(), month.month(), first.day());
    Some((month, day.ok()))
}

/// When an event that starts at `start` this time ends: it lasts as many days as the first time.
fn end(event: &Event, start: Moment) -> Option<Moment> {
    let end = event.end?;
    let days = event.start.date.0.until(end.date.0).ok()?;
    Some(Moment {
        date: Date(start.date.0.checked_add(days).ok()?),
        ..end
    })
}

fn shifted(month: civil::Date, months: i32) -> Option<civil::Date> {
    let span = jiff::Span::new().try_months(months).ok()?;
    month.checked_add(span).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kinds::Repeats;

    fn event(start: &str, every: Every, until: Option<&str>) -> Event {
        let day = |written: &str| Moment::parse(written).unwrap();
        Event {
            start: day(start),
            end: Some(day(start)),
            repeats: Some(Repeats {
                every,
                until: until.map(|until| day(until).date),
            }),
            stations: Vec::new(),
            organizations: Vec::new(),
            projects: Vec::new(),
            campaigns: Vec::new(),
            signup: None,
        }
    }

    fn days(event: &Event) -> Vec<String> {
        let window = Window::around(civil::date(2021, 5, 20));
        let starts = starts(event, window).into_iter();
        starts.map(|start| start.to_string()).collect()
    }

    #[test]
    fn the_window_is_the_same_for_every_day_of_a_month() {
        let window = Window::around(civil::date(2021, 5, 1));
        assert_eq!(window, Window::around(civil::date(2021, 5, 31)));
        assert_eq!(window.from.to_string(), "2020-05-01");
        assert_eq!(window.to.to_string(), "2022-06-01");
        assert_eq!(window.month().to_string(), "2021-05-01");
        assert_eq!(window.later().to_string(), "2021-07-01");
    }

    #[test]
    fn a_day_that_a_month_lacks_is_passed_over() {
        let days = days(&event("2021-01-31 08:30", Every::Month, Some("2021-06-30")));
        assert_eq!(
            days,
            ["2021-01-31T08:30", "2021-03-31T08:30", "2021-05-31T08:30"]
        );
    }

    #[test]
    fn repeats_from_long_ago_are_unrolled_within_the_window_only() {
        let weekly = days(&event("1990-01-01", Every::Week, None));
        assert_eq!(weekly.len(), 109);
        assert_eq!(weekly[0], "2020-05-04");
        assert_eq!(days(&event("1990-02-28", Every::Quarter, None)).len(), 9);
        assert_eq!(
            days(&event("2000-02-29", Every::Year, None)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_end_on_a_later_day_moves_with_the_start() {
        let mut event = event("2021-05-31 22:00", Every::Month, None);
        event.end = Some(Moment::parse("2021-06-01 02:00").unwrap());
        let start = Moment::parse("2021-07-31 22:00").unwrap();
        assert_eq!(end(&event, start).unwrap().to_string(), "2021-08-01T02:00");
    }
}
