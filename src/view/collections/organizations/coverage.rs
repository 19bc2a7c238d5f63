//! Which sectors are covered by what kinds of organizations.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::link::EntryId;
use crate::model::Kind;
use crate::model::kinds::{Organization, OrganizationKind};
use crate::render::Prepared;
use crate::view::entry::tied;
use crate::view::{Card, Cards};

/// Sectors by kinds of organizations.
#[derive(Debug, Serialize)]
pub struct CoverageView<'a> {
    /// The kinds that cover any sector, in words: the columns.
    pub kinds: Vec<&'static str>,
    /// The sectors that are covered: the rows. With `gaps` the others too.
    pub rows: Vec<CoverageRow<'a>>,
    /// Whether gaps are shown to the public.
    pub gaps: bool,
}

/// A sector.
#[derive(Debug, Serialize)]
pub struct CoverageRow<'a> {
    /// The sector.
    pub sector: Prepared<Card<'a>>,
    /// A cell for each kind.
    pub cells: Vec<CoverageCell<'a>>,
    /// Whether any organization covers it.
    pub covered: bool,
}

/// What organizations of one kind cover a sector.
#[derive(Debug, Serialize)]
pub struct CoverageCell<'a> {
    /// The kind in words.
    pub label: &'static str,
    /// The organizations, those that are planned last.
    pub items: Vec<Prepared<Card<'a>>>,
}

impl<'a> CoverageView<'a> {
    /// That of the organizations of a site; `None` where none covers a sector.
    pub(super) fn new(
        all: &[(EntryId, &Organization)],
        cards: &'a Cards<'a>,
    ) -> Option<CoverageView<'a>> {
        let site = cards.site;
        let gaps = site.config.show_gaps;
        let mut covered: BTreeMap<(EntryId, OrganizationKind), Vec<EntryId>> = BTreeMap::new();
        for (id, organization) in all {
            let sectors: BTreeSet<EntryId> = site.targets(&organization.sectors).collect();
            for sector in sectors {
                let cell = covered.entry((sector, organization.kind)).or_default();
                cell.push(*id);
            }
        }
        let kinds: BTreeSet<OrganizationKind> = covered.keys().map(|(_, kind)| *kind).collect();
        if kinds.is_empty() {
            return None;
        }
        let sectors = site.of_kind(Kind::Sector).iter();
        let rows = sectors.map(|&sector| {
            let cells = kinds.iter().map(|&kind| CoverageCell {
                label: kind.key_and_label().1,
                items: covered
                    .remove(&(sector, kind))
                    .unwrap_or_default()
                    .into_iter()
                    .map(|id| tied(id, sector, cards))
                    .collect(),
            });
            let cells: Vec<CoverageCell<'a>> = cells.collect();
            CoverageRow {
                sector: cards.of(sector),
                covered: cells.iter().any(|cell| !cell.items.is_empty()),
                cells,
            }
        });
        Some(CoverageView {
            rows: rows.filter(|row| row.covered || gaps).collect(),
            kinds: kinds.iter().map(|kind| kind.key_and_label().1).collect(),
            gaps,
        })
    }
}
