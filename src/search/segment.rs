//! Segments: the entries of a time, and the shards of their terms.

use std::ops::Range;

use rayon::prelude::*;

use super::shard::{self, Shard};
use super::terms::{Finder, MOST_DOCUMENTS, Posting, put_in_order};
use super::text::Document;
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::date::Moment;

/// How many documents are looked through at a time: their postings are few enough to be sorted in the
/// processor's cache.
const BATCH: usize = 128;

/// Into how many pieces the postings are parted, of which each is as small.
const PIECES: usize = 256;

/// How many pieces are brought together at the same time.
const AT_A_TIME: usize = 8;

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

/// Working memory, reused from batch to batch.
#[derive(Default)]
struct Buffers {
    finder: Finder,
    found: Vec<Posting>,
}

/// The shards of the terms of documents.
pub(super) fn shards_of(texts: &[Document]) -> Vec<Shard> {
    let documents: Vec<(u32, &Document)> = (0..).zip(texts).collect();
    let batches = documents.par_chunks(BATCH);
    let batches = batches.map_init(Buffers::default, |buffers, batch| {
        let Buffers { finder, found } = buffers;
        found.clear();
        for (number, text) in batch {
            finder.find(text, *number, found);
        }
        put_in_order(found);
        Box::from(&**found)
    });
    shards(&batches.collect::<Vec<_>>(), documents.len() as u32)
}

/// The shards of postings that are in order in each batch. They are brought together a few pieces at a
/// time: all at once they would need twice their memory.
fn shards(batches: &[Box<[Posting]>], documents: u32) -> Vec<Shard> {
    let enough = shard::enough(batches.iter().map(|batch| batch.len()).sum());
    let mut shards = Vec::new();
    // What has been cut off last, of which the end is not known yet.
    let mut open: Vec<Posting> = Vec::new();
    for pieces in pieces(batches).chunks(AT_A_TIME) {
        let merged = pieces.par_iter().map(|piece| merged(batches, piece));
        for piece in merged.collect::<Vec<_>>() {
            open.extend(piece);
        }
        let mut cuts = shard::cut(&open, enough);
        if pieces.last().is_none_or(|piece| piece.end < u32::MAX) {
            cuts.pop();
        }
        let whole: usize = cuts.iter().map(|cut| cut.len()).sum();
        shards.par_extend(cuts.par_iter().map(|cut| shard::encode(cut, documents)));
        open.drain(..whole);
    }
    shards
}

/// The postings of all batches whose first character is in `piece`, in order.
fn merged(batches: &[Box<[Posting]>], piece: &Range<u32>) -> Vec<Posting> {
    let parts = batches.iter().map(|batch| {
        let place = |bound| batch.partition_point(|posting| posting.term().0 < bound);
        &batch[place(piece.start)..place(piece.end)]
    });
    let parts: Vec<&[Posting]> = parts.collect();
    let mut merged = parts.concat();
    // Made for what consists of stretches that are in order.
    merged.sort();
    merged
}

/// Ranges of first characters that part the postings into pieces of about the same size.
fn pieces(batches: &[Box<[Posting]>]) -> Vec<Range<u32>> {
    let sample = batches.iter().max_by_key(|batch| batch.len());
    let sample = sample.map_or(&[][..], |batch| &batch[..]);
    let size = (sample.len() / PIECES).max(1);
    let bounds = sample.iter().step_by(size).skip(1);
    let mut bounds: Vec<u32> = bounds.map(|posting| posting.term().0).collect();
    bounds.dedup();
    bounds.push(u32::MAX);
    let starts = std::iter::once(0).chain(bounds.iter().copied());
    starts
        .zip(&bounds)
        .map(|(start, end)| start..*end)
        .collect()
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
        let batches: Vec<Box<[Posting]>> = (0..5)
            .map(|batch| {
                let mut found = (batch * 8..batch * 8 + 8).flat_map(document).collect();
                put_in_order(&mut found);
                found.into()
            })
            .collect();
        let mut all = batches.concat();
        put_in_order(&mut all);
        let cuts = shard::cut(&all, shard::enough(all.len()));
        assert!(cuts.len() > 32);
        let at_once: Vec<Shard> = cuts.iter().map(|cut| shard::encode(cut, 40)).collect();
        assert!(shards(&batches, 40) == at_once);
    }
}
