//! Style sheets and scripts: put together with their parts, made short, and published under
//! fingerprinted names; tokens in pages, which become holes filled with URLs and digests.
//!
//! Templates write [`token`]s, which [`Assets::substitute`] turns into holes of the page, filled with the real
//! URLs. A changed style sheet therefore renders no page again, it only fills the holes anew.

mod bundle;
mod css;
mod paths;
mod script;

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;
use sha2::{Digest as _, Sha384};

use crate::diag::Checked;
use crate::link::urls::Addresses;
use crate::model::digest::{Digest, Fingerprint};
use crate::model::html::{AssetFact, AssetText, Filling, Hole, Html};
use crate::model::tree::{OutFile, OutPath, PageFile};
use crate::theme::{AssetFile, Theme};

/// U+FDD1, a noncharacter of Unicode, in UTF-8: no text contains it.
const MARK: &[u8] = "\u{FDD1}".as_bytes();

/// What begins a token for an integrity; no file name contains it.
const INTEGRITY: &str = "\u{FDD2}";

/// What begins a token for a shared part: any filter that changes letters changes it.
const SHARED: &str = "\u{FDD3}sHaRed";

/// What stands in a rendered page for the URL of an asset.
pub fn token(path: &str) -> String {
    format!("\u{FDD1}{path}\u{FDD1}")
}

/// What stands in a rendered page for the integrity of an asset.
pub fn integrity_token(path: &str) -> String {
    format!("\u{FDD1}{INTEGRITY}{path}\u{FDD1}")
}

/// What stands in a rendered page for the shared part with this number, counted from 0.
pub fn shared_token(number: usize) -> String {
    format!("\u{FDD1}{SHARED}{number}\u{FDD1}")
}

/// A part that all pages share, or what is wrong with it.
pub type Shared = Result<Arc<Html>, Misuse>;

/// What is wrong with what a page inserts of the theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misuse {
    /// It wants to know something of an asset that the theme does not tell.
    Asset {
        /// The path below the theme's `assets/`.
        path: String,
        /// What is wanted of it.
        fact: AssetFact,
    },
    /// It has changed a token, as by a filter.
    Changed,
}

/// A published asset.
#[derive(Debug)]
struct Published {
    url: Arc<str>,
    /// Of style sheets and scripts: their digest as `integrity` attributes have it
    /// (<https://www.w3.org/TR/SRI/>).
    integrity: Option<Arc<str>>,
}

/// The published assets.
#[derive(Debug, Default)]
pub struct Assets {
    /// By path below the theme's `assets/`.
    published: BTreeMap<Arc<str>, Published>,
    files: BTreeMap<OutPath, Arc<[u8]>>,
}

/// What was made the last time.
#[derive(Default)]
pub struct Memo {
    units: bundle::Units,
    made: Option<(Fingerprint, Checked<Arc<Assets>>)>,
}

impl Assets {
    /// Puts the theme's assets together and gives them fingerprinted names; what has not changed
    /// since the last call is not looked at again.
    pub fn publish(theme: &Theme, addresses: &Addresses, memo: &mut Memo) -> Checked<Arc<Self>> {
        let inputs = inputs(theme, addresses);
        if let Some((_, made)) = memo.made.as_ref().filter(|(known, _)| *known == inputs) {
            return made.clone();
        }
        let mut assets = Assets::default();
        // Style sheets name the other files, which therefore get their names first.
        let mut names = BTreeMap::new();
        for (path, file) in &theme.assets {
            if let AssetFile::Bytes(bytes) = file
                && !paths::is_part(path)
            {
                names.insert(&**path, assets.add(path, Arc::clone(bytes), addresses));
            }
        }
        let made = bundle::bundles(theme, &mut memo.units, &names).map(|bundles| {
            for (path, text) in bundles {
                assets.add(&path, text.into_bytes().into(), addresses);
            }
            Arc::new(assets)
        });
        memo.made = Some((inputs, made.clone()));
        made
    }

    /// Adds an asset; returns its name below the published `assets/`.
    fn add(&mut self, path: &str, bytes: Arc<[u8]>, addresses: &Addresses) -> String {
        let name = paths::fingerprinted(path, &Digest::of(&bytes));
        let out = OutPath::new(format!("assets/{name}"));
        let has_integrity = path.ends_with(".css") || path.ends_with(".js");
        let published = Published {
            url: addresses.file(&out).into(),
            integrity: has_integrity.then(|| integrity(&bytes).into()),
        };
        self.published.insert(path.into(), published);
        self.files.insert(out, bytes);
        name
    }

    /// Assets of which only the URLs are known, by path below the theme's `assets/`.
    pub fn known_by(urls: BTreeMap<String, String>) -> Self {
        let published = urls.into_iter().map(|(path, url)| {
            let published = Published {
                url: url.into(),
                integrity: None,
            };
            (path.into(), published)
        });
        Assets {
            published: published.collect(),
            ..Assets::default()
        }
    }

    /// The paths below the theme's `assets/` with their URLs.
    pub fn urls(&self) -> impl Iterator<Item = (&str, &str)> {
        let published = self.published.iter();
        published.map(|(path, published)| (&**path, &*published.url))
    }

    /// The assets as output files.
    pub fn files(&self) -> impl Iterator<Item = (&OutPath, &Arc<[u8]>)> {
        self.files.iter()
    }

    /// The asset at an output path.
    pub fn file(&self, out: &OutPath) -> Option<OutFile> {
        let bytes = self.files.get(out);
        bytes.map(|bytes| OutFile::Bytes(Arc::clone(bytes)))
    }

    /// Whether pages made with either look the same: a URL tells the content, and so the integrity.
    pub fn is_same(&self, other: &Assets) -> bool {
        self.urls().eq(other.urls())
    }

    /// The parts that all pages share, from what the theme made of them (UTF-8, with tokens).
    pub fn dress(&self, parts: &[Box<[u8]>]) -> Vec<Shared> {
        let dressed = parts.iter().map(|part| self.substitute(part, &[]));
        dressed.map(|part| part.map(Arc::new)).collect()
    }

    /// A page made with other assets as it is with these; `shared` are the parts that all pages share.
    ///
    /// # Errors
    /// The first thing that is wrong with what it inserts.
    pub fn redress(&self, page: &PageFile, shared: &[Shared]) -> Result<PageFile, Misuse> {
        let html = page.html.refilled(|filling| match filling {
            Filling::Asset(asset) => self.filling(&asset.asset, asset.fact),
            Filling::Shared { number, .. } => filling_of(shared, *number),
        });
        Ok(PageFile {
            html: html?,
            source: page.source.clone(),
        })
    }

    /// A page, or a part of pages, (UTF-8) with a filled hole for every token; `shared` are the parts that all
    /// pages share.
    ///
    /// # Errors
    /// The first thing that is wrong with what it inserts.
    pub fn substitute(&self, html: &[u8], shared: &[Shared]) -> Result<Html, Misuse> {
        let mut own = Vec::with_capacity(html.len());
        let mut holes = Vec::new();
        let mut done = 0;
        while let Some(start) = memmem::find(&html[done..], MARK) {
            let start = done + start;
            let inside = start + MARK.len();
            let length = memmem::find(&html[inside..], MARK).ok_or(Misuse::Changed)?;
            let end = inside + length;
            let token = String::from_utf8_lossy(&html[inside..end]);
            let filling = if let Some(number) = token.strip_prefix(SHARED) {
                filling_of(shared, number.parse().map_err(|_| Misuse::Changed)?)
            } else if let Some(path) = token.strip_prefix(INTEGRITY) {
                self.filling(path, AssetFact::Integrity)
            } else {
                self.filling(&token, AssetFact::Url)
            };
            own.extend_from_slice(&html[done..start]);
            holes.push(Hole {
                // Pages are capped far below what a `u32` can count.
                at: u32::try_from(own.len()).unwrap_or(u32::MAX),
                filling: filling?,
            });
            done = end + MARK.len();
        }
        own.extend_from_slice(&html[done..]);
        Ok(Html::new(own, holes))
    }

    fn filling(&self, path: &str, fact: AssetFact) -> Result<Filling, Misuse> {
        let published = self.published.get_key_value(path);
        let found = published.and_then(|(asset, published)| {
            let text = match fact {
                AssetFact::Url => &published.url,
                AssetFact::Integrity => published.integrity.as_ref()?,
            };
            Some(Filling::Asset(AssetText {
                asset: Arc::clone(asset),
                fact,
                text: Arc::clone(text),
            }))
        });
        found.ok_or_else(|| match path.contains(is_in_no_name) {
            true => Misuse::Changed,
            false => Misuse::Asset {
                path: path.to_owned(),
                fact,
            },
        })
    }
}

/// Whether a character stands in no file's name, but in a token that has been cut, turned round or written as
/// a list, and in what follows it.
fn is_in_no_name(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '<' | '>' | '[' | ']' | '"' | '\u{FDD0}'..='\u{FDEF}'
        )
}

/// The shared part with this number.
fn filling_of(shared: &[Shared], number: usize) -> Result<Filling, Misuse> {
    let part = shared.get(number).ok_or(Misuse::Changed)?;
    let html = part.clone()?;
    Ok(Filling::Shared { number, html })
}

/// Everything that the published assets are made of.
fn inputs(theme: &Theme, addresses: &Addresses) -> Fingerprint {
    let mut inputs = addresses.file(&OutPath::new("assets/")).into_bytes();
    for (path, file) in &theme.assets {
        let (is_source, bytes) = match file {
            AssetFile::Source(source) => (1, source.text.as_bytes()),
            AssetFile::Bytes(bytes) => (0, &**bytes),
        };
        inputs.extend_from_slice(path.as_bytes());
        inputs.push(is_source);
        inputs.extend_from_slice(&Fingerprint::of(bytes).to_bytes());
    }
    Fingerprint::of(&inputs)
}

/// The digest as `integrity` attributes have it.
fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

#[cfg(test)]
mod tests;
