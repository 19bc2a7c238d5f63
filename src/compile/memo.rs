//! What one build leaves for the next.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::content::{self, RawEntry};
use crate::diag::Text;
use crate::link::{Change, Inputs, Linked};
use crate::markdown::{self, Outline};
use crate::model::digest::Digest;
use crate::output;

/// Results of earlier builds, found again by what they were made from. An empty one gives a cold
/// build; whatever is in it changes the time that a build takes and nothing else.
#[derive(Default)]
pub struct Memo {
    pub(super) content: content::Memo,
    /// Bodies by the address of their entry, which is kept, so that no other can have it.
    bodies: HashMap<usize, (Arc<RawEntry>, Arc<Outline>)>,
    /// Bodies that an earlier process parsed, by their digest.
    stored: HashMap<Digest, Outline>,
    pub(super) linked: Option<Linked>,
    pub(super) output: output::Memo,
    is_last: bool,
}

impl Memo {
    /// A memo that knows bodies by their digest, and pages.
    pub(super) fn restored(stored: HashMap<Digest, Outline>, output: output::Memo) -> Self {
        Memo {
            stored,
            output,
            ..Memo::default()
        }
    }

    /// The same for the last build of a process: what only another build could use is not kept.
    pub fn for_last_build(mut self) -> Self {
        self.is_last = true;
        self.output.is_for_last_build();
        self
    }

    /// The bodies of all entries of the last build.
    pub(super) fn bodies(&self) -> impl Iterator<Item = &Outline> {
        let linked = self.linked.iter();
        linked.flat_map(|linked| linked.bodies())
    }

    /// The site as it was linked last; `None` before the first build.
    pub fn linked(&self) -> Option<&Linked> {
        self.linked.as_ref()
    }

    /// How many pages the last build rendered.
    pub fn rendered(&self) -> usize {
        self.output.rendered()
    }

    /// From now on, keeps track of why the page at this output path is or is not rendered.
    pub fn explain(&mut self, path: &str) {
        self.output.explain(path);
    }

    /// Why the page asked about was or was not rendered by the last build.
    pub fn explanation(&self) -> Option<Text> {
        self.output.explanation()
    }

    /// The entries with their bodies; those that are the same value as before are not parsed again.
    pub(super) fn parse(
        &mut self,
        entries: Vec<Arc<RawEntry>>,
    ) -> Vec<(Arc<RawEntry>, Arc<Outline>)> {
        let address = |entry: &Arc<RawEntry>| Arc::as_ptr(entry) as usize;
        let bodies = &self.bodies;
        let stored = std::mem::take(&mut self.stored);
        let parsed: Vec<_> = entries
            .into_par_iter()
            .map(|entry| match bodies.get(&address(&entry)) {
                Some(known) => known.clone(),
                None => {
                    let outline = self::outline(entry.body_text(), &stored);
                    (entry, Arc::new(outline))
                }
            })
            .collect();
        if !self.is_last {
            let kept = parsed.iter();
            let kept = kept.map(|known| (address(&known.0), known.clone()));
            self.bodies = kept.collect();
        }
        parsed
    }

    /// Links the site, and says what may differ from before.
    pub(super) fn link(&mut self, inputs: Inputs) -> Change {
        match &mut self.linked {
            Some(linked) => linked.update(inputs),
            None => {
                self.linked = Some(Linked::new(inputs));
                Change::Everything
            }
        }
    }
}

/// The outline of a body, which may be known from an earlier process.
fn outline(body: &str, stored: &HashMap<Digest, Outline>) -> Outline {
    let known = if stored.is_empty() {
        None
    } else {
        stored.get(&Digest::of(body.as_bytes()))
    };
    known.cloned().unwrap_or_else(|| markdown::parse(body))
}
