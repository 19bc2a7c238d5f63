//! Style sheets and scripts: put together with their parts, made short, and published under
//! fingerprinted names; tokens in pages, replaced by URLs and digests.
//!
//! Templates write [`token`]s; only when all pages are rendered does [`Assets::substitute`] put the real
//! URLs in. A changed style sheet therefore renders no page again.

mod bundle;
mod css;
mod paths;
mod script;
mod tokens;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;
use sha2::{Digest as _, Sha384};

use crate::diag::{Checked, Diagnostic};
use crate::link::urls::Addresses;
use crate::model::digest::{Digest, Fingerprint};
use crate::model::tree::{AssetFact, AssetPlace, OutFile, OutPath, PageFile};
use crate::theme::{AssetFile, Theme};

/// U+FDD1, a noncharacter of Unicode, in UTF-8: no text contains it.
const MARK: &[u8] = "\u{FDD1}".as_bytes();

/// What begins a token for an integrity; no file name contains it.
const INTEGRITY: &str = "\u{FDD2}";

/// What stands in a rendered page for the URL of an asset.
pub fn token(path: &str) -> String {
    format!("\u{FDD1}{path}\u{FDD1}")
}

/// What stands in a rendered page for the integrity of an asset.
pub fn integrity_token(path: &str) -> String {
    format!("\u{FDD1}{INTEGRITY}{path}\u{FDD1}")
}

/// What a page wants to know of an asset and the theme does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The path below the theme's `assets/`.
    pub path: String,
    /// What is wanted of it.
    pub fact: AssetFact,
}

/// A published asset.
#[derive(Debug)]
struct Published {
    url: String,
    /// Of style sheets and scripts: their digest as `integrity` attributes have it
    /// (<https://www.w3.org/TR/SRI/>).
    integrity: Option<String>,
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
    made: Option<(Fingerprint, Arc<Assets>, Vec<Diagnostic>)>,
}

impl Assets {
    /// Puts the theme's assets together and gives them fingerprinted names; what has not changed
    /// since the last call is not looked at again.
    pub fn publish(theme: &Theme, addresses: &Addresses, memo: &mut Memo) -> Checked<Arc<Self>> {
        let inputs = inputs(theme, addresses);
        if let Some((_, assets, diagnostics)) =
            memo.made.as_ref().filter(|(known, ..)| *known == inputs)
        {
            return Checked {
                value: Arc::clone(assets),
                diagnostics: diagnostics.clone(),
            };
        }
        let mut assets = Assets::default();
        // Style sheets name the other files, which therefore get their names first.
        for (path, file) in &theme.assets {
            if let AssetFile::Bytes(bytes) = file
                && !paths::is_part(path)
            {
                assets.add(path, Arc::clone(bytes), addresses);
            }
        }
        let names = |path: &str| match theme.assets.get(path)? {
            AssetFile::Bytes(bytes) if !paths::is_part(path) => {
                Some(paths::fingerprinted(path, &Digest::of(bytes)))
            }
            _ => None,
        };
        let (bundles, diagnostics) = bundle::bundles(theme, &mut memo.units, names);
        for (path, text) in bundles {
            assets.add(&path, text.into_bytes().into(), addresses);
        }
        let assets = Arc::new(assets);
        memo.made = Some((inputs, Arc::clone(&assets), diagnostics.clone()));
        Checked {
            value: assets,
            diagnostics,
        }
    }

    fn add(&mut self, path: &str, bytes: Arc<[u8]>, addresses: &Addresses) {
        let name = paths::fingerprinted(path, &Digest::of(&bytes));
        let out = OutPath::new(format!("assets/{name}"));
        let has_integrity = path.ends_with(".css") || path.ends_with(".js");
        let published = Published {
            url: addresses.file(&out),
            integrity: has_integrity.then(|| integrity(&bytes)),
        };
        self.published.insert(path.into(), published);
        self.files.insert(out, bytes);
    }

    /// Assets of which only the URLs are known, by path below the theme's `assets/`.
    pub fn known_by(urls: BTreeMap<String, String>) -> Self {
        let published = urls.into_iter().map(|(path, url)| {
            let integrity = None;
            (path.into(), Published { url, integrity })
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

    /// A page made with other assets as it is with these.
    ///
    /// # Errors
    /// The first thing that the page wants to know and the theme does not tell.
    pub fn redress(&self, page: &PageFile) -> Result<PageFile, Lack> {
        let mut replacements = Vec::with_capacity(page.assets.len());
        for place in &page.assets {
            let range = place.range.start as usize..place.range.end as usize;
            replacements.push((range, self.wanted(&place.asset, place.fact)?));
        }
        let (html, assets) = replaced(&page.html, replacements);
        Ok(PageFile {
            html,
            assets,
            source: page.source.clone(),
        })
    }

    /// The page (UTF-8) with every token replaced, and where what depends on assets now stands.
    ///
    /// # Errors
    /// The first thing that the page wants to know and the theme does not tell.
    pub fn substitute(&self, html: &[u8]) -> Result<Substituted, Lack> {
        let mut replacements = Vec::new();
        let mut at = 0;
        while let Some(start) = memmem::find(&html[at..], MARK) {
            let start = at + start;
            let inside = start + MARK.len();
            let length = memmem::find(&html[inside..], MARK);
            let end = length.map_or(html.len(), |length| inside + length);
            let path = String::from_utf8_lossy(&html[inside..end]);
            let wanted = match path.strip_prefix(INTEGRITY) {
                Some(path) => self.wanted(path, AssetFact::Integrity),
                None => self.wanted(&path, AssetFact::Url),
            };
            at = (end + MARK.len()).min(html.len());
            replacements.push((start..at, wanted?));
        }
        Ok(replaced(html, replacements))
    }

    fn wanted(&self, path: &str, fact: AssetFact) -> Result<Wanted<'_>, Lack> {
        let published = self.published.get_key_value(path);
        let found = published.and_then(|(asset, published)| {
            let text = match fact {
                AssetFact::Url => &published.url,
                AssetFact::Integrity => published.integrity.as_ref()?,
            };
            Some(Wanted { asset, fact, text })
        });
        found.ok_or_else(|| Lack {
            path: path.to_owned(),
            fact,
        })
    }
}

/// A fact of an asset.
struct Wanted<'a> {
    asset: &'a Arc<str>,
    fact: AssetFact,
    text: &'a str,
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

/// The page with other text in some places, and where that stands. It is made in one piece of the
/// right size: thousands are held at once.
fn replaced(html: &[u8], replacements: Vec<(Range<usize>, Wanted<'_>)>) -> Substituted {
    let lengths = replacements.iter();
    let (less, more) = lengths.fold((0, 0), |(less, more), (place, wanted)| {
        (less + place.len(), more + wanted.text.len())
    });
    let mut page = Vec::with_capacity(html.len() - less + more);
    let mut places = Vec::with_capacity(replacements.len());
    let mut done = 0;
    for (place, wanted) in replacements {
        page.extend_from_slice(&html[done..place.start]);
        let start = page.len();
        page.extend_from_slice(wanted.text.as_bytes());
        // Pages are capped far below what a `u32` can count.
        let count = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        places.push(AssetPlace {
            range: count(start)..count(page.len()),
            asset: Arc::clone(wanted.asset),
            fact: wanted.fact,
        });
        done = place.end;
    }
    page.extend_from_slice(&html[done..]);
    (page.into(), places.into())
}

/// A page and what in it depends on assets, as a [`PageFile`] keeps them.
pub type Substituted = (Box<[u8]>, Box<[AssetPlace]>);

#[cfg(test)]
mod tests;
