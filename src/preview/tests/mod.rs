//! Sites made by hand, and what is answered for them.

mod answers;

use std::sync::Arc;

use super::Shown;
use crate::diag::{Lang, SourcePath};
use crate::model::html::{AssetFact, AssetText, Filling, Hole, Html};
use crate::model::tree::{OutFile, OutPath, PageFile};

/// A site of `files` below `base`.
pub(super) fn shown(base: &str, files: &[(&str, OutFile)]) -> Shown {
    let files = files.iter();
    let site = files
        .map(|(path, file)| (OutPath::new(*path), file.clone()))
        .collect();
    Shown {
        build: 7,
        lang: Lang::En,
        root: "/site".into(),
        base: base.into(),
        site: Some(Arc::new(site)),
        late: Some(Arc::default()),
        diagnostics: Arc::default(),
        problems: String::new(),
        status: Arc::default(),
    }
}

/// A page that begins with links to `assets`.
pub(super) fn page(html: &str, assets: &[&str], source: Option<&str>) -> PageFile {
    let mut text = String::new();
    let mut holes = Vec::new();
    for url in assets {
        text.push_str("<link href=\"");
        let name = url.split_once("/assets/").unwrap().1;
        let parts: Vec<&str> = name.split('.').collect();
        holes.push(Hole {
            at: text.len() as u32,
            filling: Filling::Asset(AssetText {
                // Without its fingerprint.
                asset: format!("{}.{}", parts[0], parts[2]).into(),
                fact: AssetFact::Url,
                text: Arc::from(*url),
            }),
        });
        text.push_str("\">");
    }
    text.push_str(html);
    PageFile {
        html: Html::new(text.into_bytes(), holes),
        source: source.map(SourcePath::new),
    }
}
