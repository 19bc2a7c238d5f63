//! Puts what has changed in a few documents into shards that are known.
//!
//! The result is that of making all shards anew: what is cut differs only from a shard with a change on, to
//! the next place where both would cut.

use rayon::prelude::*;

use super::shard::{self, Shard};
use super::terms::{Posting, Term};

/// What has changed.
pub(super) struct Patch<'p> {
    /// The numbers of the documents, in order.
    pub(super) documents: &'p [u32],
    /// All that they have now, in order.
    pub(super) postings: &'p [Posting],
    /// How many documents the segment has, as before.
    pub(super) of: u32,
}

/// The shards with what has changed; `None` where everything would be cut differently.
pub(super) fn patch(known: &[Shard], patch: &Patch<'_>) -> Option<Vec<Shard>> {
    let gone: Vec<usize> = known.par_iter().map(|shard| patch.gone(shard)).collect();
    let before: usize = known.iter().map(|shard| shard.postings).sum();
    let after = before + patch.postings.len() - gone.iter().sum::<usize>();
    let enough = shard::enough(after);
    if known.is_empty() || enough != shard::enough(before) {
        return None;
    }
    let is_changed = |at: usize| gone[at] > 0 || !patch.fresh(known, at).is_empty();
    // Where a shard ends depends on what the next one begins with.
    let changed: Vec<bool> = (0..known.len())
        .map(|at| is_changed(at) || at + 1 < known.len() && is_changed(at + 1))
        .collect();
    let mut shards = Vec::with_capacity(known.len());
    let mut at = 0;
    while at < known.len() {
        if !changed[at] {
            shards.push(known[at].clone());
            at += 1;
            continue;
        }
        let mut open: Vec<Posting> = Vec::new();
        loop {
            patch.append(known, at, &mut open);
            at += 1;
            let next = known.get(at).map(|shard| shard.first);
            let cuts = shard::cut(&open, enough);
            let is_end = |last: &&[Posting]| match next {
                Some(next) => shard::ends(last.len(), enough, next),
                None => true,
            };
            let is_cut = cuts.last().is_none_or(is_end);
            if is_cut && !changed.get(at).copied().unwrap_or_default() {
                let cuts = cuts.par_iter();
                shards.par_extend(cuts.map(|cut| shard::encode(cut, patch.of)));
                break;
            }
        }
    }
    Some(shards)
}

impl Patch<'_> {
    /// How many postings of a shard are those of documents that have changed.
    fn gone(&self, shard: &Shard) -> usize {
        let mut gone = 0;
        shard::decode(&shard.bytes, |posting| {
            gone += usize::from(self.has(posting));
        });
        gone
    }

    fn has(&self, posting: Posting) -> bool {
        self.documents.binary_search(&posting.document()).is_ok()
    }

    /// The new postings of which the terms are those of the shard at a place.
    fn fresh(&self, known: &[Shard], at: usize) -> &[Posting] {
        let before = |bound: Option<Term>| match bound {
            Some(bound) => self
                .postings
                .partition_point(|posting| posting.term() < bound),
            None => self.postings.len(),
        };
        let start = if at == 0 {
            0
        } else {
            before(Some(known[at].first))
        };
        &self.postings[start..before(known.get(at + 1).map(|shard| shard.first))]
    }

    /// Appends what the shard at a place holds now.
    fn append(&self, known: &[Shard], at: usize, open: &mut Vec<Posting>) {
        let start = open.len();
        shard::decode(&known[at].bytes, |posting| {
            if !self.has(posting) {
                open.push(posting);
            }
        });
        open.extend_from_slice(self.fresh(known, at));
        open[start..].sort();
    }
}

#[cfg(test)]
mod tests {
    use super::super::terms::put_in_order;
    use super::*;

    const DOCUMENTS: u32 = 40;

    /// Something like the postings of a document; `version` makes others.
    fn document(number: u32, version: u32, terms: u32) -> Vec<Posting> {
        let mut found = Vec::new();
        let mut state = number * 7_919 + version * 104_729 + 1;
        for _ in 0..terms {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (first, second) = (state >> 8 & 0x3ff, state >> 20 & 0x3f);
            let place = (state >> 28 & 3).min(2) as u8;
            found.push(Posting::new((0x4e00 + first, second), number, place));
        }
        found
    }

    fn made(versions: &[u32], terms: u32) -> Vec<Shard> {
        let mut all: Vec<Posting> = (0..DOCUMENTS)
            .zip(versions)
            .flat_map(|(number, version)| document(number, *version, terms))
            .collect();
        put_in_order(&mut all);
        let cuts = shard::cut(&all, shard::enough(all.len()));
        cuts.iter()
            .map(|cut| shard::encode(cut, DOCUMENTS))
            .collect()
    }

    #[test]
    fn what_is_patched_is_what_is_made_anew() {
        let mut versions = vec![0; DOCUMENTS as usize];
        let mut known = made(&versions, 2_500);
        assert!(known.len() > 20);
        for changed in [&[3][..], &[0, 39], &[17], &[17, 18, 19, 20], &[]] {
            let mut new = Vec::new();
            for number in changed {
                versions[*number as usize] += 1;
                new.extend(document(*number, versions[*number as usize], 2_500));
            }
            put_in_order(&mut new);
            let change = Patch {
                documents: changed,
                postings: &new,
                of: DOCUMENTS,
            };
            known = patch(&known, &change).unwrap();
            assert!(known == made(&versions, 2_500), "{changed:?}");
        }
    }

    #[test]
    fn documents_may_lose_all_they_have() {
        let known = made(&[0; DOCUMENTS as usize], 2_500);
        let all: Vec<u32> = (0..DOCUMENTS).collect();
        let change = Patch {
            documents: &all[5..9],
            postings: &[],
            of: DOCUMENTS,
        };
        let patched = patch(&known, &change).unwrap();
        let mut left: Vec<Posting> = (0..DOCUMENTS)
            .filter(|number| !all[5..9].contains(number))
            .flat_map(|number| document(number, 0, 2_500))
            .collect();
        put_in_order(&mut left);
        let cuts = shard::cut(&left, shard::enough(left.len()));
        let anew: Vec<Shard> = cuts
            .iter()
            .map(|cut| shard::encode(cut, DOCUMENTS))
            .collect();
        assert!(patched == anew);
    }
}
