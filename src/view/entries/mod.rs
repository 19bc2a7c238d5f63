//! What the page of an entry of one kind shows beyond its keys.

mod assessment;
mod document;
mod event;
pub(super) mod funds;
mod organization;
mod project;
mod report;
pub(super) mod response;
mod rota;
mod station;
mod term;
pub(super) mod visit;

pub use assessment::AssessmentView;
pub use document::DocumentView;
pub use event::{EventPlace, EventView};
pub use funds::{Amount, FundsItem, FundsView};
pub use organization::{
    HolderView, OrganizationTurn, OrganizationView, PostHolders, PostView, Posts, YearTurns,
};
pub use project::{IndicatorView, Indicators, ProjectView, Timeline, TimelineItem, TimelineYear};
pub use report::ReportView;
pub use response::ResponseView;
pub use rota::{RotaView, TaskView, TurnView};
pub use station::{
    DayPlan, RoomPlan, Schedule, ScheduleDay, StationEvent, StationView, TimeBlock, UseTime,
};
pub use term::TermView;
pub use visit::{MatterView, VisitView};

use serde::Serialize;

use super::Cards;
use crate::link::EntryId;
use crate::model::kinds::Data;

/// What only the entries of one kind have.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Details<'a> {
    /// Nothing.
    Plain {},
    /// That of an organization.
    Organization(Box<OrganizationView<'a>>),
    /// That of a project.
    Project(Box<ProjectView<'a>>),
    /// That of a station.
    Station(Box<StationView<'a>>),
    /// That of a report.
    Report(Box<ReportView<'a>>),
    /// That of an event.
    Event(Box<EventView<'a>>),
    /// That of a rota.
    Rota(Box<RotaView<'a>>),
    /// That of a year's funds.
    Funds(Box<FundsView<'a>>),
    /// That of a document.
    Document(Box<DocumentView<'a>>),
    /// That of a response.
    Response(ResponseView),
    /// That of a round of visits.
    Visit(Box<VisitView<'a>>),
    /// That of a year's assessment.
    Assessment(AssessmentView),
    /// That of a term of the vocabulary.
    Term(Box<TermView<'a>>),
}

impl<'a> Details<'a> {
    /// Those of an entry.
    pub fn new(id: EntryId, cards: &'a Cards<'a>) -> Self {
        match &cards.site.entry(id).raw.data {
            Data::Organization(data) => {
                Details::Organization(Box::new(OrganizationView::new(id, data, cards)))
            }
            Data::Project(data) => Details::Project(Box::new(ProjectView::new(id, data, cards))),
            Data::Station(data) => Details::Station(Box::new(StationView::new(id, data, cards))),
            Data::Report(data) => Details::Report(Box::new(ReportView::new(id, data, cards))),
            Data::Event(data) => Details::Event(Box::new(EventView::new(data, cards))),
            Data::Rota(data) => Details::Rota(Box::new(RotaView::new(id, data, cards))),
            Data::Funds(data) => Details::Funds(Box::new(FundsView::new(data, cards))),
            Data::Document(data) => Details::Document(Box::new(DocumentView::new(id, data, cards))),
            Data::Response(data) => Details::Response(ResponseView::new(id, data, cards)),
            Data::Visit(data) => Details::Visit(Box::new(VisitView::new(data, cards))),
            Data::Assessment(data) => Details::Assessment(AssessmentView::new(data)),
            Data::Term(_) => Details::Term(Box::new(TermView::new(id, cards))),
            _ => Details::Plain {},
        }
    }
}
