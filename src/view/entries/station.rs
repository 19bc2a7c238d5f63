//! What the page of a station shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::view::Cards;

/// What the template of a station gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct StationView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> StationView<'a> {
    /// That of an entry.
    pub fn new(_id: EntryId, _cards: &'a Cards<'a>) -> Self {
        StationView {
            cards: std::marker::PhantomData,
        }
    }
}
