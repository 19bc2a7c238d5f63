//! What the page of a rota shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::view::Cards;

/// What the template of a rota gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct RotaView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> RotaView<'a> {
    /// That of an entry.
    pub fn new(_id: EntryId, _cards: &'a Cards<'a>) -> Self {
        RotaView {
            cards: std::marker::PhantomData,
        }
    }
}
