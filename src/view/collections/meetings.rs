//! What the front page of the meetings shows beyond its list: which were held, by year.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::link::{EntryId, Site};
use crate::model::date::Date;
use crate::model::kinds::{Every, Meeting, MeetingKind};
use crate::render::Prepared;
use crate::view::{Card, Cards};

/// What the template of the front page of the meetings gets as part of `list`.
#[derive(Debug, Serialize)]
pub struct MeetingsView<'a> {
    /// The years with meetings, newest first; with `show_gaps` also those in which some were due.
    pub held: Vec<MeetingYear<'a>>,
}

/// A year's meetings as a table.
#[derive(Debug, Serialize)]
pub struct MeetingYear<'a> {
    /// The year.
    pub year: i16,
    /// The sorts of meetings.
    pub columns: Vec<MeetingColumn>,
    /// The months that have any, and with `show_gaps` those that lack one.
    pub rows: Vec<MeetingRow<'a>>,
}

/// A sort of meeting.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct MeetingColumn {
    /// The label: `联席会议`.
    pub label: &'static str,
    /// How often it is to take place: `每季度`, where that is written.
    pub every: Option<&'static str>,
}

/// A month.
#[derive(Debug, Serialize)]
pub struct MeetingRow<'a> {
    /// 1 to 12.
    pub month: i8,
    /// The cells of the columns; one that spans months stands in the row of the first of them.
    pub cells: Vec<MeetingCell<'a>>,
}

/// The meetings of one sort in a month or a quarter.
#[derive(Debug, Serialize)]
pub struct MeetingCell<'a> {
    /// Over how many rows it reaches.
    pub span: usize,
    /// The meetings, oldest first.
    pub items: Vec<Prepared<Card<'a>>>,
    /// Whether a meeting was due and none is recorded; only with `show_gaps`.
    pub missing: bool,
}

/// Most years before that of the build for which it is said that meetings were due.
const MOST_YEARS: i16 = 30;

/// A column, for which months one meeting is due, and since when.
struct Sort {
    kind: MeetingKind,
    column: MeetingColumn,
    months: i8,
    since: Option<Date>,
}

/// The meetings of one year by kind and month.
type Held = BTreeMap<(MeetingKind, i8), Vec<EntryId>>;

impl<'a> MeetingsView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let mut years: BTreeMap<i16, Held> = BTreeMap::new();
        for (id, meeting) in site.all::<Meeting>() {
            if let Some(moment) = site.entry(id).date() {
                let held = years.entry(moment.date.year()).or_default();
                let place = (meeting.kind, moment.date.0.month());
                held.entry(place).or_default().push(id);
            }
        }
        let sorts = sorts(site, &years);
        if site.config.show_gaps {
            add_years_due(&mut years, &sorts, site.window.month().year());
        }
        let tables = years.into_iter().rev();
        let tables = tables.map(|(year, held)| table(year, &held, &sorts, cards));
        MeetingsView {
            held: tables.filter(|table| !table.rows.is_empty()).collect(),
        }
    }
}

/// Adds the years in which meetings were due: from the one in which the first rule began, or the first
/// meeting is recorded, to that of the build. Those of them in which none was due stay without rows.
fn add_years_due(years: &mut BTreeMap<i16, Held>, sorts: &[Sort], now: i16) {
    let rules = sorts.iter().filter(|sort| sort.column.every.is_some());
    let since = rules.filter_map(|sort| sort.since);
    let first = since.map(Date::year).min();
    for year in first.map_or(now, |first| first.max(now - MOST_YEARS))..=now {
        years.entry(year).or_default();
    }
}

/// The sorts of meetings that are to take place, then others that did.
fn sorts(site: &Site, years: &BTreeMap<i16, Held>) -> Vec<Sort> {
    let mut sorts: Vec<Sort> = Vec::new();
    let mut add = |kind: MeetingKind, every: Option<Every>, since| {
        if sorts.iter().all(|sort| sort.kind != kind) {
            sorts.push(Sort {
                kind,
                column: MeetingColumn {
                    label: kind.key_and_label().1,
                    every: every.map(|every| every.key_and_label().1),
                },
                months: match every {
                    Some(Every::Quarter) => 3,
                    Some(Every::Year) => 12,
                    Some(Every::Week | Every::Month) | None => 1,
                },
                since,
            });
        }
    };
    // A rule that does not say since when it holds is known to from the first year of meetings on.
    let first = years.first_key_value().map(|(year, _)| *year);
    let first = first.and_then(|year| jiff::civil::Date::new(year, 1, 1).ok());
    for rule in &site.config.cadence {
        add(
            rule.meeting,
            Some(rule.every),
            rule.since.or(first.map(Date)),
        );
    }
    let held: BTreeSet<MeetingKind> = years
        .values()
        .flat_map(|held| held.keys().map(|key| key.0))
        .collect();
    for kind in held {
        add(kind, None, None);
    }
    sorts
}

fn table<'a>(year: i16, held: &Held, sorts: &[Sort], cards: &'a Cards<'a>) -> MeetingYear<'a> {
    let site = cards.site;
    let gaps = |sort: &Sort, first: i8| {
        let none =
            (first..first + sort.months).all(|month| !held.contains_key(&(sort.kind, month)));
        none && sort.column.every.is_some()
            && site.config.show_gaps
            && is_due(year, first, sort, site.window.month())
    };
    let first_of = |sort: &Sort, month: i8| month - (month - 1) % sort.months;
    let is_shown = |month: i8| {
        sorts
            .iter()
            .any(|sort| held.contains_key(&(sort.kind, month)) || gaps(sort, first_of(sort, month)))
    };
    let months: Vec<i8> = (1..=12).filter(|month| is_shown(*month)).collect();
    let cell = |sort: &Sort, month: i8| {
        let first = first_of(sort, month);
        let covered = first..first + sort.months;
        let mut rows = months.iter().filter(|month| covered.contains(month));
        // The cell stands in the first of its rows that is shown.
        if rows.clone().next() != Some(&month) {
            return None;
        }
        let items = covered
            .clone()
            .filter_map(|month| held.get(&(sort.kind, month)));
        Some(MeetingCell {
            span: rows.by_ref().count(),
            items: items.flatten().map(|id| cards.of(*id)).collect(),
            missing: gaps(sort, first),
        })
    };
    MeetingYear {
        year,
        columns: sorts
            .iter()
            .map(|sort| MeetingColumn { ..sort.column })
            .collect(),
        rows: months
            .iter()
            .map(|&month| MeetingRow {
                month,
                cells: sorts.iter().filter_map(|sort| cell(sort, month)).collect(),
            })
            .collect(),
    }
}

/// Whether the months from `first` on are over in the month of the build, and the rule held then.
fn is_due(year: i16, first: i8, sort: &Sort, now: Date) -> bool {
    let after = i32::from(year) * 12 + i32::from(first + sort.months);
    let begins = i32::from(year) * 12 + i32::from(first);
    let index = |date: Date| i32::from(date.year()) * 12 + i32::from(date.0.month());
    after <= index(now) && sort.since.is_some_and(|since| begins >= index(since))
}
