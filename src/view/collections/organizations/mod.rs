//! What the front page of the organizations shows beyond its list: how many there are of each kind,
//! the tree, and which sectors they cover.

mod coverage;
mod tree;

pub use coverage::{CoverageCell, CoverageRow, CoverageView};
pub use tree::TreeStep;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::link::EntryId;
use crate::model::kinds::{Organization, OrganizationKind, Status};
use crate::render::Prepared;
use crate::view::{Card, Cards};

/// What the template of the front page of the organizations gets as part of `list`.
#[derive(Debug, Serialize)]
pub struct OrganizationsView<'a> {
    /// How many organizations exist.
    pub existing: usize,
    /// How many are planned.
    pub planned: usize,
    /// The kinds of which there are any, in the order of the model.
    pub kinds: Vec<OrganizationGroup<'a>>,
    /// Whether the tree is small enough to be drawn with its branches side by side.
    pub drawn: bool,
    /// The leading groups and coordinating offices that stand below nothing, and what is below them.
    pub top: Vec<TreeStep<'a>>,
    /// The other organizations that exist and stand below nothing, and what is below them.
    pub tree: Vec<TreeStep<'a>>,
    /// The organizations that are planned and stand below nothing, and what is below them.
    pub planned_tree: Vec<TreeStep<'a>>,
    /// Which sectors are covered by what; where any are.
    pub coverage: Option<CoverageView<'a>>,
}

/// The organizations of one kind.
#[derive(Debug, Serialize)]
pub struct OrganizationGroup<'a> {
    /// The kind's name: `trade_union`.
    pub key: &'static str,
    /// The kind in words: `工会`.
    pub label: &'static str,
    /// The organizations, those that are planned last.
    pub items: Vec<Prepared<Card<'a>>>,
    /// How many of them are planned.
    pub planned: usize,
}

impl<'a> OrganizationsView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let all: Vec<(EntryId, &Organization)> = cards.site.all().collect();
        let planned = all.iter().filter(|(_, data)| is_planned(data)).count();
        let roots = tree::Roots::new(&all, cards.site);
        let top = roots.steps(|data| !is_planned(data) && is_coordination(data), cards);
        let tree = roots.steps(|data| !is_planned(data) && !is_coordination(data), cards);
        OrganizationsView {
            drawn: tree::is_small(&top) && tree::is_small(&tree),
            existing: all.len() - planned,
            planned,
            kinds: groups(&all, cards),
            top,
            tree,
            planned_tree: roots.steps(is_planned, cards),
            coverage: CoverageView::new(&all, cards),
        }
    }
}

fn is_planned(organization: &Organization) -> bool {
    organization.status == Some(Status::Planned)
}

fn is_coordination(organization: &Organization) -> bool {
    organization.kind == OrganizationKind::Coordination
}

fn groups<'a>(
    all: &[(EntryId, &Organization)],
    cards: &'a Cards<'a>,
) -> Vec<OrganizationGroup<'a>> {
    let mut groups: BTreeMap<OrganizationKind, OrganizationGroup<'a>> = BTreeMap::new();
    for (id, organization) in all {
        let (key, label) = organization.kind.key_and_label();
        let group = groups
            .entry(organization.kind)
            .or_insert_with(|| OrganizationGroup {
                key,
                label,
                items: Vec::new(),
                planned: 0,
            });
        group.items.push(cards.of(*id));
        group.planned += usize::from(is_planned(organization));
    }
    groups.into_values().collect()
}
