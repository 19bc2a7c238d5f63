//! What the page of a project shows beyond its keys: its timeline, its indicators as bars, whom to
//! call.

mod indicators;
mod timeline;

pub use indicators::{IndicatorView, Indicators};
pub use timeline::{Timeline, TimelineItem, TimelineYear};

use serde::Serialize;

use crate::link::EntryId;
use crate::model::Kind;
use crate::model::kinds::Data;
use crate::model::reference::{Ref, Target};
use crate::view::agenda::coming_to;
use crate::view::{Cards, ComingView, ReachView};

/// What the template of a project gets beside `entry`.
#[derive(Debug, Default, Serialize)]
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
    pub fn new(id: EntryId, cards: &'a Cards<'a>) -> Self {
        let Data::Project(project) = &cards.site.entry(id).raw.data else {
            return ProjectView::default();
        };
        ProjectView {
            leader: reach(Kind::Organization, project.lead.as_slice(), cards).pop(),
            places: reach(Kind::Station, &project.stations, cards),
            timeline: Timeline::new(id, project, cards),
            indicators: Indicators::new(&project.indicators),
            coming: coming_to(id, cards),
        }
    }
}

/// How to reach those referred to; without those that are not public.
fn reach<'a, T: Target>(kind: Kind, to: &[Ref<T>], cards: &'a Cards<'a>) -> Vec<ReachView<'a>> {
    let ids = to.iter().filter_map(|to| cards.site.find(kind, &to.id));
    ids.map(|id| ReachView::new(id, cards.of(id), cards))
        .collect()
}
