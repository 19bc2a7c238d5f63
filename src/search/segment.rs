//! Segments: the entries of a time, and the shards of their terms.

use rayon::prelude::*;

use super::shard::{self, Shard};
use super::terms::{Finder, MOST_DOCUMENTS, Posting, put_in_order};
use super::text::Document;
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::date::Moment;

/// How many documents are looked through at a time.
const BATCH: usize = 512;

/// Into how many pieces the postings are parted.
const PIECES: usize = 32;

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

/// The shards of the terms of documents.
pub(super) fn shards_of(texts: &[Document]) -> Vec<Shard> {
    let documents: Vec<(u32, &Document)> = (0..).zip(texts).collect();
    let batches = documents.par_chunks(BATCH);
    let batches = batches.map_init(Finder::default, |finder, batch| {
        let mut found = Vec::new();
        for (number, text) in batch {
            finder.find(text, *number, &mut found);
        }
        put_in_order(&mut found);
        found.shrink_to_fit();
        found
    });
    shards(&batches.collect::<Vec<_>>(), documents.len() as u32)
}

/// The shards of postings that are in order in each batch. They are brought together piece by piece:
/// all at once they would need twice their memory.
fn shards(batches: &[Vec<Posting>], documents: u32) -> Vec<Shard> {
    let enough = shard::enough(batches.iter().map(Vec::len).sum());
    let mut shards = Vec::new();
    // What has been cut off last, of which the end is not known yet.
    let mut open: Vec<Posting> = Vec::new();
    let mut from = 0;
    for to in bounds(batches) {
        let new = open.len();
        for batch in batches {
            let start = batch.partition_point(|posting| posting.term().0 < from);
            let end = batch.partition_point(|posting| posting.term().0 < to);
            open.extend_from_slice(&batch[start..end]);
        }
        open[new..].sort();
        let mut cuts = shard::cut(&open, enough);
        if to < u32::MAX {
            cuts.pop();
        }
        let whole: usize = cuts.iter().map(|cut| cut.len()).sum();
        shards.par_extend(cuts.par_iter().map(|cut| shard::encode(cut, documents)));
        open.drain(..whole);
        from = to;
    }
    shards
}

/// First characters that part the postings into pieces of about the same size, up to the last of all.
fn bounds(batches: &[Vec<Posting>]) -> Vec<u32> {
    let sample = batches.iter().max_by_key(|batch| batch.len());
    let sample = sample.map_or(&[][..], Vec::as_slice);
    let piece = (sample.len() / PIECES).max(1);
    let bounds = sample.iter().step_by(piece).skip(1);
    let mut bounds: Vec<u32> = bounds.map(|posting| posting.term().0).collect();
    bounds.dedup();
    bounds.push(u32::MAX);
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn piece_by_piece_the_shards_are_those_of_all_at_once() {
        let document = |number: u32| {
            let terms = (0..1_500_u32).map(move |at| {
                let mixed = (at * 2_654_435 + number * 97).wrapping_mul(2_246_822_519);
                (0x4e00 + (mixed >> 12 & 0x7ff), mixed >> 24 & 0x3f)
            });
            terms.map(move |term| Posting::new(term, number, 0))
        };
        let batches: Vec<Vec<Posting>> = (0..5)
            .map(|batch| {
                let mut found = (batch * 8..batch * 8 + 8).flat_map(document).collect();
                put_in_order(&mut found);
                found
            })
            .collect();
        let mut all = batches.concat();
        put_in_order(&mut all);
        let cuts = shard::cut(&all, shard::enough(all.len()));
        assert!(cuts.len() > PIECES / 2);
        let at_once: Vec<Shard> = cuts.iter().map(|cut| shard::encode(cut, 40)).collect();
        assert!(shards(&batches, 40) == at_once);
    }
}
