//! What the front page of the stations shows beyond its list.

use serde::Serialize;

use crate::view::Cards;

/// What the template of the front page of the stations gets beside `list`.
#[derive(Debug, Serialize)]
pub struct StationsView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> StationsView<'a> {
    /// That of a site.
    pub fn new(_cards: &'a Cards<'a>) -> Self {
        StationsView {
            cards: std::marker::PhantomData,
        }
    }
}
