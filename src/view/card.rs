//! An entry as another page shows it.

use std::sync::OnceLock;

use rayon::prelude::*;
use serde::Serialize;

use crate::link::{Entry, EntryId, FileCopy, Site};
use crate::model::date::Moment;
use crate::model::kinds::{Data, Status};
use crate::model::leaf::FileName;
use crate::model::reference::{Ref, Target};
use crate::render::{Failure, Made, Prepared, Renderer};

/// An entry in a list, a reference or a back-reference.
///
/// It has twelve fields and no more: so far Tera looks through the keys of a map one by one, beyond that
/// it hashes, which makes each page of a large site slower by a twentieth. Only where the theme makes items
/// of a kind, which then stand ready in lists, there is `html` as well.
#[derive(Debug, Clone, Serialize)]
pub struct Card<'a> {
    /// Its title.
    pub title: &'a str,
    /// The link to its page.
    pub url: String,
    /// Its summary; may be empty.
    pub summary: &'a str,
    /// Whether that summary is illustrative.
    pub summary_sample: bool,
    /// The date by which it is filed.
    pub date: Option<MomentView>,
    /// Whether that date is illustrative.
    pub date_sample: bool,
    /// The name of its kind.
    pub kind: &'static str,
    /// What sort of station, organization or meeting it is: the label.
    pub label: Option<&'static str>,
    /// Whether it is illustrative, as a whole or in its title.
    pub sample: bool,
    /// Whether its tie to the page that shows it is illustrative, as a back-reference from a key
    /// that the other entry marks as a sample.
    pub tie_sample: bool,
    /// Whether it is planned only.
    pub planned: bool,
    /// Its cover.
    pub cover: Option<ImageView>,
}

/// A moment as templates show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MomentView {
    /// `2021-04-01` or `2021-04-01T14:30`, for `<time datetime>`.
    pub iso: String,
    /// `2021年4月1日` or `2021年4月1日 14:30`.
    pub text: String,
    /// The month and the day: `4月1日`.
    pub short: String,
    /// The day of the week: `周四`.
    pub weekday: &'static str,
    /// The time of day where one is written: `14:30`.
    pub time: Option<String>,
}

/// A file beside an entry; for an image what `<picture>` needs.
#[derive(Debug, Clone, Serialize)]
pub struct ImageView {
    /// The link to the file itself, or to the nearest to it that is published.
    pub url: String,
    /// For images, the link to the one to show where nothing else is known: for photos at most 960
    /// pixels wide.
    pub src: String,
    /// For photos, the sizes as WebP for the attribute `srcset`, such as `/a.480.webp 480w, …`.
    pub srcset: Option<String>,
    /// The width in pixels of what `src` leads to, where known.
    pub width: Option<u32>,
    /// The height in pixels of what `src` leads to, where known.
    pub height: Option<u32>,
    /// The size of the file itself in bytes.
    pub size: u64,
}

impl From<Moment> for MomentView {
    fn from(moment: Moment) -> Self {
        MomentView {
            iso: moment.to_string(),
            text: moment.chinese(),
            short: moment.date.month_and_day(),
            weekday: moment.date.weekday(),
            time: moment.time.map(|time| time.strftime("%H:%M").to_string()),
        }
    }
}

/// The card of every entry of a site, made once: the same one is shown on many pages.
#[derive(Debug)]
pub struct Cards<'a> {
    /// The site.
    pub site: &'a Site,
    cards: PreparedCards,
    /// The cards of those whose tie to some page is illustrative, as far as they have been asked for.
    tied: Vec<OnceLock<Prepared<Card<'static>>>>,
}

/// Cards by their entry's place in [`Site::entries`].
pub type PreparedCards = Vec<Prepared<Card<'static>>>;

impl<'a> Cards<'a> {
    /// Those of a site; what is the same as `before` is not made again.
    pub fn new(site: &'a Site, before: &PreparedCards) -> Self {
        let made: Made<'_, _> = before.iter().collect();
        let ids: Vec<EntryId> = site.ids().collect();
        let cards = ids.into_par_iter();
        let cards = cards.map_init(Vec::new, |buffer, id| {
            Prepared::new(&Card::new(id, site), id.number(), &made, buffer)
        });
        Cards::of_site(site, cards.collect())
    }

    /// Those of a site of which only the `changed` entries are not as they were when `cards` were
    /// made.
    pub fn renewed(site: &'a Site, mut cards: PreparedCards, changed: &[EntryId]) -> Self {
        for &id in changed {
            let (card, number) = (Card::new(id, site), id.number());
            cards[id.index()] = Prepared::new(&card, number, &Made::default(), &mut Vec::new());
        }
        Cards::of_site(site, cards)
    }

    fn of_site(site: &'a Site, cards: PreparedCards) -> Self {
        let tied = cards.iter().map(|_| OnceLock::new()).collect();
        Cards { site, cards, tied }
    }

    /// The cards, without the site.
    pub fn into_prepared(self) -> PreparedCards {
        self.cards
    }

    /// The card of an entry.
    pub fn of(&self, id: EntryId) -> Prepared<Card<'a>> {
        self.cards[id.index()].clone()
    }

    /// The cards of the entries that references lead to; without those that are not public.
    pub fn targets<'r, T: Target + 'r>(
        &self,
        references: impl IntoIterator<Item = &'r Ref<T>>,
    ) -> impl Iterator<Item = Prepared<Card<'a>>> {
        self.site.targets(references).map(|id| self.of(id))
    }

    /// The card of an entry whose tie to the page that shows it is illustrative.
    pub fn with_sample_tie(&self, id: EntryId) -> Prepared<Card<'a>> {
        let tied = self.tied[id.index()].get_or_init(|| {
            let card = Card {
                tie_sample: true,
                ..Card::new(id, self.site)
            };
            let [_, number] = self.numbers(id);
            Prepared::new(&card, number, &Made::default(), &mut Vec::new())
        });
        tied.clone()
    }

    /// The numbers by which a page's key tells that it shows an entry: that of its card, and that of the one
    /// with an illustrative tie.
    pub fn numbers(&self, id: EntryId) -> [u32; 2] {
        let all = EntryId::new(self.cards.len());
        [id.number(), all.number() + id.number()]
    }

    /// Has cards, by their numbers, carry what the theme's item templates make of them, before a page that
    /// shows them is rendered; `buffer` is working memory.
    ///
    /// # Errors
    /// That of such a template.
    pub fn complete(
        &self,
        numbers: &[u32],
        renderer: &Renderer,
        buffer: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        for &number in numbers {
            let number = number as usize;
            let (index, card) = match number.checked_sub(self.cards.len()) {
                None => (number, Some(&self.cards[number])),
                Some(index) => (index, self.tied[index].get()),
            };
            let kind = self.site.entry(EntryId::new(index)).raw.kind.name();
            if let Some(card) = card {
                renderer.complete(card, kind, buffer)?;
            }
        }
        Ok(())
    }
}

impl<'a> Card<'a> {
    fn new(id: EntryId, site: &'a Site) -> Self {
        let entry = site.entry(id);
        let planned = matches!(
            &entry.raw.data,
            Data::Organization(organization) if organization.status == Some(Status::Planned)
        );
        Card {
            title: entry.title(),
            url: site.addresses.page(&entry.path),
            summary: entry.summary(),
            summary_sample: entry.has_sample_summary(),
            date: entry.date().map(MomentView::from),
            date_sample: entry.date_key().is_some_and(|key| entry.is_sample(key)),
            kind: entry.raw.kind.name(),
            label: label(&entry.raw.data),
            sample: entry.raw.common.sample.is_whole() || entry.is_sample("title"),
            tie_sample: false,
            planned,
            cover: entry
                .raw
                .common
                .cover
                .as_ref()
                .and_then(|FileName(name)| file(name, entry, site)),
        }
    }
}

/// What sort of station, organization or meeting an entry is.
fn label(data: &Data) -> Option<&'static str> {
    match data {
        Data::Organization(organization) => Some(organization.kind.key_and_label().1),
        Data::Station(station) => Some(station.kind.key_and_label().1),
        Data::Meeting(meeting) => Some(meeting.kind.key_and_label().1),
        _ => None,
    }
}

/// The file that a key of an entry names.
pub(super) fn file(name: &str, entry: &Entry, site: &Site) -> Option<ImageView> {
    Some(ImageView::new(entry.file(name)?, site))
}

impl ImageView {
    /// That of a file which is published.
    pub(super) fn new(copy: &FileCopy, site: &Site) -> Self {
        let (src, dimensions) = copy.shown();
        ImageView {
            url: site.addresses.file(copy.file()),
            src: site.addresses.file(src),
            srcset: copy.srcset(&site.addresses),
            width: dimensions.map(|dimensions| dimensions.width),
            height: dimensions.map(|dimensions| dimensions.height),
            size: copy.size,
        }
    }
}
