//! The turns of an organization in the rotas.

use serde::Serialize;

use crate::link::EntryId;
use crate::model::Kind;
use crate::model::kinds::{KindData, Rota, Turn};
use crate::model::reference::Ref;
use crate::render::Prepared;
use crate::view::entry::tied;
use crate::view::{Card, Cards};

/// The turns of an organization in one year's rota.
#[derive(Debug, Serialize)]
pub struct YearTurns<'a> {
    /// The rota.
    pub card: Prepared<Card<'a>>,
    /// The year.
    pub year: &'a str,
    /// Whether it is that of the build, or the newest where none is: the one to show first.
    pub first: bool,
    /// The turns, by month.
    pub items: Vec<OrganizationTurn<'a>>,
}

/// One month's turn.
#[derive(Debug, Serialize)]
pub struct OrganizationTurn<'a> {
    /// The month, 1 to 12.
    pub month: u8,
    /// The month as `2021-05`, where the year is one.
    pub iso: String,
    /// Whether the organization leads; otherwise it helps.
    pub leads: bool,
    /// The project of the month.
    pub project: Option<Prepared<Card<'a>>>,
}

/// Those of the organization `id`, the newest year first.
pub(super) fn turns<'a>(id: EntryId, cards: &'a Cards<'a>) -> Vec<YearTurns<'a>> {
    let site = cards.site;
    let rotas: Vec<EntryId> = site.referring(id, Kind::Rota).collect();
    let own = &site.entry(id).raw.id;
    let is_own = |organization: &Ref<_>| organization.id == *own;
    let years = rotas.into_iter().rev().filter_map(|rota| {
        let entry = site.entry(rota);
        let data = Rota::of(&entry.raw.data)?;
        let year = entry.raw.id.as_str();
        let turns = data.turns.iter().filter_map(|turn| {
            let leads = is_own(&turn.lead);
            let takes_part = leads || turn.partners.iter().any(is_own);
            takes_part.then(|| OrganizationTurn::new(turn, leads, year, cards))
        });
        let mut items: Vec<OrganizationTurn<'a>> = turns.collect();
        items.sort_by_key(|turn| turn.month);
        Some(YearTurns {
            card: tied(rota, id, cards),
            year,
            first: false,
            items,
        })
    });
    let mut years: Vec<YearTurns<'a>> = years.collect();
    let now = site.window.month().year().to_string();
    let first = years.iter().position(|turns| turns.year == now);
    if let Some(turns) = years.get_mut(first.unwrap_or_default()) {
        turns.first = true;
    }
    years
}

impl<'a> OrganizationTurn<'a> {
    fn new(turn: &Turn, leads: bool, year: &str, cards: &'a Cards<'a>) -> Self {
        let month = turn.month.0;
        OrganizationTurn {
            month,
            iso: format!("{year}-{month:02}"),
            leads,
            project: cards.targets(&turn.project).next(),
        }
    }
}
