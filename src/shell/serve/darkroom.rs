//! Images for the preview: made when they are asked for, some of them remembered.
//!
//! Invariants: nothing is written; memory is bounded.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::diag::Text;
use crate::model::digest::Digest;
use crate::model::picture::ImageFile;
use crate::preview::Shown;
use crate::shell::images::{Budget, Failure, Store, from_store, make_one};

/// Most bytes of images that are remembered.
const MOST: usize = 64 * 1024 * 1024;

/// The folder that a build without `--out` writes.
const DEFAULT_OUT: &str = "public";

/// Makes images and remembers the last ones.
#[derive(Default)]
pub(super) struct Darkroom {
    budget: Budget,
    /// The newest last.
    remembered: Mutex<VecDeque<(Digest, Arc<[u8]>)>>,
}

impl Darkroom {
    /// The image `file` of the site shown: as it is remembered, as a build has left it, or made now.
    ///
    /// # Errors
    /// Why it cannot be made.
    pub(super) fn image(&self, file: &Arc<ImageFile>, shown: &Shown) -> Result<Arc<[u8]>, Text> {
        let key = file.key();
        if let Some(image) = self.recall(&key) {
            return Ok(image);
        }
        let root = Path::new(&shown.root);
        let store = Store::beside(&root.join(DEFAULT_OUT));
        let image: Arc<[u8]> = match from_store(&store, file) {
            Some(image) => image.into(),
            None => make_one(root, file, &self.budget)
                .map_err(|failure| match failure {
                    Failure::Photo(told) | Failure::System(told) => told.message.clone(),
                })?
                .into(),
        };
        self.remember(key, &image);
        Ok(image)
    }

    fn recall(&self, key: &Digest) -> Option<Arc<[u8]>> {
        let remembered = self.remembered();
        let found = remembered.iter().find(|(known, _)| known == key);
        found.map(|(_, image)| Arc::clone(image))
    }

    fn remember(&self, key: Digest, image: &Arc<[u8]>) {
        let mut remembered = self.remembered();
        remembered.retain(|(known, _)| *known != key);
        remembered.push_back((key, Arc::clone(image)));
        let mut size: usize = remembered.iter().map(|(_, image)| image.len()).sum();
        while size > MOST
            && let Some((_, oldest)) = remembered.pop_front()
        {
            size -= oldest.len();
        }
    }

    fn remembered(&self) -> MutexGuard<'_, VecDeque<(Digest, Arc<[u8]>)>> {
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
