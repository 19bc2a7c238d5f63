//! Segments: the entries of a time, and the shards of their terms.

use rayon::prelude::*;

use super::shard::{self, Shard};
use super::terms::{Finder, MOST_DOCUMENTS, Posting, put_in_order};
use super::text::Document;
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::date::Moment;

/// How many documents are looked through at a time.
const BATCH: usize = 128;

/// Into how many pieces the postings are parted at most, as many as a byte counts: few enough that each is
/// written in a stream of its own, many enough that each is sorted in the processor's cache.
const PIECES: usize = 256;

/// How many postings a document has at least for those that it has more than once to be left out at once:
/// otherwise they wait for their piece to be sorted.
const MANY: usize = 1 << 16;

/// How many documents are enough to see how postings are to be parted.
const SAMPLE: usize = 32;

/// How many postings are enough for that.
const SAMPLE_POSTINGS: usize = 1 << 18;

/// How many pieces are sorted at the same time.
const AT_A_TIME: usize = 16;

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
    let pieces = Pieces::of_sample(&documents);
    let batches = documents.par_chunks(BATCH);
    let batches = batches.map_init(Buffers::default, |Buffers { finder, found }, batch| {
        found.clear();
        for (number, text) in batch {
            let start = found.len();
            finder.find(text, *number, found);
            if found.len() - start > MANY {
                let mut long = found.split_off(start);
                put_in_order(&mut long);
                found.append(&mut long);
            }
        }
        pieces.part(found)
    });
    let enough = shard::enough(texts.iter().map(Document::size).sum());
    shards(batches.collect(), enough, documents.len() as u32)
}

/// The shards of postings: those of each batch of documents, in order of the documents, parted into the same
/// pieces. A few pieces are sorted and written at a time: all at once they would need twice their memory.
fn shards(batches: Vec<Vec<Box<[Posting]>>>, enough: usize, documents: u32) -> Vec<Shard> {
    let mut pieces = transposed(batches).into_iter().peekable();
    let mut shards = Vec::new();
    // The pieces of which the last shard is not cut yet, and how much of the first of them is written.
    let mut open: Vec<Vec<Posting>> = Vec::new();
    let mut written = 0;
    while pieces.peek().is_some() {
        let next: Vec<_> = pieces.by_ref().take(AT_A_TIME).collect();
        open.par_extend(next.into_par_iter().map(|parts| {
            let mut piece = parts.concat();
            put_in_order(&mut piece);
            piece
        }));
        let mut stretches: Vec<&[Posting]> = open.iter().map(Vec::as_slice).collect();
        stretches[0] = &stretches[0][written..];
        let mut cuts = shard::cut(&stretches, enough);
        let rest = cuts.pop_if(|_| pieces.peek().is_some());
        shards.par_extend(cuts.par_iter().map(|cut| shard::encode(cut, documents)));
        let left = rest.iter().flatten().map(|stretch| stretch.len()).sum();
        let (mut kept, mut held) = (0, 0);
        while held < left {
            kept += 1;
            held += open[open.len() - kept].len();
        }
        written = held - left;
        open.drain(..open.len() - kept);
    }
    shards
}

/// Of each piece its parts in the order of the batches.
fn transposed(batches: Vec<Vec<Box<[Posting]>>>) -> Vec<Vec<Box<[Posting]>>> {
    let count = batches.first().map_or(0, Vec::len);
    let mut pieces: Vec<Vec<_>> = (0..count)
        .map(|_| Vec::with_capacity(batches.len()))
        .collect();
    for batch in batches {
        for (piece, part) in pieces.iter_mut().zip(batch) {
            piece.push(part);
        }
    }
    pieces
}

/// Ranges of first characters, by which postings are parted before they are sorted: to sort all at once would
/// scatter them over the whole memory, one by one.
struct Pieces {
    /// The number of the piece of each character of the first plane; all others are in the last one.
    of: Box<[u8]>,
    count: usize,
}

impl Pieces {
    /// Pieces of about the same size; of few documents there is one.
    fn of_sample(documents: &[(u32, &Document)]) -> Self {
        let mut found = Vec::new();
        if documents.len() > BATCH {
            let mut finder = Finder::default();
            for (number, text) in documents.iter().step_by(documents.len() / SAMPLE) {
                finder.find(text, *number, &mut found);
                if found.len() > SAMPLE_POSTINGS {
                    break;
                }
            }
        }
        Pieces::of(&mut found)
    }

    /// Pieces of which each has about as many of these postings.
    fn of(sample: &mut Vec<Posting>) -> Self {
        put_in_order(sample);
        let bounds = sample.iter().step_by(sample.len() / PIECES + 1).skip(1);
        let bounds = bounds.map(|posting| posting.term().0 as usize);
        let mut of = vec![0; 0x1_0000];
        let (mut number, mut start) = (0, 0);
        for bound in bounds {
            if bound > start && bound < of.len() {
                of[start..bound].fill(number);
                (number, start) = (number + 1, bound);
            }
        }
        of[start..].fill(number);
        Pieces {
            of: of.into(),
            count: usize::from(number) + 1,
        }
    }

    /// The number of the piece in which a posting is.
    fn piece(&self, posting: Posting) -> usize {
        let number = self.of.get(posting.term().0 as usize);
        number.map_or(self.count - 1, |number| usize::from(*number))
    }

    /// The postings of each piece, in the order in which they are.
    fn part(&self, postings: &[Posting]) -> Vec<Box<[Posting]>> {
        let mut sizes = [0; PIECES];
        for posting in postings {
            sizes[self.piece(*posting)] += 1;
        }
        let sizes = sizes.iter().take(self.count);
        let mut parts: Vec<Vec<Posting>> = sizes.map(|size| Vec::with_capacity(*size)).collect();
        for posting in postings {
            parts[self.piece(*posting)].push(*posting);
        }
        parts.into_iter().map(Vec::into_boxed_slice).collect()
    }
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
        let of = |batch: u32| (batch * 8..batch * 8 + 8).flat_map(document);
        let mut all: Vec<Posting> = (0..5).flat_map(of).collect();
        let pieces = Pieces::of(&mut of(2).collect());
        assert!(pieces.count > 100);
        let batches = (0..5).map(|batch| pieces.part(&of(batch).collect::<Vec<_>>()));
        let batches = batches.collect();
        put_in_order(&mut all);
        let cuts = shard::cut(&[&all], 1_024);
        assert!(cuts.len() > 32);
        let at_once: Vec<Shard> = cuts.iter().map(|cut| shard::encode(cut, 40)).collect();
        assert!(shards(batches, 1_024, 40) == at_once);
    }
}
