//! What the front pages of the reports show beyond their list: the ways in.

use serde::Serialize;

use crate::link::Site;
use crate::link::lists::{List, ListOf};
use crate::link::own_pages::OwnPage;
use crate::model::Kind;
use crate::render::Prepared;
use crate::view::{Card, Cards};

/// What the template of the front page of the reports, or of one year of them, gets beside `list`.
#[derive(Debug, Serialize)]
pub struct ReportsView<'a> {
    /// The years with reports and their months, newest year first; on the page of a year that year
    /// alone.
    pub periods: Vec<Period>,
    /// What reports belong to: organizations, projects, stations, topics; not on the page of a year.
    pub ways: Vec<Ways<'a>>,
    /// How many reports there are.
    pub total: usize,
}

/// A year of reports.
#[derive(Debug, Serialize)]
pub struct Period {
    /// The year.
    pub year: i16,
    /// The link to its list.
    pub url: String,
    /// How many reports it has.
    pub total: usize,
    /// The months with reports, January first.
    pub months: Vec<MonthLink>,
}

/// A month of reports.
#[derive(Debug, Serialize)]
pub struct MonthLink {
    /// 1 to 12.
    pub month: i8,
    /// The link to its page in the calendar, where there is one.
    pub url: Option<String>,
    /// How many reports it has.
    pub total: usize,
}

/// The entries of one kind that have lists of reports.
#[derive(Debug, Serialize)]
pub struct Ways<'a> {
    /// The name of their kind.
    pub kind: &'static str,
    /// The entries, in the order of their collection.
    pub items: Vec<Way<'a>>,
}

/// An entry that has a list of reports.
#[derive(Debug, Serialize)]
pub struct Way<'a> {
    /// The entry.
    pub entry: Prepared<Card<'a>>,
    /// The link to its list of reports.
    pub url: String,
    /// How many reports it has.
    pub total: usize,
}

/// The kinds by which residents look for reports, in the order in which they are offered.
const WAYS: [Kind; 6] = [
    Kind::Project,
    Kind::Organization,
    Kind::Station,
    Kind::Topic,
    Kind::Campaign,
    Kind::Community,
];

impl<'a> ReportsView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let ways = WAYS.into_iter().map(|kind| ways(kind, cards));
        ReportsView {
            periods: periods(None, site),
            ways: ways.filter(|ways| !ways.items.is_empty()).collect(),
            total: site.of_kind(Kind::Report).len(),
        }
    }

    /// That of one year.
    pub fn of_year(year: i16, cards: &'a Cards<'a>) -> Self {
        let periods = periods(Some(year), cards.site);
        ReportsView {
            total: periods.iter().map(|period| period.total).sum(),
            periods,
            ways: Vec::new(),
        }
    }
}

fn periods(only: Option<i16>, site: &Site) -> Vec<Period> {
    let years = site.lists.iter().rev().filter_map(|list| match list.of {
        ListOf::Year(Kind::Report, year) if only.is_none_or(|only| only == year) => {
            Some((year, list))
        }
        _ => None,
    });
    let period = |(year, list): (i16, &List)| Period {
        year,
        url: site.addresses.page(&list.path),
        total: list.entries.len(),
        months: months(year, list, site),
    };
    years.map(period).collect()
}

fn months(year: i16, list: &List, site: &Site) -> Vec<MonthLink> {
    let mut months: Vec<MonthLink> = Vec::new();
    let dates = list.entries.iter().filter_map(|id| site.entry(*id).date());
    for month in dates.map(|moment| moment.date.0.month()) {
        match months.last_mut().filter(|last| last.month == month) {
            Some(last) => last.total += 1,
            None => {
                months.push(MonthLink {
                    month,
                    url: site.own_page(OwnPage::Month(year, month)),
                    total: 1,
                });
            }
        }
    }
    months
}

fn ways<'a>(kind: Kind, cards: &Cards<'a>) -> Ways<'a> {
    let site = cards.site;
    let ids = site.of_kind(kind).iter();
    let listed = ids.filter_map(|id| Some((*id, site.reports_of(*id)?)));
    let way = |(id, list): (_, &List)| Way {
        entry: cards.of(id),
        url: site.addresses.page(&list.path),
        total: list.entries.len(),
    };
    Ways {
        kind: kind.name(),
        items: listed.map(way).collect(),
    }
}
