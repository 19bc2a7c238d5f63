//! What the front page of the reports shows beyond its list.

use serde::Serialize;

use crate::view::Cards;

/// What the template of the front page of the reports gets beside `list`.
#[derive(Debug, Serialize)]
pub struct ReportsView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> ReportsView<'a> {
    /// That of a site.
    pub fn new(_cards: &'a Cards<'a>) -> Self {
        ReportsView {
            cards: std::marker::PhantomData,
        }
    }
}
