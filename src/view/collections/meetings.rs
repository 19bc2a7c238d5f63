//! What the front page of the meetings shows beyond its list.

use serde::Serialize;

use crate::view::Cards;

/// What the template of the front page of the meetings gets beside `list`.
#[derive(Debug, Serialize)]
pub struct MeetingsView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> MeetingsView<'a> {
    /// That of a site.
    pub fn new(_cards: &'a Cards<'a>) -> Self {
        MeetingsView {
            cards: std::marker::PhantomData,
        }
    }
}
