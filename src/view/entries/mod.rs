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
use crate::model::Kind;

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
        match cards.site.entry(id).raw.kind {
            Kind::Organization => Details::Organization(Box::new(OrganizationView::new(id, cards))),
            Kind::Project => Details::Project(Box::new(ProjectView::new(id, cards))),
            Kind::Station => Details::Station(Box::new(StationView::new(id, cards))),
            Kind::Report => Details::Report(Box::new(ReportView::new(id, cards))),
            Kind::Event => Details::Event(Box::new(EventView::new(id, cards))),
            Kind::Rota => Details::Rota(Box::new(RotaView::new(id, cards))),
            Kind::Funds => Details::Funds(Box::new(FundsView::new(id, cards))),
            Kind::Document => Details::Document(Box::new(DocumentView::new(id, cards))),
            Kind::Response => Details::Response(ResponseView::new(id, cards)),
            Kind::Visit => Details::Visit(Box::new(VisitView::new(id, cards))),
            Kind::Assessment => Details::Assessment(AssessmentView::new(id, cards)),
            kind if kind.is_vocabulary() => Details::Term(Box::new(TermView::new(id, cards))),
            _ => Details::Plain {},
        }
    }
}
