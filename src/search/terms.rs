//! Terms: single characters and bigrams, and the documents that have them.

use super::fold::Folder;
use super::text::{Place, blocks};
use crate::link::Entry;

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

    /// Where the document has it: the number of a [`Place`].
    pub(super) fn place(self) -> u8 {
        self.0 as u8 & 3
    }
}

/// Finds the postings of documents, in memory that is reused.
#[derive(Debug, Default)]
pub(super) struct Finder {
    folder: Folder,
    found: Vec<Posting>,
}

impl Finder {
    /// The postings of an entry that is the document with this number, in order, each term once.
    pub(super) fn postings(&mut self, entry: &Entry, document: u32) -> &[Posting] {
        let Finder { folder, found } = self;
        found.clear();
        let mut left = MOST_CHARACTERS;
        blocks(entry, &mut |text, place| {
            let folded = folder.fold(text);
            let folded = &folded[..folded.len().min(left)];
            left -= folded.len();
            push(found, folded, document, place);
        });
        found.sort_unstable();
        // Of several places of a term the best, which comes last, stays.
        found.dedup_by(|later, kept| {
            let is_same = later.term() == kept.term();
            if is_same {
                *kept = *later;
            }
            is_same
        });
        found
    }
}

fn push(found: &mut Vec<Posting>, folded: &[char], document: u32, place: Place) {
    let place = place as u8;
    for (at, &first) in folded.iter().enumerate() {
        let first = u32::from(first);
        found.push(Posting::new((first, 0), document, place));
        if let Some(&second) = folded.get(at + 1) {
            found.push(Posting::new((first, u32::from(second)), document, place));
        }
    }
}
