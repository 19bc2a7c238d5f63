//! What the site map shows.

use serde::Serialize;

use crate::link::Site;
use crate::link::lists::{List, ListOf, is_dated};
use crate::link::own_pages::OwnPage;
use crate::model::Kind;
use crate::render::Prepared;
use crate::view::{Card, Cards};

/// Most entries of a dated kind that the map names one by one, so that it stays a map.
const MOST_DATED: usize = 12;

/// What the template of the site map gets.
#[derive(Debug, Serialize)]
pub struct SiteMapView<'a> {
    /// The collections, in the order of their kinds.
    pub sections: Vec<MapSection<'a>>,
    /// The pages of their own.
    pub pages: Vec<Prepared<Card<'a>>>,
    /// The link to the calendar, where there is one.
    pub calendar: Option<String>,
    /// The link to the page about open data, where there is one.
    pub data: Option<String>,
}

/// A collection on the map.
#[derive(Debug, Serialize)]
pub struct MapSection<'a> {
    /// The name of its kind.
    pub kind: &'static str,
    /// The Chinese name of its kind.
    pub label: String,
    /// The link to its front page.
    pub url: String,
    /// How many entries it has.
    pub total: usize,
    /// Its years, newest first, where it has lists of them; then `items` is empty.
    pub years: Vec<MapYear>,
    /// All entries of an undated kind, the newest twelve of a dated one.
    pub items: Vec<Prepared<Card<'a>>>,
}

/// A year of a collection.
#[derive(Debug, Serialize)]
pub struct MapYear {
    /// The year.
    pub year: i16,
    /// The link to its list.
    pub url: String,
    /// How many entries it has.
    pub total: usize,
}

impl<'a> SiteMapView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let collections = site.lists.iter().filter_map(|list| match list.of {
            ListOf::Kind(kind) => Some(section(kind, list, cards)),
            _ => None,
        });
        let pages = site.of_kind(Kind::Page).iter();
        SiteMapView {
            sections: collections.collect(),
            pages: pages.map(|id| cards.of(*id)).collect(),
            calendar: site.own_page(OwnPage::Calendar),
            data: site.own_page(OwnPage::Data),
        }
    }
}

fn section<'a>(kind: Kind, list: &List, cards: &Cards<'a>) -> MapSection<'a> {
    let site = cards.site;
    let years = years(kind, site);
    let entries = list.entries.iter();
    let items = if !years.is_empty() {
        Vec::new()
    } else if is_dated(kind) {
        let newest = entries.rev().take(MOST_DATED);
        newest.map(|id| cards.of(*id)).collect()
    } else {
        entries.map(|id| cards.of(*id)).collect()
    };
    MapSection {
        kind: kind.name(),
        label: site.collection_title(kind),
        url: site.addresses.page(&list.path),
        total: list.entries.len(),
        years,
        items,
    }
}

fn years(of: Kind, site: &Site) -> Vec<MapYear> {
    let lists = site.lists.iter().rev();
    let years = lists.filter_map(|list| match list.of {
        ListOf::Year(kind, year) if kind == of => Some(MapYear {
            year,
            url: site.addresses.page(&list.path),
            total: list.entries.len(),
        }),
        _ => None,
    });
    years.collect()
}
