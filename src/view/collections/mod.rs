//! What the front page of a collection shows beyond its list.

mod disclosure;
mod events;
mod meetings;
mod organizations;
mod persons;
mod projects;
mod reports;
mod rotas;
mod stations;
mod terms;

pub use disclosure::{DocumentRow, Facts, FundsRow, ResponseRow, Row, TableView, VisitRow};
pub use events::EventsView;
pub use meetings::{MeetingCell, MeetingColumn, MeetingRow, MeetingYear, MeetingsView};
pub use organizations::{
    CoverageCell, CoverageRow, CoverageView, OrganizationGroup, OrganizationsView, TreeStep,
};
pub use persons::{PersonItem, PersonsView};
pub use projects::{ProjectItem, ProjectsView};
pub use reports::{MonthLink, Period, ReportsView, Way, Ways};
pub use rotas::RotasView;
pub use stations::{CommunityChoice, ServiceChoice, StationGroup, StationItem, StationsView};
pub use terms::{TermCount, TermItem, TermsView};

use serde::Serialize;

use super::Cards;
use crate::link::lists::{List, ListOf, ListPage};
use crate::model::Kind;

/// What only the front page of one collection has.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Overview<'a> {
    /// Nothing.
    Plain {},
    /// That of the organizations.
    Organizations(Box<OrganizationsView<'a>>),
    /// That of the persons.
    Persons(Box<PersonsView<'a>>),
    /// That of the projects.
    Projects(Box<ProjectsView<'a>>),
    /// That of the stations.
    Stations(Box<StationsView<'a>>),
    /// That of the reports.
    Reports(Box<ReportsView<'a>>),
    /// That of the events.
    Events(Box<EventsView<'a>>),
    /// That of the meetings.
    Meetings(Box<MeetingsView<'a>>),
    /// That of the rotas.
    Rotas(Box<RotasView<'a>>),
    /// The table of a page of documents, notices, responses, visits or funds.
    Table(TableView<'a>),
    /// That of the terms of one kind.
    Terms(Box<TermsView<'a>>),
}

impl<'a> Overview<'a> {
    /// That of one page of a list.
    pub fn new(list: &List, page: &ListPage, cards: &'a Cards<'a>) -> Self {
        let kind = match list.of {
            ListOf::Kind(kind) => kind,
            ListOf::Year(Kind::Report, year) if page.number.is_none() => {
                return Overview::Reports(Box::new(ReportsView::of_year(year, cards)));
            }
            _ => return Overview::Plain {},
        };
        let is_table = matches!(
            kind,
            Kind::Document | Kind::Notice | Kind::Response | Kind::Visit | Kind::Funds
        );
        if is_table {
            return Overview::Table(TableView::new(list, page, cards));
        }
        if page.number.is_some() {
            return Overview::Plain {};
        }
        match kind {
            Kind::Organization => Overview::Organizations(Box::new(OrganizationsView::new(cards))),
            Kind::Person => Overview::Persons(Box::new(PersonsView::new(cards))),
            Kind::Project => Overview::Projects(Box::new(ProjectsView::new(cards))),
            kind if kind.is_vocabulary() => Overview::Terms(Box::new(TermsView::new(kind, cards))),
            Kind::Station => Overview::Stations(Box::new(StationsView::new(cards))),
            Kind::Report => Overview::Reports(Box::new(ReportsView::new(cards))),
            Kind::Event => {
                let shown = &list.entries[page.entries.clone()];
                Overview::Events(Box::new(EventsView::new(shown, cards)))
            }
            Kind::Meeting => Overview::Meetings(Box::new(MeetingsView::new(cards))),
            Kind::Rota => Overview::Rotas(Box::new(RotasView::new(cards))),
            _ => Overview::Plain {},
        }
    }
}
