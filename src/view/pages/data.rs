//! What the page about open data shows.

use serde::Serialize;

use crate::view::Cards;

/// What the template of the page about open data gets.
#[derive(Debug, Serialize)]
pub struct DataView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> DataView<'a> {
    /// That of a site.
    pub fn new(_cards: &'a Cards<'a>) -> Self {
        DataView {
            cards: std::marker::PhantomData,
        }
    }
}
