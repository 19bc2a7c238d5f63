//! What of a [`Memo`] outlives the process: of each page the fingerprint of its view and that of the file
//! that was written.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Memo;
use super::pages::Pages;
use crate::assets::Assets;
use crate::model::digest::{Digest, Fingerprint};
use crate::model::tree::{OutFile, OutPath};

/// The pages of a finished site as a later build may take them over.
#[derive(Debug, Serialize, Deserialize)]
pub struct Stored {
    environment: Option<Fingerprint>,
    assets: BTreeMap<String, String>,
    /// Each page's output path and the fingerprint of its view, in no order.
    views: Vec<(String, Fingerprint)>,
}

impl Memo {
    /// What a later build needs to know.
    pub fn store(&self) -> Stored {
        let views = self.pages.views();
        Stored {
            environment: self.made_in,
            assets: self
                .assets
                .urls()
                .map(|(path, url)| (path.to_owned(), url.to_owned()))
                .collect(),
            views: views.map(|(out, view)| (out.to_string(), view)).collect(),
        }
    }

    /// The memo of a build that knows what was stored, and which `files` were written.
    pub fn restore(stored: Stored, files: &BTreeMap<OutPath, (Digest, u64)>) -> Self {
        let views = stored.views.into_iter();
        let pages = views.filter_map(|(out, view)| {
            let out = OutPath::new(out);
            let (digest, size) = *files.get(&out)?;
            Some((out, view, OutFile::Kept { digest, size }))
        });
        Memo {
            made_in: stored.environment,
            assets: Arc::new(Assets::known_by(stored.assets)),
            pages: Pages::restore(pages),
            ..Memo::default()
        }
    }
}
