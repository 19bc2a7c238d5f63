//! Lists of entries and how they are cut into pages.

use std::ops::Range;

use super::urls::UrlPath;
use super::{EntryId, Site};
use crate::model::Kind;

/// Entries on a full page of a list.
pub const PAGE_SIZE: usize = 20;

/// What a list collects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListOf {
    /// All entries of a kind.
    Kind(Kind),
    /// The entries of a kind from one year.
    Year(Kind, i16),
    /// The reports that refer to an entry.
    ReportsOf(EntryId),
}

/// A list of entries with its own page, or pages.
#[derive(Debug, Clone)]
pub struct List {
    /// What it collects.
    pub of: ListOf,
    /// The URL of its front page.
    pub path: UrlPath,
    /// The entries, oldest first for dated kinds, otherwise in reading order.
    pub entries: Vec<EntryId>,
    /// Whether it is cut into pages; lists of undated kinds are not.
    pub paged: bool,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    /// The number, counted from the oldest; `None` for the front page.
    pub number: Option<usize>,
    /// The entries shown, as a range of [`List::entries`].
    pub entries: Range<usize>,
    /// The number of the next older page.
    pub older: Option<usize>,
}

impl List {
    /// The pages: the front page first, then the full ones from the oldest.
    ///
    /// Numbered pages hold [`PAGE_SIZE`] entries and never change; the front page shows the rest,
    /// 20 to 39 of the newest (fewer only when there are fewer in all).
    pub fn pages(&self) -> Vec<ListPage> {
        let full = self.full_pages();
        let front = ListPage {
            number: None,
            entries: full * PAGE_SIZE..self.entries.len(),
            older: (full > 0).then_some(full),
        };
        let numbered = (1..=full).map(|number| ListPage {
            number: Some(number),
            entries: (number - 1) * PAGE_SIZE..number * PAGE_SIZE,
            older: (number > 1).then(|| number - 1),
        });
        std::iter::once(front).chain(numbered).collect()
    }

    /// How many full, numbered pages there are. The page after the last of them is a redirect to
    /// the front page, so that the last one can already link to its successor.
    pub fn full_pages(&self) -> usize {
        if self.paged {
            (self.entries.len() / PAGE_SIZE).saturating_sub(1)
        } else {
            0
        }
    }

    /// The URL of a numbered page.
    pub fn numbered(&self, number: usize) -> UrlPath {
        self.path.join("page").join(&number.to_string())
    }
}

/// Every list of a site, in the order of their kinds.
pub(super) fn lists(site: &Site) -> Vec<List> {
    let mut lists = Vec::new();
    for (&kind, entries) in &site.collections {
        if kind == Kind::Page || entries.is_empty() {
            continue;
        }
        let paged = is_dated(kind);
        lists.push(List {
            of: ListOf::Kind(kind),
            path: UrlPath::collection(kind),
            entries: entries.clone(),
            paged,
        });
        if kind == Kind::Report {
            lists.extend(years(site, kind, entries));
        }
    }
    for id in site.ids() {
        let reports: Vec<EntryId> = site.referring(id, Kind::Report).collect();
        if !reports.is_empty() {
            let path = site.entry(id).path.join("reports");
            lists.push(List {
                of: ListOf::ReportsOf(id),
                path,
                entries: reports,
                paged: true,
            });
        }
    }
    lists
}

fn years(site: &Site, kind: Kind, entries: &[EntryId]) -> impl Iterator<Item = List> {
    let year = |id: &EntryId| site.entry(*id).date().map(|moment| moment.date.year());
    let chunks = entries.chunk_by(move |a, b| year(a) == year(b));
    chunks.filter_map(move |chunk| {
        let year = year(chunk.first()?)?;
        let path = UrlPath::collection(kind).join(&year.to_string());
        Some(List {
            of: ListOf::Year(kind, year),
            path,
            entries: chunk.to_vec(),
            paged: true,
        })
    })
}

/// Whether the entries of a kind are ordered by date.
pub fn is_dated(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Report
            | Kind::Event
            | Kind::Meeting
            | Kind::Visit
            | Kind::Document
            | Kind::Notice
            | Kind::Response
    ) || kind.is_yearly()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(length: usize) -> List {
        let entries = (0..length).map(EntryId::new).collect();
        List {
            of: ListOf::Kind(Kind::Report),
            path: UrlPath::collection(Kind::Report),
            entries,
            paged: true,
        }
    }

    #[test]
    fn the_front_page_shows_the_newest_20_to_39() {
        for length in 0..200 {
            let pages = list(length).pages();
            let shown = pages[0].entries.len();
            assert!(
                shown == length || (20..40).contains(&shown),
                "{length}: {shown}"
            );
            assert_eq!(pages[0].entries.end, length);
        }
    }

    #[test]
    fn every_entry_is_on_exactly_one_page() {
        for length in [0, 1, 39, 40, 41, 59, 60, 199] {
            let mut shown: Vec<_> = list(length)
                .pages()
                .into_iter()
                .flat_map(|page| page.entries)
                .collect();
            shown.sort_unstable();
            assert_eq!(shown, (0..length).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_full_page_never_changes() {
        for length in 40..200 {
            for page in &list(length).pages()[1..] {
                assert!(
                    list(length + 1).pages().contains(page),
                    "{length}: {page:?}"
                );
            }
        }
    }
}
