//! What templates see: one serializable view per page.
//!
//! Input: the linked [`Site`], the theme's list declarations. Output: [`Page`]s, cheap
//! descriptions of every page, and [`view`], which makes one page's view.
//!
//! Invariants: no I/O; a view holds the page's own data and nothing else; what is the same on
//! every page ([`SiteView`]) comes from `site.yaml`, less what leads to nothing.

mod agenda;
mod card;
pub mod collections;
pub mod directions;
pub mod entries;
mod entry;
mod fields;
mod hours;
mod list;
mod meta;
pub mod pages;
mod reach;
mod share;
mod site;
mod structured;

pub use agenda::{ComingView, SignupView, TimeView, UpcomingView};
pub use card::{Card, Cards, MomentView, PreparedCards};
pub use entry::{EntryView, Related, TocItem};
pub use fields::Fields;
pub use hours::{HoursRow, Stretch};
pub use list::ListView;
pub use meta::PageMeta;
pub use reach::ReachView;
pub use share::Share;
pub use site::SiteView;
pub use structured::JsonLd;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::link::lists::{List, ListOf, ListPage};
use crate::link::own_pages::OwnPage;
use crate::link::urls::UrlPath;
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::tree::OutPath;
use crate::render::Prepared;
use crate::theme::Theme;
use crate::theme::query::ListQuery;
use pages::{HomeView, Own};

/// A page of the site, before its view is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The home page.
    Home,
    /// The page shown for URLs that do not exist.
    NotFound,
    /// The page of an entry.
    Entry(EntryId),
    /// A page of a list: its place in [`Site::lists`], and which page of it.
    List(usize, ListPage),
    /// A page of the site as a whole.
    Own(OwnPage),
}

impl Page {
    /// Where the page is written.
    pub fn out(&self, site: &Site) -> OutPath {
        match self {
            Page::NotFound => OutPath::new("404.html"),
            other => other.path(site).index(),
        }
    }

    /// The URL of the page; that of the home page for [`Page::NotFound`].
    pub fn path(&self, site: &Site) -> UrlPath {
        match self {
            Page::Home | Page::NotFound => UrlPath::home(),
            Page::Entry(id) => site.entry(*id).path.clone(),
            Page::Own(page) => page.path(),
            Page::List(index, page) => {
                let list = &site.lists[*index];
                page.number
                    .map_or_else(|| list.path.clone(), |number| list.numbered(number))
            }
        }
    }

    /// The template that renders it, without `.html`.
    ///
    /// A list is rendered by the template for lists of its kind, where the theme has one.
    pub fn template<'t>(&self, site: &Site, theme: &'t Theme) -> &'t str {
        match self {
            Page::Home => "home",
            Page::NotFound => "404",
            Page::Own(page) => page.template(),
            Page::List(index, _) => {
                let kind = list::kind(site.lists[*index].of);
                theme
                    .list_templates
                    .get(&kind)
                    .map_or("list", String::as_str)
            }
            Page::Entry(id) => match site.entry(*id).raw.kind {
                kind if kind.is_vocabulary() => "term",
                kind => kind.name(),
            },
        }
    }
}

/// Every page of a site.
pub fn pages(site: &Site) -> Vec<Page> {
    let lists = site.lists.iter().enumerate();
    let lists = lists.flat_map(|(index, list)| {
        list.pages()
            .into_iter()
            .map(move |page| Page::List(index, page))
    });
    let own = [Page::Home, Page::NotFound].into_iter();
    own.chain(site.ids().map(Page::Entry))
        .chain(lists)
        .chain(site.own_pages.iter().copied().map(Page::Own))
        .collect()
}

/// How many pages a site has.
pub fn count(site: &Site) -> usize {
    let listed = site.lists.iter().map(|list| 1 + list.full_pages());
    2 + site.entries.len() + site.own_pages.len() + listed.sum::<usize>()
}

/// What a template gets.
#[derive(Debug, Serialize)]
pub struct View<'a> {
    /// The page's title, address and description.
    pub page: PageMeta<'a>,
    /// The way from the home page to this one, this one last.
    pub breadcrumbs: Vec<Crumb<'a>>,
    /// The lists that `theme.yaml` declares for this template, by name.
    pub lists: BTreeMap<&'a str, Vec<Prepared<Card<'a>>>>,
    /// What only this sort of page has.
    #[serde(flatten)]
    pub content: Content<'a>,
}

/// What only one sort of page has.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Content<'a> {
    /// Nothing.
    Plain {},
    /// The home page.
    Home(Box<HomeView<'a>>),
    /// A page of the site as a whole.
    Own(Own<'a>),
    /// An entry.
    Entry(Box<EntryView<'a>>),
    /// A page of a list.
    List {
        /// The list.
        list: ListView<'a>,
    },
}

/// A step of the breadcrumbs.
#[derive(Debug, Serialize)]
pub struct Crumb<'a> {
    /// What it is called.
    pub title: std::borrow::Cow<'a, str>,
    /// The link to it.
    pub url: String,
}

/// Makes the view of a page.
pub fn view<'a>(page: &Page, cards: &'a Cards<'a>, theme: &'a Theme) -> View<'a> {
    let breadcrumbs = breadcrumbs(page, cards.site);
    View {
        page: PageMeta::new(page, cards.site, theme),
        lists: lists(page, cards, theme),
        content: content(page, cards),
        breadcrumbs,
    }
}

fn content<'a>(page: &Page, cards: &'a Cards<'a>) -> Content<'a> {
    match page {
        Page::Home => Content::Home(Box::new(HomeView::new(cards))),
        Page::NotFound => Content::Plain {},
        Page::Own(page) => Content::Own(Own::new(*page, cards)),
        Page::Entry(id) => Content::Entry(Box::new(EntryView::new(*id, cards))),
        Page::List(index, page) => Content::List {
            list: ListView::new(&cards.site.lists[*index], page, cards),
        },
    }
}

fn lists<'a>(
    page: &Page,
    cards: &'a Cards<'a>,
    theme: &'a Theme,
) -> BTreeMap<&'a str, Vec<Prepared<Card<'a>>>> {
    let template = page.template(cards.site, theme);
    let queries = theme.config.lists.iter();
    let wanted = queries.filter(|query| query.template == template);
    let run = |query: &'a ListQuery| {
        let ids = query.run(cards.site).into_iter();
        (query.name.as_str(), ids.map(|id| cards.of(id)).collect())
    };
    wanted.map(run).collect()
}

fn breadcrumbs<'a>(page: &Page, site: &'a Site) -> Vec<Crumb<'a>> {
    let crumb = |title: String, path: &UrlPath| Crumb {
        title: title.into(),
        url: site.addresses.page(path),
    };
    let mut crumbs = vec![crumb(String::from("首页"), &UrlPath::home())];
    let mut collection = |kind: Kind| {
        if kind != Kind::Page {
            crumbs.push(crumb(
                site.collection_title(kind),
                &UrlPath::collection(kind),
            ));
        }
    };
    match page {
        Page::Home | Page::NotFound => {}
        Page::Entry(id) => {
            let entry = site.entry(*id);
            collection(entry.raw.kind);
            crumbs.extend(entry::ancestors(*id, site).into_iter().map(|id| {
                let entry = site.entry(id);
                crumb(entry.title().to_owned(), &entry.path)
            }));
            crumbs.push(crumb(entry.title().to_owned(), &entry.path));
        }
        Page::Own(page) => {
            if let OwnPage::Month(..) = page {
                crumbs.push(crumb(
                    Own::title(OwnPage::Calendar),
                    &OwnPage::Calendar.path(),
                ));
            }
            crumbs.push(crumb(Own::title(*page), &page.path()));
        }
        Page::List(index, list_page) => {
            let list = &site.lists[*index];
            list_crumbs(list, list_page, site, &mut crumbs);
        }
    }
    crumbs
}

fn list_crumbs<'a>(list: &List, page: &ListPage, site: &'a Site, crumbs: &mut Vec<Crumb<'a>>) {
    let mut add = |title: String, path: &UrlPath| {
        crumbs.push(Crumb {
            title: title.into(),
            url: site.addresses.page(path),
        });
    };
    match list.of {
        ListOf::Kind(_) => {}
        ListOf::Year(kind, _) => add(site.collection_title(kind), &UrlPath::collection(kind)),
        ListOf::ReportsOf(id) => {
            let entry = site.entry(id);
            if entry.raw.kind != Kind::Page {
                add(
                    site.collection_title(entry.raw.kind),
                    &UrlPath::collection(entry.raw.kind),
                );
            }
            add(entry.title().to_owned(), &entry.path);
        }
    }
    let short = list::short_title(list.of, site);
    add(short, &list.path);
    if let Some(number) = page.number {
        add(format!("第{number}页"), &list.numbered(number));
    }
}
