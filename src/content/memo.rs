//! Content files that need not be parsed again.

use std::collections::HashMap;
use std::iter::Peekable;
use std::sync::Arc;

use rayon::prelude::*;

use super::recall::Recall;
use super::{Outcome, RawConfig, config, file};
use crate::diag::{Checked, SourcePath};
use crate::model::snapshot::{InputFile, Snapshot};

/// What was read from each content file the last time, in path order.
///
/// What a file says depends on its path and its content alone, so it is found again by these two.
#[derive(Debug, Default)]
pub struct Memo {
    files: Vec<Known>,
    config: Option<(InputFile, Checked<Option<Arc<RawConfig>>>)>,
    /// The YAML of files that an earlier process parsed.
    stored: HashMap<SourcePath, Vec<u8>>,
    /// Whether the YAML is kept for a later process.
    is_storing: bool,
}

#[derive(Debug)]
struct Known {
    path: SourcePath,
    input: InputFile,
    outcome: Checked<Outcome>,
    yaml: Option<Box<[u8]>>,
}

impl Memo {
    /// A memo that knows the YAML of files by their path: of those files only whose content is still
    /// the same.
    pub fn restore(stored: HashMap<SourcePath, Vec<u8>>) -> Self {
        Memo {
            stored,
            ..Memo::default()
        }
    }

    /// Keeps, from now on, what [`Memo::store`] tells.
    pub fn is_for_storing(&mut self) {
        self.is_storing = true;
    }

    /// The YAML of each file, in path order, as [`Memo::restore`] takes it.
    pub fn store(&self) -> impl Iterator<Item = (&SourcePath, &[u8])> {
        let files = self.files.iter();
        files.filter_map(|known| Some((&known.path, known.yaml.as_deref()?)))
    }

    /// `site.yaml`; the same value as the last time when it has not changed.
    pub(super) fn config(&mut self, snapshot: &Snapshot) -> Checked<Option<Arc<RawConfig>>> {
        let Some(input) = snapshot.readable("site.yaml") else {
            self.config = None;
            return Checked::clean(None);
        };
        let before = self
            .config
            .take()
            .filter(|(known, _)| known.is_same_text(input));
        let read = || (input.clone(), config(snapshot).map(|raw| raw.map(Arc::new)));
        let (_, config) = self.config.insert(before.unwrap_or_else(read));
        config.clone()
    }

    /// What the files, in path order, say.
    pub(super) fn read(
        &mut self,
        files: &[(&SourcePath, &InputFile)],
    ) -> impl Iterator<Item = &Checked<Outcome>> {
        let mut before = std::mem::take(&mut self.files).into_iter().peekable();
        let found: Vec<Option<Known>> = files
            .iter()
            .map(|(path, input)| same(&mut before, path, input))
            .collect();
        let stored = std::mem::take(&mut self.stored);
        let known = found.into_par_iter().zip(files);
        let known = known.map(|(known, (path, input))| {
            known.unwrap_or_else(|| {
                let yaml = stored.get(*path).map(Vec::as_slice);
                let mut recall = Recall::new(yaml, self.is_storing);
                Known {
                    path: (*path).clone(),
                    input: (*input).clone(),
                    outcome: file(path, input, &mut recall),
                    yaml: recall.into_kept(),
                }
            })
        });
        self.files = known.collect();
        self.files.iter().map(|known| &known.outcome)
    }
}

/// The file among those read before, from which all that come earlier are taken.
fn same(
    before: &mut Peekable<impl Iterator<Item = Known>>,
    path: &SourcePath,
    input: &InputFile,
) -> Option<Known> {
    while before.next_if(|known| known.path < *path).is_some() {}
    let known = before.next_if(|known| known.path == *path)?;
    known.input.is_same_text(input).then_some(known)
}
