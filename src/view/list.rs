//! The view of a page of a list.

use serde::Serialize;

use super::card::{Card, Cards};
use super::collections::Overview;
use super::entry::tied;
use crate::link::Site;
use crate::link::lists::{List, ListOf, ListPage};
use crate::link::urls::UrlPath;
use crate::model::Kind;
use crate::render::Prepared;

/// What the template of a list gets as `list`.
#[derive(Debug, Serialize)]
pub struct ListView<'a> {
    /// Its title, such as `活动报道` or `街道妇联的活动报道`.
    pub title: String,
    /// The name of its entries' kind.
    pub kind: &'static str,
    /// The entries: newest first for dated kinds.
    pub items: Vec<Prepared<Card<'a>>>,
    /// The page's number, counted from the oldest; none for the front page.
    pub number: Option<usize>,
    /// The link to the next older page.
    pub older: Option<String>,
    /// The link to the next newer page.
    pub newer: Option<String>,
    /// The link to the front page.
    pub front: String,
    /// Links to the lists of single years, newest first; on the front page of a collection only.
    pub years: Vec<YearLink>,
    /// What only the front page of this collection has.
    #[serde(flatten)]
    pub overview: Overview<'a>,
}

/// A link to the list of one year.
#[derive(Debug, Serialize)]
pub struct YearLink {
    /// The year.
    pub year: i16,
    /// The link.
    pub url: String,
}

impl<'a> ListView<'a> {
    /// The view of one page of a list.
    pub fn new(list: &List, page: &ListPage, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let shown = list.entries[page.entries.clone()].iter();
        let card = |id: &_| match list.of {
            ListOf::ReportsOf(of) => tied(*id, of, cards),
            _ => cards.of(*id),
        };
        let items = if list.paged {
            shown.rev().map(card).collect()
        } else {
            shown.map(card).collect()
        };
        let link = |path: &UrlPath| site.addresses.page(path);
        ListView {
            title: title(list.of, site),
            kind: kind(list.of).name(),
            items,
            number: page.number,
            older: page.older.map(|number| link(&list.numbered(number))),
            newer: page.number.map(|number| link(&list.numbered(number + 1))),
            front: link(&list.path),
            years: if page.number.is_none() {
                years(list.of, site)
            } else {
                Vec::new()
            },
            overview: Overview::new(list, page, cards),
        }
    }
}

pub(super) fn kind(of: ListOf) -> Kind {
    match of {
        ListOf::Kind(kind) | ListOf::Year(kind, _) => kind,
        ListOf::ReportsOf(_) => Kind::Report,
    }
}

pub(super) fn title(of: ListOf, site: &Site) -> String {
    match of {
        ListOf::ReportsOf(id) => format!("{}的{}", site.entry(id).title(), short_title(of, site)),
        ListOf::Year(kind, _) => format!("{}{}", short_title(of, site), kind.label().zh),
        ListOf::Kind(_) => short_title(of, site),
    }
}

/// The title of a list below that of what it belongs to.
pub(super) fn short_title(of: ListOf, site: &Site) -> String {
    match of {
        ListOf::Kind(kind) => site.collection_title(kind),
        ListOf::Year(_, year) => format!("{year}年"),
        ListOf::ReportsOf(_) => Kind::Report.label().zh,
    }
}

fn years(of: ListOf, site: &Site) -> Vec<YearLink> {
    let ListOf::Kind(kind) = of else {
        return Vec::new();
    };
    let years = site.lists.iter().rev().filter_map(|list| match list.of {
        ListOf::Year(of, year) if of == kind => Some(YearLink {
            year,
            url: site.addresses.page(&list.path),
        }),
        _ => None,
    });
    years.collect()
}
