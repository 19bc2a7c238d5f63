//! Files for programs: feeds, calendars, open data, the site map for search engines, `robots.txt`.
//!
//! Input: the linked [`Site`], whose [offers](crate::link::offers) say which files there are. Output: their
//! content.
//!
//! Invariants: no clock; the same site gives the same bytes. What is illustrative is marked in words
//! (`【示例】`) or by a field of its own, and left out where a format has room for neither.
//!
//! Sources: RFC 4287 (Atom), RFC 5545 and 7986 (iCalendar), RFC 7946 (GeoJSON), sitemaps.org protocol
//! 0.9, RFC 9309 (robots).

mod atom;
mod calendar;
mod data;
mod ical;
mod json;
mod sitemap;

pub use data::with_renewed;
pub use sitemap::sitemap;

use crate::link::offers::Offer;
use crate::link::{Entry, EntryId, Site};
use crate::model::characters::is_unshowable;
use crate::model::date::Moment;
use crate::model::tree::OutPath;

/// The content of a file that a site offers, except for the index of the data files, which needs
/// their sizes: see [`index`].
pub fn content(offer: Offer, site: &Site) -> Option<String> {
    match offer {
        Offer::Feed(of) => atom::feed(site, of),
        Offer::Calendar(of) => Some(calendar::calendar(site, of)),
        Offer::Data(kind, year) => Some(data::file(site, kind, year)),
        Offer::Places => Some(data::places(site)),
        Offer::Index => None,
    }
}

/// What data files there are; `size` tells how many bytes one has.
pub fn index(site: &Site, size: impl Fn(&OutPath) -> Option<usize>) -> String {
    data::index(site, size)
}

/// Everything may be read; the site map is named.
pub fn robots(site: &Site) -> String {
    let sitemap = site.addresses.absolute_file(&OutPath::new("sitemap.xml"));
    format!("User-agent: *\nAllow: /\nSitemap: {sitemap}\n")
}

/// Put before the title of what is illustrative where there is no other room for a badge.
const SAMPLE: &str = "【示例】";

/// Whether the entry is illustrative, in its title, or in its tie to the one whose file this is.
fn is_sample(site: &Site, id: EntryId, of: Option<EntryId>) -> bool {
    let entry = site.entry(id);
    entry.raw.common.sample.is_whole()
        || entry.is_sample("title")
        || of.is_some_and(|of| site.has_sample_tie(id, of))
}

/// When an entry was last changed in substance, or published; only where that is written.
fn changed(entry: &Entry) -> Option<Moment> {
    let updated = entry.raw.common.updated;
    let updated = updated.filter(|_| !entry.is_sample("updated"));
    updated.or_else(|| entry.published_on())
}

/// Text for XML content and attributes; characters that XML 1.0 cannot hold are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            c if is_unshowable(c) => {}
            c => escaped.push(c),
        }
    }
    escaped
}
