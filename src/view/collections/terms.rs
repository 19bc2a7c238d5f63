//! What the list of the topics, campaigns, sectors, service areas or communities shows beyond its
//! items: what each means, how much there is about it, where to go.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::kinds::Data;
use crate::render::Prepared;
use crate::view::entry::tied;
use crate::view::{Card, Cards, ReachView};

/// Most stations or organizations that the list shows for one term; the rest are on its page.
const MOST: usize = 3;

/// What the template of a list of terms gets as part of `list`.
#[derive(Debug, Serialize)]
pub struct TermsView<'a> {
    /// The terms, in the order of the vocabulary.
    pub terms: Vec<TermItem<'a>>,
}

/// A term in the list.
#[derive(Debug, Serialize)]
pub struct TermItem<'a> {
    /// The term.
    pub card: Prepared<Card<'a>>,
    /// What it means, where written.
    pub description: Option<&'a str>,
    /// How much refers to it, by kind.
    pub counts: Vec<TermCount>,
    /// Whom to call or where to go: the first stations of a community, the first organizations
    /// that cover a sector.
    pub places: Vec<ReachView<'a>>,
    /// The keys whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

/// How many entries of one kind refer to a term.
#[derive(Debug, Serialize)]
pub struct TermCount {
    /// The name of their kind.
    pub kind: &'static str,
    /// The Chinese name of their kind.
    pub label: String,
    /// How many there are.
    pub total: usize,
}

impl<'a> TermsView<'a> {
    /// That of the terms of one kind.
    pub fn new(kind: Kind, cards: &'a Cards<'a>) -> Self {
        let ids = cards.site.of_kind(kind).iter();
        TermsView {
            terms: ids.map(|&id| TermItem::new(id, kind, cards)).collect(),
        }
    }
}

impl<'a> TermItem<'a> {
    fn new(id: EntryId, kind: Kind, cards: &'a Cards<'a>) -> Self {
        let entry = cards.site.entry(id);
        let wanted = match kind {
            Kind::Community => Some(Kind::Station),
            Kind::Sector => Some(Kind::Organization),
            _ => None,
        };
        let places = wanted.map(|kind| cards.site.referring(id, kind).take(MOST));
        let reach = |from| ReachView::new(from, tied(from, id, cards), cards);
        TermItem {
            card: cards.of(id),
            description: match &entry.raw.data {
                Data::Term(term) => term.description.as_deref(),
                _ => None,
            },
            counts: counts(id, cards.site),
            places: places.into_iter().flatten().map(reach).collect(),
            sample: entry.sample_keys(),
        }
    }
}

fn counts(id: EntryId, site: &Site) -> Vec<TermCount> {
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut last = None;
    for (from, _) in site.referring_to(id) {
        // Several keys of one entry may refer to it, one after the other.
        if last != Some(*from) {
            *counts.entry(site.entry(*from).raw.kind).or_default() += 1;
        }
        last = Some(*from);
    }
    let counts = counts.into_iter();
    counts
        .map(|(kind, total)| TermCount {
            kind: kind.name(),
            label: kind.label().zh,
            total,
        })
        .collect()
}
