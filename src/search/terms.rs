//! Terms: single characters and bigrams, and the documents that have them.

use super::fold::Folder;
use super::text::{Document, blocks};

/// Most documents of a segment.
pub(super) const MOST_DOCUMENTS: usize = 1 << 17;

/// Most folded characters of a document that are indexed: a page of that length is no page any more.
const MOST_CHARACTERS: usize = 1 << 20;

/// A term in a document, as one number, so that millions are sorted fast: first character, second
/// character (0 for a single one), the document's number, the best place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting(u64);

/// A term: the code points of its characters, the second 0 for a single one.
pub(super) type Term = (u32, u32);

impl Posting {
    /// The posting of a term.
    pub(super) fn new((first, second): Term, document: u32, place: u8) -> Self {
        let term = u64::from(first) << 40 | u64::from(second) << 19;
        Posting(term | u64::from(document) << 2 | u64::from(place))
    }

    /// Adds the posting to those found, unless `latest`, where it then is, has it at as good a place.
    fn unless_known(self, latest: &mut u64, found: &mut Vec<Posting>) {
        if *latest >> 2 != self.0 >> 2 || *latest < self.0 {
            *latest = self.0;
            found.push(self);
        }
    }

    /// The term.
    pub(super) fn term(self) -> Term {
        let second = (self.0 >> 19) as u32 & 0x1f_ffff;
        ((self.0 >> 40) as u32, second)
    }

    /// The document's number in its segment.
    pub(super) fn document(self) -> u32 {
        (self.0 >> 2) as u32 & (MOST_DOCUMENTS as u32 - 1)
    }

    /// Where the document has it: the number of a [`Place`](super::text::Place).
    pub(super) fn place(self) -> u8 {
        self.0 as u8 & 3
    }
}

/// Finds the postings of documents, in memory that is reused.
#[derive(Debug)]
pub(super) struct Finder {
    folder: Folder,
    /// Of each character of the first plane the latest posting of it alone, by its document and place:
    /// most characters of a text come again and again.
    latest: Box<[u64]>,
    /// Of each two characters the latest posting, unless those of others have taken its place.
    pairs: Box<[u64]>,
}

/// How many postings of two characters are remembered: as many as stay in the processor's nearest cache.
const PAIRS: usize = 1 << 12;

impl Default for Finder {
    fn default() -> Self {
        Finder {
            folder: Folder::default(),
            latest: vec![0; 0x1_0000].into(),
            pairs: vec![0; PAIRS].into(),
        }
    }
}

impl Finder {
    /// Adds the postings of a document that has this number, in no order, a few of them more than once.
    pub(super) fn find(&mut self, text: &Document, document: u32, found: &mut Vec<Posting>) {
        let Finder {
            folder,
            latest,
            pairs,
        } = self;
        let mut left = MOST_CHARACTERS;
        blocks(text, &mut |text, place| {
            let folded = folder.fold(text);
            let folded = &folded[..folded.len().min(left)];
            left -= folded.len();
            for (at, &first) in folded.iter().enumerate() {
                let first = u32::from(first);
                let alone = Posting::new((first, 0), document, place as u8);
                match latest.get_mut(first as usize) {
                    Some(latest) => alone.unless_known(latest, found),
                    None => found.push(alone),
                }
                if let Some(&second) = folded.get(at + 1) {
                    let second = u32::from(second);
                    let mixed = first.wrapping_mul(0x9E37_79B1) ^ second.wrapping_mul(0x85EB_CA77);
                    let pair = Posting::new((first, second), document, place as u8);
                    let known = &mut pairs[mixed as usize >> 16 & (PAIRS - 1)];
                    pair.unless_known(known, found);
                }
            }
        });
    }
}

/// Puts postings that come document by document in order, each document once for each term, with the best
/// place.
pub(super) fn put_in_order(postings: &mut Vec<Posting>) {
    sort_by_term(postings);
    postings.dedup_by(|later, kept| {
        let is_same = later.0 >> 2 == kept.0 >> 2;
        if is_same {
            *kept = *later.max(kept);
        }
        is_same
    });
}

/// Sorts postings by their terms; those of one term stay in the order in which they are. There are
/// millions, which are sorted by their digits in half the time that comparing them would take.
fn sort_by_term(postings: &mut [Posting]) {
    /// The bits that only characters beyond the first plane have.
    const BEYOND: u64 = 0x1f_0000 << 40 | 0x1f_0000 << 19;
    let used = postings.iter().fold(0, |used, posting| used | posting.0);
    if used & BEYOND == 0 {
        radsort::sort_by_key(postings, |posting| {
            let (first, second) = posting.term();
            first << 16 | second
        });
    } else {
        radsort::sort_by_key(postings, |posting| posting.0 >> 19);
    }
}

/// The postings, in order, that are not among `others`, which are in order too.
pub(super) fn without(postings: &[Posting], others: &[Posting]) -> Vec<Posting> {
    let left = postings.iter().copied();
    left.filter(|posting| others.binary_search(posting).is_err())
        .collect()
}
