//! What every page has of its own: title, address, and what it says to machines.

use serde::Serialize;

use super::structured::JsonLd;
use super::{Page, list, pages::Own};
use crate::link::lists::ListOf;
use crate::link::own_pages::OwnPage;
use crate::link::{Entry, Site};
use crate::model::Kind;
use crate::theme::Theme;

/// What every page has of its own.
#[derive(Debug, Serialize)]
pub struct PageMeta<'a> {
    /// The title; the home page's is that of the site.
    pub title: String,
    /// A sentence for search engines; may be empty.
    pub description: &'a str,
    /// The link to the page.
    pub url: String,
    /// The full address of the page, percent-encoded.
    pub canonical: String,
    /// `home`, `404`, `list`, or the name of the entry's kind.
    pub kind: &'static str,
    /// Whether the page as a whole is illustrative.
    pub sample: bool,
    /// The sort of column it belongs to, the last part of the UI strings `column.…`: `home`,
    /// `overview`, `organization`, `person`, `news`, `document`, `response`, `service` or `data`.
    pub column: &'static str,
    /// When it was published, as `2021-04-01 14:30` or, where no time is written, `2021-04-01`; for
    /// reports, notices, documents and the like whose date is a fact.
    pub published: Option<String>,
    /// The full address of its picture, where it has one that is a fact.
    pub image: Option<String>,
    /// What it says to machines (JSON-LD, schema.org), ready for a `<script>`; not made for a theme none
    /// of whose templates names it.
    pub json_ld: Option<JsonLd<'a>>,
}

impl<'a> PageMeta<'a> {
    /// That of a page.
    pub fn new(page: &Page, site: &'a Site, theme: &Theme) -> Self {
        let path = page.path(site);
        let entry = match page {
            Page::Entry(id) => Some(site.entry(*id)),
            _ => None,
        };
        PageMeta {
            title: title(page, site),
            description: description(page, site),
            url: site.addresses.page(&path),
            canonical: site.addresses.absolute_page(&path),
            kind: kind(page, site),
            sample: entry.is_some_and(|entry| entry.raw.common.sample.is_whole()),
            column: column(page, site),
            published: entry.and_then(published),
            image: entry.and_then(|entry| image(entry, site)),
            json_ld: theme.shows_json_ld.then(|| JsonLd::new(page, site)),
        }
    }
}

fn title(page: &Page, site: &Site) -> String {
    match page {
        Page::Home => site.config.title.clone(),
        Page::NotFound => String::from("页面不存在"),
        Page::Own(page) => Own::title(*page),
        Page::Entry(id) => site.entry(*id).title().to_owned(),
        Page::List(index, page) => {
            let title = list::title(site.lists[*index].of, site);
            match page.number {
                Some(number) => format!("{title}（第{number}页）"),
                None => title,
            }
        }
    }
}

fn description<'a>(page: &Page, site: &'a Site) -> &'a str {
    match page {
        Page::Home => site.config.description.as_deref().unwrap_or_default(),
        Page::Entry(id) => {
            let entry = site.entry(*id);
            // What search engines show has no badge.
            if entry.has_sample_summary() || entry.raw.common.sample.is_whole() {
                ""
            } else {
                entry.summary()
            }
        }
        Page::NotFound | Page::Own(_) | Page::List(..) => "",
    }
}

fn kind(page: &Page, site: &Site) -> &'static str {
    match page {
        Page::Home => "home",
        Page::NotFound => "404",
        Page::Own(page) => page.template(),
        Page::Entry(id) => site.entry(*id).raw.kind.name(),
        Page::List(..) => "list",
    }
}

/// The sort of column, after the annex on page design of 国办发〔2017〕47号.
fn column(page: &Page, site: &Site) -> &'static str {
    let kind = match page {
        Page::Home | Page::NotFound => return "home",
        Page::Own(OwnPage::Data) => return "data",
        Page::Own(OwnPage::SiteMap | OwnPage::Search) => return "overview",
        Page::Own(OwnPage::Calendar | OwnPage::Month(..)) => return "news",
        Page::Entry(id) => site.entry(*id).raw.kind,
        Page::List(index, _) => match site.lists[*index].of {
            ListOf::ReportsOf(_) => Kind::Report,
            of => list::kind(of),
        },
    };
    match kind {
        Kind::Organization => "organization",
        Kind::Person => "person",
        Kind::Document | Kind::Notice => "document",
        Kind::Response => "response",
        Kind::Station | Kind::ServiceArea | Kind::Community => "service",
        Kind::Funds | Kind::Assessment => "data",
        Kind::Page | Kind::Project | Kind::Sector => "overview",
        _ => "news",
    }
}

/// When an entry was published, to the minute where one is written, as the norm wants it
/// (国办发〔2017〕47号: `YYYY-MM-DD HH:MM`); nothing is made up.
fn published(entry: &Entry) -> Option<String> {
    let is_published = matches!(
        entry.raw.kind,
        Kind::Report | Kind::Notice | Kind::Document | Kind::Response | Kind::Visit | Kind::Meeting
    );
    let date = entry.published_on().filter(|_| is_published)?;
    let time = date.time.map(|time| time.strftime(" %H:%M").to_string());
    Some(date.date.to_string() + &time.unwrap_or_default())
}

/// The full address of an entry's cover, unless that is illustrative.
pub(super) fn image(entry: &Entry, site: &Site) -> Option<String> {
    let cover = entry.raw.common.cover.as_ref()?;
    if entry.is_sample("cover") || entry.raw.common.sample.is_whole() {
        return None;
    }
    let copy = entry.file(&cover.0)?;
    Some(site.addresses.absolute_file(copy.shown().0))
}
