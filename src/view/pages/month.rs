//! What the page of a month shows.

use std::collections::BTreeMap;

use jiff::civil;
use serde::Serialize;

use super::calendar::MonthLink;
use crate::link::occurrences::Occurrence;
use crate::link::own_pages::OwnPage;
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::date::{Date, Moment};
use crate::render::Prepared;
use crate::view::{Card, Cards, MomentView, TimeView};

/// Most items of a day in the grid; all are in the list below it.
const MOST_IN_GRID: usize = 3;

/// What the template of a month gets.
#[derive(Debug, Serialize)]
pub struct MonthView<'a> {
    /// The year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// The weeks from Monday to Sunday, filled up with empty days.
    pub weeks: Vec<Vec<GridDay<'a>>>,
    /// The days on which there is anything.
    pub days: Vec<MonthDay<'a>>,
    /// The month before that has a page.
    pub earlier: Option<MonthLink>,
    /// The month after that has a page.
    pub later: Option<MonthLink>,
}

/// A day in the grid.
#[derive(Debug, Serialize)]
pub struct GridDay<'a> {
    /// `2021-05-25`; empty for a day that only fills the week.
    pub iso: String,
    /// The day of the month; none for a day that only fills the week.
    pub day: Option<i8>,
    /// The first three of what there is.
    pub items: Vec<Happening<'a>>,
    /// How many more there are in the list.
    pub more: usize,
}

/// A day in the list.
#[derive(Debug, Serialize)]
pub struct MonthDay<'a> {
    /// The day.
    pub date: MomentView,
    /// What there is: events by time, then reports.
    pub items: Vec<Happening<'a>>,
}

/// An event or a report on a day.
#[derive(Debug, Clone, Serialize)]
pub struct Happening<'a> {
    /// The event or report.
    pub card: Prepared<Card<'a>>,
    /// `event` or `report`.
    pub kind: &'static str,
    /// When it starts: `08:30`, where written.
    pub time: Option<String>,
    /// The hours of an event in words, as those of a time.
    pub hours: Option<String>,
    /// When it starts, `2021-05-25T08:30`.
    pub start: String,
    /// When it ends, where written.
    pub end: Option<String>,
    /// Whether that is illustrative.
    pub sample: bool,
}

impl<'a> MonthView<'a> {
    /// That of a year and a month, 1 to 12.
    pub fn new(year: i16, month: i8, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let days = happenings(year, month, cards);
        let pages = || {
            site.own_pages.iter().filter_map(|page| match *page {
                OwnPage::Month(year, month) => Some((year, month)),
                _ => None,
            })
        };
        let link = |(year, month): (i16, i8)| MonthLink::new(year, month, site);
        MonthView {
            year,
            month,
            weeks: weeks(year, month, &days),
            earlier: pages().filter(|page| *page < (year, month)).max().map(link),
            later: pages().filter(|page| *page > (year, month)).min().map(link),
            days: days
                .into_iter()
                .map(|(day, items)| MonthDay {
                    date: MomentView::from(Moment::day(day)),
                    items,
                })
                .collect(),
        }
    }
}

/// What takes and took place in a month: the times of events, and the reports. Both are ordered by
/// time in the site, so that a month is found without going through all of them.
pub(super) fn in_month(year: i16, month: i8, site: &Site) -> (&[Occurrence], &[EntryId]) {
    let key = |moment: Moment| (moment.date.0.year(), moment.date.0.month());
    let wanted = (year, month);
    let times = &site.occurrences[..];
    let from = times.partition_point(|time| key(time.start) < wanted);
    let to = times.partition_point(|time| key(time.start) <= wanted);
    let reports = site
        .collections
        .get(&Kind::Report)
        .map_or(&[][..], |ids| ids);
    let date = |id: &EntryId| site.entry(*id).date().map(key);
    let first = reports.partition_point(|id| date(id) < Some(wanted));
    let last = reports.partition_point(|id| date(id) <= Some(wanted));
    (&times[from..to], &reports[first..last])
}

fn happenings<'a>(
    year: i16,
    month: i8,
    cards: &'a Cards<'a>,
) -> BTreeMap<Date, Vec<Happening<'a>>> {
    let site = cards.site;
    let (events, reports) = in_month(year, month, site);
    let mut days: BTreeMap<Date, Vec<Happening<'a>>> = BTreeMap::new();
    for time in events {
        let when = TimeView::new(time.start, time.end);
        days.entry(time.start.date).or_default().push(Happening {
            card: cards.of(time.event),
            kind: "event",
            time: when.start.time,
            hours: when.hours,
            start: when.start.iso,
            end: when.end.map(|end| end.iso),
            sample: site.entry(time.event).is_sample("start"),
        });
    }
    for &id in reports {
        let entry = site.entry(id);
        if let Some(moment) = entry.date() {
            days.entry(moment.date).or_default().push(Happening {
                card: cards.of(id),
                kind: "report",
                time: None,
                hours: None,
                start: moment.to_string(),
                end: None,
                sample: entry.is_sample("date"),
            });
        }
    }
    days
}

fn weeks<'a>(
    year: i16,
    month: i8,
    days: &BTreeMap<Date, Vec<Happening<'a>>>,
) -> Vec<Vec<GridDay<'a>>> {
    let Ok(first) = civil::Date::new(year, month, 1) else {
        return Vec::new();
    };
    let before = first.weekday().to_monday_zero_offset();
    let length = before + first.days_in_month();
    let cell = |offset: i8| {
        let number = offset - before + 1;
        let day = civil::Date::new(year, month, number).ok();
        let items = day
            .and_then(|day| days.get(&Date(day)))
            .map_or(&[][..], |items| items);
        GridDay {
            iso: day.map(|day| Date(day).to_string()).unwrap_or_default(),
            day: day.map(|day| day.day()),
            items: items.iter().take(MOST_IN_GRID).cloned().collect(),
            more: items.len().saturating_sub(MOST_IN_GRID),
        }
    };
    let rows = (length + 6) / 7;
    let row = |row: i8| (row * 7..row * 7 + 7).map(cell).collect();
    (0..rows).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_hold_every_day_once() {
        for (year, month, rows, blank) in [(2021, 2, 4, 0), (2021, 5, 6, 5), (2020, 2, 5, 5)] {
            let weeks = weeks(year, month, &BTreeMap::new());
            assert_eq!(weeks.len(), rows);
            assert!(weeks.iter().all(|week| week.len() == 7));
            let is_blank = weeks[0].iter().take_while(|day| day.day.is_none());
            assert_eq!(is_blank.count(), blank);
            let days: Vec<i8> = weeks.iter().flatten().filter_map(|day| day.day).collect();
            assert!(days.windows(2).all(|pair| pair[0] + 1 == pair[1]));
            let first = civil::Date::new(year, month, 1).unwrap();
            assert_eq!(days.last(), Some(&first.days_in_month()));
        }
    }
}
