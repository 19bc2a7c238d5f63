//! What one build leaves for the next.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::content::{self, RawEntry};
use crate::diag::SourcePath;
use crate::link::{Change, Inputs, Linked};
use crate::markdown::{self, Outline};
use crate::model::tree::OutputTree;
use crate::output;

/// Results of earlier builds, found again by what they were made from. An empty one gives a cold
/// build; whatever is in it changes the time that a build takes and nothing else.
#[derive(Default)]
pub struct Memo {
    pub(super) content: content::Memo,
    /// Bodies by the address of their entry, which is kept, so that no other can have it.
    bodies: HashMap<usize, (Arc<RawEntry>, Arc<Outline>)>,
    /// The bodies that an earlier process parsed, by the path of their file, which is unchanged.
    stored: HashMap<SourcePath, Outline>,
    pub(super) linked: Option<Linked>,
    pub(super) output: output::Memo,
    is_last: bool,
}

impl Memo {
    /// A memo that knows what an earlier process stored: YAML and bodies of unchanged files, pages.
    pub(super) fn restored(
        content: content::Memo,
        stored: HashMap<SourcePath, Outline>,
        output: output::Memo,
    ) -> Self {
        Memo {
            content,
            stored,
            output,
            ..Memo::default()
        }
    }

    /// The same for the last build of a process: what only another build of the same process could
    /// use is not kept, what another process can use is.
    pub fn for_last_build(mut self) -> Self {
        self.is_last = true;
        self.content.is_for_storing();
        self.output.is_for_last_build();
        self
    }

    /// The bodies of the last build that can be stored: of files that are one entry.
    pub(super) fn bodies(&self) -> impl Iterator<Item = (&SourcePath, &Outline)> {
        let linked = self.linked.iter();
        linked.flat_map(|linked| linked.bodies())
    }

    /// The site as it was linked last; `None` before the first build.
    pub fn linked(&self) -> Option<&Linked> {
        self.linked.as_ref()
    }

    /// The files of the site compiled last that [`compile_pages`](super::compile_pages) leaves out: feeds,
    /// calendars, data, the site map and the search index.
    pub fn finish(&mut self) -> OutputTree {
        match &self.linked {
            Some(linked) => self.output.finish(&linked.site),
            None => OutputTree::new(),
        }
    }

    /// How many pages the last build rendered.
    pub fn rendered(&self) -> usize {
        self.output.rendered()
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
                    let known = stored.get(&entry.source.path).filter(|_| is_own(&entry));
                    let outline = known.cloned();
                    let outline = outline.unwrap_or_else(|| markdown::parse(entry.body_text()));
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

/// Whether an entry is all there is in its file.
fn is_own(entry: &RawEntry) -> bool {
    !entry.kind.is_vocabulary()
}
