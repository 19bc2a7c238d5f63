//! What the calendar shows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::data::SubscriptionView;
use super::month::in_month;
use crate::link::Site;
use crate::link::offers::Offer;
use crate::link::own_pages::OwnPage;
use crate::view::agenda::upcoming;
use crate::view::{Cards, UpcomingView};

/// What the template of the calendar gets.
#[derive(Debug, Serialize)]
pub struct CalendarView<'a> {
    /// What takes place in the month of the build, in the next, and a few times after, ordered.
    pub upcoming: Vec<UpcomingView<'a>>,
    /// The years with months that have pages, newest first.
    pub years: Vec<CalendarYear>,
    /// The calendar of all events to subscribe to, where there is one.
    pub subscription: Option<SubscriptionView<'a>>,
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
            upcoming: upcoming(cards),
            years: years
                .map(|(year, months)| CalendarYear { year, months })
                .collect(),
            subscription: SubscriptionView::of_site(Offer::Calendar(None), cards),
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
