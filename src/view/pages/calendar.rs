//! What the calendar shows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::month::in_month;
use crate::link::Site;
use crate::link::own_pages::OwnPage;
use crate::view::agenda::upcoming;
use crate::view::{Cards, UpcomingView};

/// Most times of events in the page: those that script shows as the others pass.
const MOST: usize = 40;

/// What the template of the calendar gets.
#[derive(Debug, Serialize)]
pub struct CalendarView<'a> {
    /// What takes place from the month of the build on, ordered by time.
    pub upcoming: Vec<UpcomingView<'a>>,
    /// The years with months that have pages, newest first.
    pub years: Vec<CalendarYear>,
}

/// A year of the calendar.
#[derive(Debug, Serialize)]
pub struct CalendarYear {
    /// The year.
    pub year: i16,
    /// Its months that have pages.
    pub months: Vec<MonthLink>,
}

/// A month of the calendar.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct MonthLink {
    /// The year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// `2021-05`.
    pub iso: String,
    /// The link.
    pub url: String,
    /// How many events and reports it has.
    pub count: usize,
}

impl<'a> CalendarView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let mut years: BTreeMap<i16, Vec<MonthLink>> = BTreeMap::new();
        for page in &cards.site.own_pages {
            if let OwnPage::Month(year, month) = *page {
                let months = years.entry(year).or_default();
                months.push(MonthLink::new(year, month, cards.site));
            }
        }
        let years = years.into_iter().rev();
        CalendarView {
            upcoming: upcoming(cards, MOST),
            years: years
                .map(|(year, months)| CalendarYear { year, months })
                .collect(),
        }
    }
}

impl MonthLink {
    /// That of a month that has a page.
    pub fn new(year: i16, month: i8, site: &Site) -> Self {
        let (events, reports) = in_month(year, month, site);
        MonthLink {
            year,
            month,
            iso: format!("{year:04}-{month:02}"),
            url: site.addresses.page(&OwnPage::Month(year, month).path()),
            count: events.len() + reports.len(),
        }
    }
}
