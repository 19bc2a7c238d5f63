//! What of a [`Memo`] outlives the process: of each page the digest of its view and that of the file
//! that was written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Memo;
use super::pages::Known;
use crate::assets::Assets;
use crate::model::digest::Digest;
use crate::model::tree::{OutFile, OutPath};

/// The pages of a finished site as a later build may take them over.
#[derive(Debug, Serialize, Deserialize)]
pub struct Stored {
    environment: Option<Digest>,
    assets: BTreeMap<String, String>,
    /// Each page's output path and the digest of its view, in the order of the paths.
    views: Vec<(String, Digest)>,
}

impl Memo {
    /// What a later build needs to know.
    pub fn store(&self) -> Stored {
        let views = self.pages.iter();
        let mut views: Vec<_> = views
            .map(|(out, known)| (out.to_string(), known.view()))
            .collect();
        views.sort();
        Stored {
            environment: self.made_in,
            assets: self.assets.urls().clone(),
            views,
        }
    }

    /// The memo of a build that knows what was stored, and which `files` were written.
    pub fn restore(stored: Stored, files: &BTreeMap<OutPath, (Digest, u64)>) -> Self {
        let views = stored.views.into_iter();
        let pages = views.filter_map(|(out, view)| {
            let out = OutPath::new(out);
            let (digest, size) = *files.get(&out)?;
            Some((out, Known::stored(view, OutFile::Kept { digest, size })))
        });
        Memo {
            made_in: stored.environment,
            assets: Assets::known_by(stored.assets),
            pages: pages.collect(),
            ..Memo::default()
        }
    }
}
