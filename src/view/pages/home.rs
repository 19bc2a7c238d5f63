//! What the home page shows.

use serde::Serialize;

use crate::view::Cards;

/// What the template of the home page gets.
#[derive(Debug, Serialize)]
pub struct HomeView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> HomeView<'a> {
    /// That of a site.
    pub fn new(_cards: &'a Cards<'a>) -> Self {
        HomeView {
            cards: std::marker::PhantomData,
        }
    }
}
