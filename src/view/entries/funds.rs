//! What the page of a year's funds shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::view::Cards;

/// What the template of a year's funds gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct FundsView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> FundsView<'a> {
    /// That of an entry.
    pub fn new(_id: EntryId, _cards: &'a Cards<'a>) -> Self {
        FundsView {
            cards: std::marker::PhantomData,
        }
    }
}
