//! What the page of a project shows beyond its keys: its timeline, its indicators as bars, whom to
//! call.

mod indicators;
mod timeline;

pub use indicators::{IndicatorView, Indicators};
pub use timeline::{Timeline, TimelineItem, TimelineYear};

use serde::Serialize;

use crate::link::EntryId;
use crate::model::kinds::Project;
use crate::view::agenda::coming_to;
use crate::view::{Cards, ComingView, ReachView};

/// What the template of a project gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct ProjectView<'a> {
    /// How to reach the organization that leads it.
    pub leader: Option<ReachView<'a>>,
    /// Where it works.
    pub places: Vec<ReachView<'a>>,
    /// What happened when: its milestones and the reports about it.
    pub timeline: Timeline<'a>,
    /// What it sets out to reach, with the columns that their table needs.
    pub indicators: Indicators<'a>,
    /// When its events take place: in the month of the build, in the next, and a few times after, ordered.
    pub coming: Vec<ComingView<'a>>,
}

impl<'a> ProjectView<'a> {
    /// That of an entry.
    pub fn new(id: EntryId, project: &'a Project, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let reach = |id| ReachView::new(id, cards.of(id), cards);
        ProjectView {
            leader: site.targets(&project.lead).next().map(reach),
            places: site.targets(&project.stations).map(reach).collect(),
            timeline: Timeline::new(id, project, cards),
            indicators: Indicators::new(&project.indicators),
            coming: coming_to(id, cards),
        }
    }
}
