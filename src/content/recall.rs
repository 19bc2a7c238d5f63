//! The YAML of one file, as an earlier process parsed it and as a later one may take it over.
//!
//! Parsing YAML takes most of the time that reading a file's text takes. What it yields is kept for
//! files about which there was nothing to say.

use crate::model::node::Node;

/// The pairs at the top of a YAML document.
type Pairs = Vec<(String, Node)>;

/// What is known of a file's YAML, and what is to be known later.
#[derive(Default)]
pub(super) struct Recall<'a> {
    known: Option<&'a [u8]>,
    is_kept: bool,
    kept: Option<Box<[u8]>>,
}

impl<'a> Recall<'a> {
    /// A file whose YAML an earlier process may have parsed to `known`; with `is_kept`, what this one
    /// parses is noted.
    pub(super) fn new(known: Option<&'a [u8]>, is_kept: bool) -> Self {
        Recall {
            known,
            is_kept,
            kept: None,
        }
    }

    /// The pairs, if they are known.
    pub(super) fn pairs(&mut self) -> Option<Pairs> {
        let known = self.known?;
        let pairs = postcard::from_bytes(known).ok()?;
        self.kept = self.is_kept.then(|| known.into());
        Some(pairs)
    }

    /// Notes the pairs of a file about whose YAML there is nothing to say.
    pub(super) fn note(&mut self, pairs: &Pairs) {
        if self.is_kept {
            self.kept = postcard::to_stdvec(pairs).ok().map(Into::into);
        }
    }

    /// What a later process needs to know.
    pub(super) fn into_kept(self) -> Option<Box<[u8]>> {
        self.kept
    }
}
