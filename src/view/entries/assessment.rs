//! What the page of a year's assessment shows beyond its keys.

use serde::Serialize;

use crate::model::kinds::{Assessment, AssessmentResult};

/// What the template of a year's assessment gets beside `entry`: which columns have anything in
/// them.
#[derive(Debug, Serialize)]
pub struct AssessmentView {
    /// Whether any result has a score.
    pub scored: bool,
    /// Whether any result has a grade.
    pub graded: bool,
    /// Whether any result has a note.
    pub noted: bool,
}

impl AssessmentView {
    /// That of an entry with these keys.
    pub fn new(assessment: &Assessment) -> Self {
        let any = |of: fn(&AssessmentResult) -> bool| assessment.results.iter().any(of);
        AssessmentView {
            scored: any(|result| result.score.is_some()),
            graded: any(|result| result.grade.is_some()),
            noted: any(|result| result.note.is_some()),
        }
    }
}
