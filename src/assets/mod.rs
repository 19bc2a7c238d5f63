//! Style sheets and scripts: tokens in pages, fingerprinted names in the output.
//!
//! Templates write [`token`]s; only when all pages are rendered does [`Assets::substitute`] put the real
//! URLs in. A changed style sheet therefore renders no page again.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use memchr::memmem;

use crate::link::urls::Addresses;
use crate::model::digest::Digest;
use crate::model::tree::{OutFile, OutPath, PageFile};
use crate::theme::Theme;

/// U+FDD1, a noncharacter of Unicode, in UTF-8: no text contains it.
const MARK: &[u8] = "\u{FDD1}".as_bytes();

/// What stands in a rendered page for the URL of an asset.
pub fn token(path: &str) -> String {
    format!("\u{FDD1}{path}\u{FDD1}")
}

/// The published assets.
#[derive(Debug, Default)]
pub struct Assets {
    /// URLs by path below the theme's `assets/`.
    urls: BTreeMap<String, String>,
    /// Paths by URL.
    paths: BTreeMap<String, String>,
    files: BTreeMap<OutPath, Arc<[u8]>>,
}

impl Assets {
    /// Gives the theme's assets fingerprinted names.
    pub fn publish(theme: &Theme, addresses: &Addresses) -> Self {
        let mut assets = Assets::default();
        for (path, bytes) in &theme.assets {
            let name = fingerprinted(path, &Digest::of(bytes));
            let out = OutPath::new(format!("assets/{name}"));
            let url = addresses.file(&out);
            assets.paths.insert(url.clone(), path.clone());
            assets.urls.insert(path.clone(), url);
            assets.files.insert(out, Arc::clone(bytes));
        }
        assets
    }

    /// Assets of which only the URLs are known, by path below the theme's `assets/`.
    pub fn known_by(urls: BTreeMap<String, String>) -> Self {
        Assets {
            urls,
            ..Assets::default()
        }
    }

    /// The URLs by path below the theme's `assets/`.
    pub fn urls(&self) -> &BTreeMap<String, String> {
        &self.urls
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

    /// Whether pages made with either look the same.
    pub fn is_same(&self, other: &Assets) -> bool {
        self.urls == other.urls
    }

    /// A page made with `old` assets as it is with these; `Err` names the first asset of the page
    /// that the theme lacks.
    pub fn redress(&self, page: &PageFile, old: &Assets) -> Result<PageFile, String> {
        let mut replacements = Vec::with_capacity(page.assets.len());
        for place in &page.assets {
            let place = place.start as usize..place.end as usize;
            let url = String::from_utf8_lossy(&page.html[place.clone()]);
            let path = old.paths.get(&*url).cloned().unwrap_or_default();
            let url = self.urls.get(&path).ok_or(path)?;
            replacements.push((place, url.as_str()));
        }
        let (html, assets) = replaced(&page.html, &replacements);
        Ok(PageFile {
            html,
            assets,
            source: page.source.clone(),
        })
    }

    /// The page (UTF-8) with every token replaced, and where the URLs now stand; `Err` names the
    /// first asset that the theme lacks.
    pub fn substitute(&self, html: &[u8]) -> Result<Substituted, String> {
        let mut replacements = Vec::new();
        let mut at = 0;
        while let Some(start) = memmem::find(&html[at..], MARK) {
            let start = at + start;
            let inside = start + MARK.len();
            let length = memmem::find(&html[inside..], MARK);
            let end = length.map_or(html.len(), |length| inside + length);
            let path = String::from_utf8_lossy(&html[inside..end]);
            let url = self.urls.get(&*path).ok_or_else(|| path.into_owned())?;
            at = (end + MARK.len()).min(html.len());
            replacements.push((start..at, url.as_str()));
        }
        Ok(replaced(html, &replacements))
    }
}

/// The page with other text in some places, and where that stands. It is made in one piece of the
/// right size: thousands are held at once.
fn replaced(html: &[u8], replacements: &[(Range<usize>, &str)]) -> Substituted {
    let lengths = replacements.iter();
    let (less, more) = lengths.fold((0, 0), |(less, more), (place, url)| {
        (less + place.len(), more + url.len())
    });
    let mut page = Vec::with_capacity(html.len() - less + more);
    let mut places = Vec::with_capacity(replacements.len());
    let mut done = 0;
    for (place, url) in replacements {
        page.extend_from_slice(&html[done..place.start]);
        let start = page.len();
        page.extend_from_slice(url.as_bytes());
        // Pages are capped far below what a `u32` can count.
        let count = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        places.push(count(start)..count(page.len()));
        done = place.end;
    }
    page.extend_from_slice(&html[done..]);
    (page.into(), places.into())
}

/// A page and the places of the asset URLs in it, as a [`PageFile`]
/// keeps them.
pub type Substituted = (Box<[u8]>, Box<[Range<u32>]>);

/// `main.css` with the digest's first digits before the extension.
fn fingerprinted(path: &str, digest: &Digest) -> String {
    match path.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{}.{extension}", digest.short()),
        None => format!("{path}.{}", digest.short()),
    }
}

/// The path that [`Assets::publish`] made `name` of: `main.css` of `main.0123456789.css`; `None` if
/// `name` has no fingerprint.
pub fn without_fingerprint(name: &str) -> Option<String> {
    let is_fingerprint = |part: &str| {
        let is_digit = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
        part.len() == 10 && part.bytes().all(is_digit)
    };
    let (stem, extension) = name.rsplit_once('.')?;
    match stem.rsplit_once('.') {
        Some((stem, digits)) if is_fingerprint(digits) => Some(format!("{stem}.{extension}")),
        _ if is_fingerprint(extension) => Some(stem.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_become_urls_and_unknown_ones_are_named() {
        let assets = Assets {
            urls: BTreeMap::from([("main.css".into(), "/assets/main.1.css".into())]),
            ..Assets::default()
        };
        let html = format!("<link href=\"{}\">", token("main.css"));
        assert_eq!(
            assets.substitute(html.as_bytes()),
            Ok((
                b"<link href=\"/assets/main.1.css\">"[..].into(),
                std::iter::once(12..30).collect()
            ))
        );
        assert_eq!(
            assets.substitute(token("no.css").as_bytes()),
            Err("no.css".into())
        );
    }

    #[test]
    fn a_changed_asset_gets_another_name() {
        assert_ne!(
            fingerprinted("a.css", &Digest::of(b"1")),
            fingerprinted("a.css", &Digest::of(b"2"))
        );
        assert!(fingerprinted("js/a.min.js", &Digest::of(b"")).ends_with(".js"));
    }

    #[test]
    fn fingerprints_are_taken_off_again() {
        for path in [
            "main.css",
            "js/a.min.js",
            "LICENSE",
            "v1.2/LICENSE",
            "a.0123456789",
        ] {
            let name = fingerprinted(path, &Digest::of(b"1"));
            assert_eq!(without_fingerprint(&name).as_deref(), Some(path), "{name}");
        }
        for name in [
            "main.css",
            "a.012345678.css",
            "a.012345678G.css",
            "0123456789",
            "",
        ] {
            assert_eq!(without_fingerprint(name), None, "{name}");
        }
    }
}
