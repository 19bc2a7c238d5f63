//! What the page of a document shows beyond its keys.

use serde::Serialize;

use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::kinds::Data;
use crate::render::Prepared;
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
    pub fn new(id: EntryId, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let explaining = site.referring_to(id).iter();
        let explaining = explaining.filter(|(from, key)| {
            *key == "interprets" && site.entry(*from).raw.kind == Kind::Document
        });
        let card = |from: EntryId| {
            if site.entry(from).is_sample("interprets") {
                cards.with_sample_tie(from)
            } else {
                cards.of(from)
            }
        };
        DocumentView {
            explained_by: explaining.map(|(from, _)| card(*from)).collect(),
            signed_below: signed_below(id, site),
        }
    }
}

fn signed_below(id: EntryId, site: &Site) -> bool {
    let raw = &site.entry(id).raw;
    let Data::Document(document) = &raw.data else {
        return false;
    };
    let issuer = document.issuer.as_deref().map(str::trim);
    let body = raw.body_text();
    let unnamed = |issuer: &str| !body.trim().is_empty() && !body.contains(issuer);
    document.issued_on.is_some() && issuer.is_some_and(unnamed)
}
