//! Shards: stretches of the sorted terms of a segment, each a file.

use std::sync::Arc;

use super::bits::{BitReader, BitWriter, parameter};
use super::terms::{Posting, Term};
use crate::model::digest::Digest;

/// The terms of one shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shard {
    /// The term it begins with.
    pub(super) first: Term,
    /// The single characters among its terms, in order.
    pub(super) characters: Arc<[u32]>,
    /// Its file.
    pub(super) bytes: Arc<[u8]>,
    /// The digest of its file.
    pub(super) digest: Digest,
}

/// Postings in order, in stretches that follow one another; those of one term are in one stretch.
pub(super) type Stretches<'p> = Vec<&'p [Posting]>;

/// Cuts postings into shards of which each is a few kilobytes.
///
/// A shard ends, once it has enough, before a term that its own characters choose. So what is added or
/// taken away in one place changes the shard there and hardly any other. It ends anyway when it has far
/// too much, as where every document has every term.
///
/// `enough` is how many postings one has at least. Where the last one ends depends on what follows.
pub(super) fn cut<'p>(stretches: &[&'p [Posting]], enough: usize) -> Vec<Stretches<'p>> {
    let mut cuts = Vec::new();
    let mut open = Stretches::new();
    let mut count = 0;
    for stretch in stretches {
        let (mut start, mut at) = (0, 0);
        for group in stretch.chunk_by(|one, other| one.term() == other.term()) {
            if ends(count, enough, group[0].term()) {
                open.push(&stretch[start..at]);
                cuts.push(std::mem::take(&mut open));
                (start, count) = (at, 0);
            }
            at += group.len();
            count += group.len();
        }
        open.push(&stretch[start..]);
    }
    cuts.push(open);
    for cut in &mut cuts {
        cut.retain(|stretch| !stretch.is_empty());
    }
    cuts.retain(|cut| !cut.is_empty());
    cuts
}

/// Whether a shard with so many postings ends before the term `next`.
pub(super) fn ends(postings: usize, enough: usize, next: Term) -> bool {
    postings >= 4 * enough || postings >= enough && is_landmark(next)
}

/// How many postings a shard has at least of a segment with so much text, in bytes; every two or three have
/// about one posting: in a small segment fewer, since of each segment one shard is fetched for each term.
pub(super) fn enough(size: usize) -> usize {
    match size {
        0..0x4_0000 => 1_024,
        0x4_0000..0x20_0000 => 2_048,
        _ => 6_144,
    }
}

/// Whether a shard may begin with this term: one in 64.
fn is_landmark((first, second): Term) -> bool {
    let mixed = (first.wrapping_mul(0x9E37_79B1) ^ second).wrapping_mul(0x85EB_CA77);
    mixed >> 26 == 0
}

/// The file of a shard; `documents` is how many its segment has. Only the power of two above it
/// matters, so that one document more does not change every shard.
pub(super) fn encode(stretches: &[&[Posting]], documents: u32) -> Shard {
    let documents = documents.next_power_of_two();
    let groups = || {
        let stretches = stretches.iter();
        stretches.flat_map(|stretch| stretch.chunk_by(|one, other| one.term() == other.term()))
    };
    let first = groups().next();
    let (mut count, mut firsts, mut seconds) = (0, 0, 0);
    let mut characters = Vec::new();
    let mut before = (0, 0);
    for group in groups() {
        let term = group[0].term();
        let (first, second) = distance(before, term);
        count += 1;
        firsts += first;
        seconds += second;
        if term.1 == 0 {
            characters.push(term.0);
        }
        before = term;
    }
    let (j, k) = (parameter(firsts, count), parameter(seconds, count));
    let mut out = BitWriter::default();
    out.bits(documents.ilog2(), 5);
    out.bits(count, 24);
    out.bits(j, 5);
    out.bits(k, 5);
    let mut before = (0, 0);
    for group in groups() {
        let term = group[0].term();
        let (first, second) = distance(before, term);
        out.rice(first, j);
        out.rice(second, k);
        list(&mut out, group, documents);
        before = term;
    }
    let bytes = out.finish();
    Shard {
        first: first.map_or((0, 0), |group| group[0].term()),
        characters: characters.into(),
        digest: Digest::of(&bytes),
        bytes: bytes.into(),
    }
}

/// How much the characters of a term are after those of the one before.
fn distance(before: Term, term: Term) -> Term {
    let first = term.0 - before.0;
    if first == 0 && before != (0, 0) {
        (0, term.1 - before.1 - 1)
    } else {
        (first, term.1)
    }
}

/// Writes which documents have a term.
fn list(out: &mut BitWriter, group: &[Posting], documents: u32) {
    let n = group.len() as u32;
    out.gamma(n);
    let has_places = group.iter().any(|posting| posting.place() > 0);
    out.bits(u32::from(has_places), 1);
    let m = parameter(documents, n);
    let mut next = 0;
    for posting in group {
        out.rice(posting.document() - next, m);
        if has_places {
            out.bits(u32::from(posting.place()), 2);
        }
        next = posting.document() + 1;
    }
}

/// Calls `posting` with every posting of a shard, in order.
pub(super) fn decode(bytes: &[u8], mut posting: impl FnMut(Posting)) {
    let mut bits = BitReader::new(bytes);
    let documents = 1 << bits.bits(5);
    let count = bits.bits(24);
    let (j, k) = (bits.bits(5), bits.bits(5));
    let mut term: Term = (0, 0);
    for index in 0..count {
        let (first, second) = (bits.rice(j), bits.rice(k));
        term = if first == 0 && index > 0 {
            (term.0, term.1 + second + 1)
        } else {
            (term.0 + first, second)
        };
        let n = bits.gamma();
        let has_places = bits.bits(1) == 1;
        let m = parameter(documents, n);
        let mut next = 0;
        for _ in 0..n {
            let document = next + bits.rice(m);
            let place = if has_places { bits.bits(2) as u8 } else { 0 };
            posting(Posting::new(term, document, place));
            next = document + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Postings of made-up documents, in order.
    fn postings(documents: u32, terms: u32) -> Vec<Posting> {
        let mut made = Vec::new();
        for term in 0..terms {
            let characters = (0x4e00 + term / 50, (term % 50) * (term % 7 + 1));
            for document in (0..documents).filter(|document| (document * 7 + term * 13) % 11 == 0) {
                let place = if term % 5 == 0 { document % 3 } else { 0 };
                made.push(Posting::new(characters, document, place as u8));
            }
        }
        made.sort_unstable();
        made.dedup_by_key(|posting| (posting.term(), posting.document()));
        made
    }

    /// Where the term of the posting at a place ends.
    fn terms_end(postings: &[Posting], at: usize) -> usize {
        postings.partition_point(|posting| posting.term() <= postings[at].term())
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        for (documents, terms) in [(1, 11), (12, 3_000), (1_000, 700)] {
            let made = postings(documents, terms);
            let mut read = Vec::new();
            let (one, other) = made.split_at(terms_end(&made, made.len() / 3));
            for cut in cut(&[one, other], enough(2 * made.len())) {
                let shard = encode(&cut, documents);
                assert_eq!(shard.first, cut[0][0].term());
                decode(&shard.bytes, |posting| read.push(posting));
            }
            assert_eq!(read, made);
        }
    }

    #[test]
    fn a_posting_more_changes_one_shard() {
        let mut made = postings(1_000, 3_000);
        let shards = |made: &[Posting]| -> Vec<Shard> {
            let cuts = cut(&[made], enough(2 * made.len()));
            cuts.iter().map(|cut| encode(cut, 1_000)).collect()
        };
        let before = shards(&made);
        let more = Posting::new((0x4e00 + 30, 5), 999, 1);
        let at = made.binary_search(&more).unwrap_err();
        made.insert(at, more);
        let after = shards(&made);
        assert!(before.len() > 20);
        let new = after.iter().filter(|shard| !before.contains(shard)).count();
        assert_eq!((after.len(), new), (before.len(), 1));
    }
}
