//! The timeline of a project: its milestones and the reports about it, by date.

use serde::Serialize;

use crate::link::{EntryId, Site};
use crate::model::date::Moment;
use crate::model::kinds::Project;
use crate::render::Prepared;
use crate::view::entry::tied;
use crate::view::{Card, Cards, MomentView};

/// Most reports on a timeline; the rest are in their list.
const MOST_REPORTS: usize = 20;

/// What happened when, the newest year first.
#[derive(Debug, Default, Serialize)]
pub struct Timeline<'a> {
    /// The years, the newest first.
    pub years: Vec<TimelineYear<'a>>,
    /// How many reports about it there are in all.
    pub reports: usize,
    /// How many of them the timeline leaves out.
    pub left_out: usize,
    /// The link to the list of them all, where there are any.
    pub url: Option<String>,
}

/// What happened in one year.
#[derive(Debug, Serialize)]
pub struct TimelineYear<'a> {
    /// The year.
    pub year: i16,
    /// What happened, the newest first.
    pub items: Vec<TimelineItem<'a>>,
}

/// Something that happened: a milestone or a report.
#[derive(Debug, Serialize)]
pub struct TimelineItem<'a> {
    /// When.
    pub date: MomentView,
    /// The milestone, in the words of the project.
    pub title: Option<&'a str>,
    /// The report.
    pub report: Option<Prepared<Card<'a>>>,
}

#[derive(Debug, Clone, Copy)]
enum Happening<'a> {
    Report(EntryId),
    Milestone(&'a str),
}

impl<'a> Timeline<'a> {
    /// That of a project.
    pub(super) fn new(id: EntryId, project: &'a Project, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let list = site.reports_of(id);
        let reports = list.map_or(&[][..], |list| &list.entries);
        let newest = newest(reports, site);
        let shown = newest.len();
        let milestones = project.milestones.iter();
        let milestones =
            milestones.map(|milestone| (milestone.date, Happening::Milestone(&milestone.title)));
        let mut all: Vec<(Moment, Happening<'a>)> = newest.into_iter().chain(milestones).collect();
        all.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
        let years = all.chunk_by(|(a, _), (b, _)| a.date.year() == b.date.year());
        let years = years.map(|happened| TimelineYear {
            year: happened[0].0.date.year(),
            items: happened
                .iter()
                .map(|(date, what)| TimelineItem::new(*date, *what, id, cards))
                .collect(),
        });
        Timeline {
            years: years.collect(),
            reports: reports.len(),
            left_out: reports.len() - shown,
            url: list.map(|list| site.addresses.page(&list.path)),
        }
    }
}

/// The newest reports that have a date.
fn newest<'a>(reports: &[EntryId], site: &Site) -> Vec<(Moment, Happening<'a>)> {
    let dated = reports.iter().rev().filter_map(|&report| {
        let date = site.entry(report).date()?;
        Some((date, Happening::Report(report)))
    });
    dated.take(MOST_REPORTS).collect()
}

impl<'a> TimelineItem<'a> {
    fn new(date: Moment, what: Happening<'a>, project: EntryId, cards: &'a Cards<'a>) -> Self {
        let date = MomentView::from(date);
        match what {
            Happening::Report(report) => TimelineItem {
                date,
                title: None,
                report: Some(tied(report, project, cards)),
            },
            Happening::Milestone(title) => TimelineItem {
                date,
                title: Some(title),
                report: None,
            },
        }
    }
}
