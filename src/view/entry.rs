//! The view of an entry's page.

use serde::{Serialize, Serializer};

use super::card::{Card, Cards};
use super::entries::Details;
use super::fields::Fields;
use crate::link::hierarchy::MOST_LEVELS;
use crate::link::lists::is_dated;
use crate::link::offers::Offer;
use crate::link::{Entry, EntryId, Site};
use crate::markdown;
use crate::model::Kind;
use crate::model::kinds::{KindData, Organization};
use crate::render::Prepared;

/// What the template of an entry gets.
#[derive(Debug, Serialize)]
pub struct EntryView<'a> {
    /// Its keys, under the names that its file uses.
    pub entry: Fields<'a>,
    /// Its Markdown as HTML; may be empty.
    pub body: BodyHtml<'a>,
    /// The headings of the body.
    pub toc: Vec<TocItem<'a>>,
    /// The entries that refer to it, by kind, in the order of [`Kind::ALL`].
    pub related: Vec<Related<'a>>,
    /// The entry before it in its collection.
    pub previous: Option<Prepared<Card<'a>>>,
    /// The entry after it in its collection.
    pub next: Option<Prepared<Card<'a>>>,
    /// The link to the Atom feed of what refers to it, where there is one.
    pub feed: Option<String>,
    /// The link to the calendar of the events that refer to it, where there is one.
    pub calendar: Option<String>,
    /// What only entries of this kind have.
    #[serde(flatten)]
    pub details: Details<'a>,
}

/// The body of an entry: its HTML for templates, made only when a page is rendered; for a key, what
/// the HTML is made of.
#[derive(Debug, Clone, Copy)]
pub struct BodyHtml<'a> {
    entry: &'a Entry,
}

impl Serialize for BodyHtml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entry = self.entry;
        if serializer.is_human_readable() {
            let html = markdown::emit(
                &entry.outline,
                entry.raw.body_text(),
                &entry.links,
                &entry.images,
            );
            serializer.serialize_str(&html)
        } else {
            (&entry.outline.fingerprint, &entry.links, &entry.images).serialize(serializer)
        }
    }
}

/// A heading in the table of contents.
#[derive(Debug, Serialize)]
pub struct TocItem<'a> {
    /// 2 to 6.
    pub level: u8,
    /// The fragment, without `#`.
    pub id: &'a str,
    /// The heading's text.
    pub title: &'a str,
}

/// Entries of one kind that refer to an entry.
#[derive(Debug, Serialize)]
pub struct Related<'a> {
    /// The name of their kind.
    pub kind: &'static str,
    /// The Chinese name of their kind.
    pub label: String,
    /// The newest of them, at most ten; all for undated kinds.
    pub items: Vec<Prepared<Card<'a>>>,
    /// How many there are in all.
    pub total: usize,
    /// The link to the whole list, where there is one.
    pub url: Option<String>,
}

/// Most back-references of one dated kind that a page shows.
pub(super) const MOST_RELATED: usize = 10;

impl<'a> EntryView<'a> {
    /// The view of an entry.
    pub fn new(id: EntryId, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let entry = site.entry(id);
        let (previous, next) = neighbours(id, site);
        let headings = entry.outline.headings.iter();
        EntryView {
            entry: Fields { entry, cards },
            body: BodyHtml { entry },
            toc: headings
                .map(|heading| TocItem {
                    level: heading.level,
                    id: &heading.id,
                    title: &heading.title,
                })
                .collect(),
            related: related(id, cards),
            previous: previous.map(|id| cards.of(id)),
            next: next.map(|id| cards.of(id)),
            feed: site.link_to(Offer::Feed(Some(id))),
            calendar: site.link_to(Offer::Calendar(Some(id))),
            details: Details::new(id, cards),
        }
    }
}

fn neighbours(id: EntryId, site: &Site) -> (Option<EntryId>, Option<EntryId>) {
    let kind = site.entry(id).raw.kind;
    if !is_dated(kind) {
        return (None, None);
    }
    let Some(position) = site.position(id) else {
        return (None, None);
    };
    let collection = site.of_kind(kind);
    (
        position.checked_sub(1).map(|at| collection[at]),
        collection.get(position + 1).copied(),
    )
}

fn related<'a>(id: EntryId, cards: &'a Cards<'a>) -> Vec<Related<'a>> {
    let site = cards.site;
    let mut groups = Vec::new();
    for kind in Kind::ALL {
        let all: Vec<EntryId> = site.referring(id, kind).collect();
        if all.is_empty() {
            continue;
        }
        let total = all.len();
        let shown: Vec<EntryId> = if is_dated(kind) {
            all.into_iter().rev().take(MOST_RELATED).collect()
        } else {
            all
        };
        groups.push(Related {
            kind: kind.name(),
            label: kind.label().zh,
            items: shown
                .into_iter()
                .map(|from| tied(from, id, cards))
                .collect(),
            total,
            url: (kind == Kind::Report)
                .then(|| reports_url(id, site))
                .flatten(),
        });
    }
    groups
}

/// The card of an entry that refers to `to`; marked when it does so under sample keys only.
pub(super) fn tied<'a>(from: EntryId, to: EntryId, cards: &Cards<'a>) -> Prepared<Card<'a>> {
    let entry = cards.site.entry(from);
    let mut ties = entry
        .references
        .iter()
        .filter(|reference| reference.to == to);
    let sample = ties.all(|tie| entry.is_sample(tie.key));
    card(from, sample, cards)
}

/// The cards of the entries of one kind that refer to `to` under `key`; marked where that is a sample key.
pub(super) fn tied_under<'a>(
    to: EntryId,
    kind: Kind,
    key: &str,
    cards: &Cards<'a>,
) -> Vec<Prepared<Card<'a>>> {
    let site = cards.site;
    let referring = site.referring_of(to, kind).iter();
    let under_key = referring.filter(|(_, under)| *under == key);
    under_key
        .map(|&(from, _)| card(from, site.entry(from).is_sample(key), cards))
        .collect()
}

/// The card of an entry; marked where its tie to the page that shows it is illustrative.
pub(super) fn card<'a>(id: EntryId, sample_tie: bool, cards: &Cards<'a>) -> Prepared<Card<'a>> {
    if sample_tie {
        cards.with_sample_tie(id)
    } else {
        cards.of(id)
    }
}

fn reports_url(id: EntryId, site: &Site) -> Option<String> {
    site.reports_of(id)
        .map(|list| site.addresses.page(&list.path))
}

/// The organizations above an organization, the highest first.
pub(super) fn ancestors(id: EntryId, site: &Site) -> Vec<EntryId> {
    let parent = |id: EntryId| {
        let organization = Organization::of(&site.entry(id).raw.data)?;
        site.targets(&organization.parent).next()
    };
    let mut way = Vec::new();
    let mut here = parent(id);
    // More levels, and circles, are errors; this only keeps the work small.
    while let Some(above) = here.filter(|_| way.len() < MOST_LEVELS) {
        way.push(above);
        here = parent(above);
    }
    way.reverse();
    way
}
