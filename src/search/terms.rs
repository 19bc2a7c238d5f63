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
}

impl Default for Finder {
    fn default() -> Self {
        Finder {
            folder: Folder::default(),
            latest: vec![0; 0x1_0000].into(),
        }
    }
}

impl Finder {
    /// Adds the postings of a document that has this number, in no order, a few of them more than once.
    pub(super) fn find(&mut self, text: &Document, document: u32, found: &mut Vec<Posting>) {
        let Finder { folder, latest } = self;
        let mut left = MOST_CHARACTERS;
        blocks(text, &mut |text, place| {
            let folded = folder.fold(text);
            let folded = &folded[..folded.len().min(left)];
            left -= folded.len();
            for (at, &first) in folded.iter().enumerate() {
                let first = u32::from(first);
                let alone = Posting::new((first, 0), document, place as u8);
                match latest.get_mut(first as usize) {
                    Some(latest) if *latest >> 2 == alone.0 >> 2 && *latest >= alone.0 => {}
                    Some(latest) => {
                        *latest = alone.0;
                        found.push(alone);
                    }
                    None => found.push(alone),
                }
                if let Some(&second) = folded.get(at + 1) {
                    found.push(Posting::new((first, second.into()), document, place as u8));
                }
            }
        });
    }
}

/// Puts postings in order, each document once for each term, with the best place.
pub(super) fn put_in_order(postings: &mut Vec<Posting>) {
    postings.sort_unstable();
    // Of several places of a document the best, which comes last, stays.
    postings.dedup_by(|later, kept| {
        let is_same = later.0 >> 2 == kept.0 >> 2;
        if is_same {
            *kept = *later;
        }
        is_same
    });
}

/// The postings, in order, that are not among `others`, which are in order too.
pub(super) fn without(postings: &[Posting], others: &[Posting]) -> Vec<Posting> {
    let left = postings.iter().copied();
    left.filter(|posting| others.binary_search(posting).is_err())
        .collect()
}
