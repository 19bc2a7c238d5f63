//! What the calendar shows.

use serde::Serialize;

use crate::view::Cards;

/// What the template of the calendar gets.
#[derive(Debug, Serialize)]
pub struct CalendarView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> CalendarView<'a> {
    /// That of a site.
    pub fn new(_cards: &'a Cards<'a>) -> Self {
        CalendarView {
            cards: std::marker::PhantomData,
        }
    }
}
