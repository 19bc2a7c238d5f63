//! What the page of a year's assessment shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::model::kinds::{AssessmentResult, Data};
use crate::view::Cards;

/// What the template of a year's assessment gets beside `entry`: which columns have anything in
/// them.
#[derive(Debug, Default, Serialize)]
pub struct AssessmentView {
    /// Whether any result has a score.
    pub scored: bool,
    /// Whether any result has a grade.
    pub graded: bool,
    /// Whether any result has a note.
    pub noted: bool,
}

impl AssessmentView {
    /// That of an entry.
    pub fn new(id: EntryId, cards: &Cards<'_>) -> Self {
        let Data::Assessment(assessment) = &cards.site.entry(id).raw.data else {
            return AssessmentView::default();
        };
        let any = |of: fn(&AssessmentResult) -> bool| assessment.results.iter().any(of);
        AssessmentView {
            scored: any(|result| result.score.is_some()),
            graded: any(|result| result.grade.is_some()),
            noted: any(|result| result.note.is_some()),
        }
    }
}
