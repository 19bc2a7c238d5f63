//! What the page of an organization shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::view::Cards;

/// What the template of an organization gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct OrganizationView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> OrganizationView<'a> {
    /// That of an entry.
    pub fn new(_id: EntryId, _cards: &'a Cards<'a>) -> Self {
        OrganizationView {
            cards: std::marker::PhantomData,
        }
    }
}
