//! Segments: the entries of a time, and the shards of their terms.

use rayon::prelude::*;

use super::shard::{self, Shard};
use super::terms::{Finder, MOST_DOCUMENTS, Posting};
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::date::Moment;

/// How many documents are looked through at a time.
const BATCH: usize = 64;

/// The documents of a time, in the order of their numbers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// `undated`, `archive`, `year` or `month`.
    pub(super) name: &'static str,
    /// The entries: the oldest first.
    pub(super) documents: Vec<EntryId>,
}

/// The segments of a site, those that readers look through first in front; none is empty. Of an archive
/// that is too large for one there are several.
pub(super) fn segments(site: &Site) -> Vec<Segment> {
    let all = site.ids().filter(|id| site.entry(*id).is_searched());
    let (mut dated, undated): (Vec<EntryId>, Vec<EntryId>) =
        all.partition(|id| site.entry(*id).date().is_some());
    let date = |id: &EntryId| site.entry(*id).date();
    dated.sort_by_key(|id| (date(id), *id));
    // What is planned for next year does not make this one the past.
    let told = dated.iter().rev();
    let mut told = told.filter(|id| site.entry(**id).raw.kind != Kind::Event);
    let latest = told.next().or(dated.last()).and_then(date);
    let month = |moment: Moment| (moment.date.0.year(), moment.date.0.month());
    let latest = latest.map(month);
    let before = |bound: Option<(i16, i8)>| dated.partition_point(|id| date(id).map(month) < bound);
    let start_of_month = before(latest);
    let start_of_year = before(latest.map(|(year, _)| (year, 1)));
    let parts = [
        ("undated", &undated[..]),
        ("month", &dated[start_of_month..]),
        ("year", &dated[start_of_year..start_of_month]),
        ("archive", &dated[..start_of_year]),
    ];
    let parts = parts.into_iter().flat_map(|(name, documents)| {
        // The oldest are together, so that what is new changes the last part only.
        let parts = documents.chunks(MOST_DOCUMENTS).rev();
        parts.map(move |documents| Segment {
            name,
            documents: documents.to_vec(),
        })
    });
    parts.collect()
}

impl Segment {
    /// The shards of the segment's terms.
    pub(super) fn shards(&self, site: &Site) -> Vec<Shard> {
        let documents: Vec<(u32, EntryId)> = (0..).zip(self.documents.iter().copied()).collect();
        let batches = documents
            .par_chunks(BATCH)
            .map_init(Finder::default, |finder, batch| {
                let mut found: Vec<Posting> = Vec::new();
                for (number, id) in batch {
                    found.extend_from_slice(finder.postings(site.entry(*id), *number));
                }
                found
            });
        let mut postings = batches.collect::<Vec<_>>().concat();
        postings.par_sort_unstable();
        let cuts = shard::cut(&postings);
        let documents = documents.len() as u32;
        cuts.par_iter()
            .map(|cut| shard::encode(cut, documents))
            .collect()
    }
}
