//! What the front page of the events shows beyond its list.

use serde::Serialize;

use crate::view::Cards;

/// What the template of the front page of the events gets beside `list`.
#[derive(Debug, Serialize)]
pub struct EventsView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> EventsView<'a> {
    /// That of a site.
    pub fn new(_cards: &'a Cards<'a>) -> Self {
        EventsView {
            cards: std::marker::PhantomData,
        }
    }
}
