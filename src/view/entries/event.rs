//! What the page of an event shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::view::Cards;

/// What the template of an event gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct EventView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> EventView<'a> {
    /// That of an entry.
    pub fn new(_id: EntryId, _cards: &'a Cards<'a>) -> Self {
        EventView {
            cards: std::marker::PhantomData,
        }
    }
}
