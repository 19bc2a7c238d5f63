//! What the page of a report shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::view::Cards;

/// What the template of a report gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct ReportView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> ReportView<'a> {
    /// That of an entry.
    pub fn new(_id: EntryId, _cards: &'a Cards<'a>) -> Self {
        ReportView {
            cards: std::marker::PhantomData,
        }
    }
}
