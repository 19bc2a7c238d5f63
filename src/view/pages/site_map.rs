//! What the site map shows.

use serde::Serialize;

use crate::view::Cards;

/// What the template of the site map gets.
#[derive(Debug, Serialize)]
pub struct SiteMapView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> SiteMapView<'a> {
    /// That of a site.
    pub fn new(_cards: &'a Cards<'a>) -> Self {
        SiteMapView {
            cards: std::marker::PhantomData,
        }
    }
}
