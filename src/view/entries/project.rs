//! What the page of a project shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::view::Cards;

/// What the template of a project gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct ProjectView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> ProjectView<'a> {
    /// That of an entry.
    pub fn new(_id: EntryId, _cards: &'a Cards<'a>) -> Self {
        ProjectView {
            cards: std::marker::PhantomData,
        }
    }
}
