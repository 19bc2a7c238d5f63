//! What the front page of the organizations shows beyond its list.

use serde::Serialize;

use crate::view::Cards;

/// What the template of the front page of the organizations gets beside `list`.
#[derive(Debug, Serialize)]
pub struct OrganizationsView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> OrganizationsView<'a> {
    /// That of a site.
    pub fn new(_cards: &'a Cards<'a>) -> Self {
        OrganizationsView {
            cards: std::marker::PhantomData,
        }
    }
}
