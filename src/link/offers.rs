//! What a site offers to programs: feeds, calendars and data files, and what each tells of.
//!
//! Everything here follows from references, dates and samples, nothing from a title or a text: an edit
//! of a text changes the content of a few of these files, never which there are.

use std::cmp::Reverse;

use super::lists::is_dated;
use super::own_pages::OwnPage;
use super::urls::UrlPath;
use super::{EntryId, Site};
use crate::model::Kind;
use crate::model::kinds::{Data, Station};
use crate::model::tree::OutPath;

/// Most entries that a feed tells of.
const FEED_LENGTH: usize = 20;

/// Most events without repeats that a calendar holds, the latest: phones fetch it whole, every day.
const CALENDAR_LENGTH: usize = 500;

/// Most URLs of one site map (sitemaps.org protocol 0.9).
pub const SITEMAP_LENGTH: usize = 50_000;

/// The keys of every entry that its record in a data file has, those that say how it is published left
/// out.
pub const PUBLISHED: [&str; 10] = [
    "title", "summary", "date", "updated", "author", "source", "cover", "topics", "keywords",
    "sample",
];

/// The kinds that feeds tell of.
const NEWS: [Kind; 3] = [Kind::Report, Kind::Notice, Kind::Document];

/// A file that the site has for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Offer {
    /// The Atom feed of the site, or of an organization, project or topic.
    Feed(Option<EntryId>),
    /// The calendar of the site, or of an organization or station.
    Calendar(Option<EntryId>),
    /// The entries of a kind as JSON; those of dated kinds by year, or without one.
    Data(Kind, Option<i16>),
    /// The places of the stations as GeoJSON.
    Places,
    /// What data files there are, as JSON.
    Index,
}

impl Offer {
    /// Where the file lies: `atom.xml` and `calendar.ics` beside the page they belong to, data in
    /// `data/`, such as `data/reports-2021.json`.
    pub fn path(self, site: &Site) -> OutPath {
        let page =
            |of: Option<EntryId>| of.map_or(UrlPath::home(), |id| site.entry(id).path.clone());
        let data = OwnPage::Data.path();
        match self {
            Offer::Feed(of) => page(of).file("atom.xml"),
            Offer::Calendar(of) => page(of).file("calendar.ics"),
            Offer::Data(kind, year) => {
                let name = kind.collection();
                match year {
                    Some(year) => data.file(&format!("{name}-{year:04}.json")),
                    None if is_by_year(kind) => data.file(&format!("{name}-undated.json")),
                    None => data.file(&format!("{name}.json")),
                }
            }
            Offer::Places => data.file("stations.geojson"),
            Offer::Index => data.file("index.json"),
        }
    }
}

/// Whether the data of a kind is in one file per year.
pub fn is_by_year(kind: Kind) -> bool {
    is_dated(kind) && !kind.is_yearly()
}

/// Every offer of a site whose references and own pages are known, in order. Open data is there where
/// the theme has a page that says what it is.
pub(super) fn offers(site: &Site) -> Vec<Offer> {
    let mut offers = if site.own_pages.contains(&OwnPage::Data) {
        data(site)
    } else {
        Vec::new()
    };
    if !site.news(None).is_empty() {
        offers.push(Offer::Feed(None));
    }
    if site.collections.contains_key(&Kind::Event) {
        offers.push(Offer::Calendar(None));
    }
    for id in site.ids() {
        let kind = site.entry(id).raw.kind;
        if has_feed(kind) && !site.news(Some(id)).is_empty() {
            offers.push(Offer::Feed(Some(id)));
        }
        if has_calendar(kind) && site.referring(id, Kind::Event).next().is_some() {
            offers.push(Offer::Calendar(Some(id)));
        }
    }
    offers.sort_unstable();
    offers
}

fn data(site: &Site) -> Vec<Offer> {
    let mut offers = vec![Offer::Index];
    for ids in site.collections.values() {
        let mut files: Vec<Offer> = ids.iter().map(|id| site.data_file(*id)).collect();
        files.dedup();
        offers.extend(files);
    }
    if site.places().next().is_some() {
        offers.push(Offer::Places);
    }
    offers
}

/// The parts into which a site map of `urls` URLs is cut; none when it is one file.
pub fn sitemap_parts(urls: usize) -> impl Iterator<Item = OutPath> {
    let parts = urls.div_ceil(SITEMAP_LENGTH);
    let parts = if parts > 1 { parts } else { 0 };
    (1..=parts).map(sitemap_part)
}

/// Where the part of the site map with a number, counted from 1, lies.
pub fn sitemap_part(number: usize) -> OutPath {
    OutPath::new(format!("sitemap-{number}.xml"))
}

/// Whether entries of a kind can have a feed of what refers to them.
fn has_feed(kind: Kind) -> bool {
    matches!(kind, Kind::Organization | Kind::Project | Kind::Topic)
}

/// Whether entries of a kind can have a calendar of the events that refer to them.
fn has_calendar(kind: Kind) -> bool {
    matches!(kind, Kind::Organization | Kind::Station)
}

impl Site {
    /// Whether the site has this file.
    pub fn has(&self, offer: Offer) -> bool {
        self.offers.binary_search(&offer).is_ok()
    }

    /// The link to a file, where the site has it.
    pub fn link_to(&self, offer: Offer) -> Option<String> {
        self.has(offer)
            .then(|| self.addresses.file(&offer.path(self)))
    }

    /// The newest reports, notices and documents of which a feed can say [when](crate::link::Entry::told_on), the newest
    /// first: all, or those that refer to an entry.
    pub fn news(&self, of: Option<EntryId>) -> Vec<EntryId> {
        let newest = NEWS.iter().flat_map(|kind| -> Vec<_> {
            let all = self.newest_first(*kind, of);
            let told = all.filter_map(|id| Some(Reverse((self.entry(id).told_on()?, id))));
            // Documents are filed by the day that they bear: one of old that is published today is news.
            let most = match kind {
                Kind::Document => usize::MAX,
                _ => FEED_LENGTH,
            };
            told.take(most).collect()
        });
        let mut news: Vec<_> = newest.collect();
        news.sort_unstable();
        news.truncate(FEED_LENGTH);
        news.into_iter().map(|Reverse((_, id))| id).collect()
    }

    /// The events that a calendar holds, the earliest first: all, or those that refer to an entry.
    pub fn events(&self, of: Option<EntryId>) -> Vec<EntryId> {
        let mut single = 0;
        let is_held = |id: &EntryId| match &self.entry(*id).raw.data {
            Data::Event(event) if event.repeats.is_none() => {
                single += 1;
                single <= CALENDAR_LENGTH
            }
            _ => true,
        };
        let mut events: Vec<EntryId> = self.newest_first(Kind::Event, of).filter(is_held).collect();
        events.reverse();
        events
    }

    /// The data file that holds an entry.
    pub fn data_file(&self, id: EntryId) -> Offer {
        let entry = self.entry(id);
        let kind = entry.raw.kind;
        let year = entry.date().filter(|_| is_by_year(kind));
        Offer::Data(kind, year.map(|moment| moment.date.year()))
    }

    /// The entries that a data file holds, in its order.
    pub fn data_of(&self, kind: Kind, year: Option<i16>) -> &[EntryId] {
        let all = self.of_kind(kind);
        if !is_by_year(kind) {
            return all;
        }
        let filed = |id: &EntryId| self.entry(*id).date().map(|moment| moment.date.year());
        let from = all.partition_point(|id| filed(id) < year);
        let to = all.partition_point(|id| filed(id) <= year);
        &all[from..to]
    }

    /// The stations of which the place is written.
    pub fn places(&self) -> impl Iterator<Item = EntryId> {
        let placed = self
            .all::<Station>()
            .filter(|(_, station)| station.location.is_some());
        placed.map(|(id, _)| id)
    }

    /// The files that show the title or the summary of an entry to which nothing refers, or the
    /// summary of any.
    pub fn offers_with(&self, id: EntryId) -> Vec<Offer> {
        let entry = self.entry(id);
        let kind = entry.raw.kind;
        let around = || {
            let targets = entry.references.iter().map(|reference| Some(reference.to));
            std::iter::once(None).chain(targets)
        };
        let mut offers = vec![self.data_file(id), Offer::Index];
        if NEWS.contains(&kind) {
            offers.extend(around().map(Offer::Feed));
        }
        if kind == Kind::Event {
            offers.extend(around().map(Offer::Calendar));
        }
        if kind == Kind::Station {
            offers.push(Offer::Places);
        }
        offers.retain(|offer| self.has(*offer));
        offers.sort_unstable();
        offers.dedup();
        offers
    }

    /// Whether an entry refers to another under keys only that it marks as illustrative.
    pub fn has_sample_tie(&self, from: EntryId, to: EntryId) -> bool {
        let entry = self.entry(from);
        let mut ties = entry.references.iter().filter(|tie| tie.to == to);
        ties.all(|tie| entry.is_sample(tie.key))
    }

    /// The entries of a dated kind, all or those that refer to an entry, the newest first.
    fn newest_first(&self, kind: Kind, of: Option<EntryId>) -> impl Iterator<Item = EntryId> {
        let all = if of.is_none() {
            self.of_kind(kind)
        } else {
            &[]
        };
        let all = all.iter().rev().copied();
        let referring = of.map_or(&[][..], |id| self.referring_of(id, kind));
        let mut last = None;
        let referring = referring.iter().rev().map(|(from, _)| *from);
        let referring = referring.filter(move |from| last.replace(*from) != Some(*from));
        all.chain(referring)
    }
}
