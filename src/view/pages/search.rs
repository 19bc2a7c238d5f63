//! What the search page shows before anything is asked for.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::link::own_pages::OwnPage;
use crate::model::Kind;
use crate::render::Prepared;
use crate::search;
use crate::view::{Card, Cards};

/// What the template of the search page gets: where the index is, and by what results can be narrowed
/// down.
#[derive(Debug, Serialize)]
pub struct SearchView<'a> {
    /// The link to the index, for the script.
    pub index: String,
    /// The kinds of entries that there are.
    pub kinds: Vec<SearchKind>,
    /// The organizations.
    pub organizations: Vec<Prepared<Card<'a>>>,
    /// The years of which there is anything, the newest first.
    pub years: Vec<i16>,
    /// The link to the site map, where there is one.
    pub site_map: Option<String>,
}

/// A kind of entries.
#[derive(Debug, Serialize)]
pub struct SearchKind {
    /// Its name, such as `report`.
    pub kind: &'static str,
    /// Its Chinese name.
    pub label: String,
}

impl<'a> SearchView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let kinds = site.collections.keys();
        let kinds = kinds.map(|kind| SearchKind {
            kind: kind.name(),
            label: site.collection_title(*kind),
        });
        let organizations = site.of_kind(Kind::Organization).iter();
        let dates = site.entries.iter().filter_map(|entry| entry.date());
        let years: BTreeSet<i16> = dates.map(|date| date.date.0.year()).collect();
        SearchView {
            index: site.addresses.file(&search::index_path()),
            kinds: kinds.collect(),
            organizations: organizations.map(|id| cards.of(*id)).collect(),
            years: years.into_iter().rev().collect(),
            site_map: site.own_page(OwnPage::SiteMap),
        }
    }
}
