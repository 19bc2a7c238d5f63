//! What the page of a month shows.

use serde::Serialize;

use crate::view::Cards;

/// What the template of a month gets.
#[derive(Debug, Serialize)]
pub struct MonthView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> MonthView<'a> {
    /// That of a year and a month, 1 to 12.
    pub fn new(_year: i16, _month: i8, _cards: &'a Cards<'a>) -> Self {
        MonthView {
            cards: std::marker::PhantomData,
        }
    }
}
