//! What the front page of the rotas shows beyond its list.

use serde::Serialize;

use crate::model::kinds::Rota;
use crate::view::Cards;
use crate::view::pages::RotaYear;

/// Most years that are shown with their turns; older ones are in the list.
const MOST_YEARS: usize = 5;

/// What the template of the front page of the rotas gets as part of `list`.
#[derive(Debug, Serialize)]
pub struct RotasView<'a> {
    /// The newest years with their turns, newest first.
    pub rotas: Vec<RotaYear<'a>>,
}

impl<'a> RotasView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let newest = cards.site.all::<Rota>().rev().take(MOST_YEARS);
        RotasView {
            rotas: newest
                .map(|(id, rota)| RotaYear::new(id, rota, cards))
                .collect(),
        }
    }
}
