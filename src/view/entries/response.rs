//! What the page of a response shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::model::kinds::Response;
use crate::view::Cards;

/// What the template of a response gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct ResponseView {
    /// How many days passed until the answer, where both days are written.
    pub days: Option<i32>,
    /// Whether there is an answer: a day of it, or a text.
    pub answered: bool,
}

impl ResponseView {
    /// That of an entry.
    pub fn new(id: EntryId, response: &Response, cards: &Cards<'_>) -> Self {
        let text = cards.site.entry(id).raw.body_text();
        ResponseView {
            days: days_taken(response),
            answered: response.answered_on.is_some() || !text.trim().is_empty(),
        }
    }
}

/// The days from a question to its answer; none where either day is not written, or the answer is
/// said to be older than the question.
pub(in crate::view) fn days_taken(response: &Response) -> Option<i32> {
    let (asked, answered) = (response.asked_on.date.0, response.answered_on?.date.0);
    let days = asked.until(answered).ok()?.get_days();
    (days >= 0).then_some(days)
}
