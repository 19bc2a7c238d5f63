//! What the page of a document shows beyond its keys.

use serde::Serialize;

use crate::link::EntryId;
use crate::model::Kind;
use crate::model::kinds::Document;
use crate::render::Prepared;
use crate::view::entry::tied_under;
use crate::view::{Card, Cards};

/// What the template of a document gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct DocumentView<'a> {
    /// The documents that explain it (解读).
    pub explained_by: Vec<Prepared<Card<'a>>>,
    /// Whether issuer and day are to be set below the text: both are written as keys, and the text
    /// does not name the issuer itself.
    pub signed_below: bool,
}

impl<'a> DocumentView<'a> {
    /// That of an entry.
    pub fn new(id: EntryId, document: &Document, cards: &'a Cards<'a>) -> Self {
        DocumentView {
            explained_by: tied_under(id, Kind::Document, "interprets", cards),
            signed_below: signed_below(document, cards.site.entry(id).raw.body_text()),
        }
    }
}

fn signed_below(document: &Document, body: &str) -> bool {
    let issuer = document.issuer.as_deref().map(str::trim);
    let unnamed = |issuer: &str| !body.trim().is_empty() && !body.contains(issuer);
    document.issued_on.is_some() && issuer.is_some_and(unnamed)
}
