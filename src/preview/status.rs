//! What the status page tells of the last rebuild.

use serde::Serialize;

use super::Shown;
use crate::content::RawEntry;
use crate::link::urls::entry_path;
use crate::link::{EntryId, Linked, Site, Withheld, withheld};
use crate::model::leaf::Sample;
use crate::model::tree::OutFile;

/// The last rebuild and what is not, or not yet, public.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Status {
    /// The title of the site; empty while `site.yaml` cannot be read.
    pub title: String,
    /// When it was built, local date and time, as `2026-11-25 10:01:07`.
    pub built_at: String,
    /// When the next entry is due or expires, as `2026-12-01 00:00`.
    pub next_due: Option<String>,
    /// How long each stage took, in their order.
    pub stages: Vec<Stage>,
    /// How many pages the site has.
    pub pages: usize,
    /// How many of them were rendered again by the last rebuild.
    pub rendered: usize,
    /// Entries that are drafts.
    pub drafts: Vec<Item>,
    /// Entries that are not yet due, with the date.
    pub not_yet_due: Vec<Item>,
    /// Entries that have expired, with the date.
    pub expired: Vec<Item>,
    /// Public entries that are illustrative, as a whole or in some keys.
    pub samples: Vec<Item>,
}

/// A stage of a rebuild.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stage {
    /// What it does, in the user's language.
    pub label: String,
    /// How long it took, in milliseconds.
    pub milliseconds: f64,
}

/// An entry that the status page names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// Its title.
    pub title: String,
    /// The label of its kind.
    pub kind: String,
    /// Its file, below the site's root.
    pub file: String,
    /// The link to its page, where it has one.
    pub url: Option<String>,
    /// Where its page is or would be: below the base path, with a final `/`.
    #[serde(skip)]
    pub path: String,
    /// The date that matters, as `2026-12-01` or with a time.
    pub date: Option<String>,
    /// The keys that are illustrative; empty for all.
    pub keys: Vec<String>,
}

/// Most entries that each list names.
const MOST: usize = 2_000;

/// What there is to tell of a linked site; times are left out.
pub fn of_site(linked: &Linked) -> Status {
    let site = &linked.site;
    let mut status = Status {
        title: site.config.title.clone(),
        next_due: linked
            .next_due()
            .map(|due| due.strftime("%Y-%m-%d %H:%M").to_string()),
        pages: crate::view::count(site),
        ..Status::default()
    };
    let strict = linked.publicity().strict();
    for entry in linked.entries() {
        let (list, date) = match withheld(entry, strict) {
            None => continue,
            Some(Withheld::Draft) => (&mut status.drafts, None),
            Some(Withheld::NotYetDue(on)) => (&mut status.not_yet_due, Some(on)),
            Some(Withheld::Expired(on)) => (&mut status.expired, Some(on)),
        };
        if list.len() < MOST {
            let id = site.find(entry.kind, &entry.id);
            list.push(Item {
                date: date.map(|date| date.to_string().replace('T', " ")),
                ..item(entry, id, site)
            });
        }
    }
    let samples = site.ids().filter_map(|id| {
        let entry = site.entry(id);
        let keys = match &entry.raw.common.sample {
            Sample::Keys(keys) if keys.is_empty() => return None,
            Sample::Keys(keys) => keys.clone(),
            whole if whole.is_whole() => Vec::new(),
            _ => return None,
        };
        Some(Item {
            keys,
            ..item(&entry.raw, Some(id), site)
        })
    });
    status.samples = samples.take(MOST).collect();
    status
}

fn item(entry: &RawEntry, id: Option<EntryId>, site: &Site) -> Item {
    let path = entry_path(entry.kind, &entry.id, entry.common.slug.as_deref());
    Item {
        title: entry.common.title.clone(),
        kind: entry.kind.label().zh,
        file: entry.source.path.to_string(),
        url: id.map(|id| site.addresses.page(&site.entry(id).path)),
        // A name that no path can be made of is reported, once the entry is to be public.
        path: path.map_or(String::new(), |path| path.as_str().to_owned()),
        date: None,
        keys: Vec::new(),
    }
}

/// The pages that are shown, in the order of their files, and where they come from.
pub fn site_map(shown: &Shown) -> Vec<PageSource> {
    let files = shown.site.iter().flat_map(|site| site.iter());
    let pages = files.filter_map(|(path, file)| match file {
        OutFile::Page(page) => {
            let path = path.as_str();
            let path = path.strip_suffix("index.html").unwrap_or(path);
            Some(PageSource {
                url: format!("{}{path}", shown.base),
                file: page.source.as_ref().map(ToString::to_string),
            })
        }
        _ => None,
    });
    pages.collect()
}

/// A page and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageSource {
    /// The link to the page.
    pub url: String,
    /// The file of its entry, below the site's root; none for lists and the home page.
    pub file: Option<String>,
}
