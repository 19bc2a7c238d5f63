//! What the front page of the rotas shows beyond its list.

use serde::Serialize;

use crate::view::Cards;

/// What the template of the front page of the rotas gets beside `list`.
#[derive(Debug, Serialize)]
pub struct RotasView<'a> {
    #[serde(skip)]
    cards: std::marker::PhantomData<&'a ()>,
}

impl<'a> RotasView<'a> {
    /// That of a site.
    pub fn new(_cards: &'a Cards<'a>) -> Self {
        RotasView {
            cards: std::marker::PhantomData,
        }
    }
}
