//! Turns the Markdown body of an entry into HTML.
//!
//! A body is parsed once, by [`parse`], into an [`Outline`]: what other stages must know of it, and
//! its HTML with a hole for every link and image, because where those lead is known only when all
//! entries have been read. [`emit`] fills the holes.
//!
//! On the way: `cjk` prepares the text for emphasis beside Chinese punctuation, `events` reads
//! it, `slips` looks for what was meant as Markdown, `prepare` cleans raw HTML and hands out ids, `html` writes, `sanitize` repairs what raw
//! HTML left open, and `holes` finds the holes.
//!
//! Invariants: no I/O; no input panics; every range lies in the body on character boundaries; the
//! output is a well-formed HTML fragment without scripts or inline styles.

mod allowed;
mod autolink;
mod blocks;
mod cjk;
mod escape;
mod events;
mod footnotes;
mod holes;
mod html;
mod inline;
mod plain;
mod prepare;
mod raw;
mod sanitize;
mod scan;
mod slips;
mod slug;
mod summary;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::diag::Problem;
use crate::model::digest::Fingerprint;
use crate::model::snapshot::Dimensions;
use holes::Fragment;

/// What a body contains, and its HTML up to the targets of its links and images.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outline {
    /// The fingerprint of the body.
    pub fingerprint: Fingerprint,
    /// The headings in order, for a table of contents.
    pub headings: Vec<Heading>,
    /// Every link: Markdown, bare URL and raw HTML; those of raw HTML come first.
    pub links: Vec<Link>,
    /// Every image, those of raw HTML first.
    pub images: Vec<Image>,
    /// Every id that a `#fragment` can point at.
    pub ids: BTreeSet<String>,
    /// The beginning of the text, without markup; empty when there is none.
    pub summary: String,
    /// What is wrong, each with its range in the body.
    #[serde(skip)]
    pub problems: Vec<(Range<usize>, Problem)>,
    #[serde(skip)]
    html: Html,
}

/// The HTML of an outline: none once it was stored, or when it has been let go.
#[derive(Debug, Default)]
struct Html(Mutex<Option<Arc<Fragment>>>);

impl Html {
    fn new(fragment: Fragment) -> Self {
        Html(Mutex::new(Some(Arc::new(fragment))))
    }

    fn get(&self) -> Option<Arc<Fragment>> {
        let html = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        html.clone()
    }
}

impl Clone for Html {
    fn clone(&self) -> Self {
        Html(Mutex::new(self.get()))
    }
}

impl Outline {
    /// Lets the HTML go, which takes a third of the memory of a large site and is needed once, unless
    /// the page is rendered again: then the body is parsed again.
    pub fn release(&self) {
        let mut html = self.html.0.lock().unwrap_or_else(PoisonError::into_inner);
        *html = None;
    }

    /// Whether everything but the HTML outlives being stored: problems do not.
    pub fn is_storable(&self) -> bool {
        self.problems.is_empty()
    }

    /// The outline of nothing.
    fn empty(fingerprint: Fingerprint) -> Self {
        Outline {
            fingerprint,
            headings: Vec::new(),
            links: Vec::new(),
            images: Vec::new(),
            ids: BTreeSet::new(),
            summary: String::new(),
            problems: Vec::new(),
            html: Html::new(Fragment::default()),
        }
    }
}

/// A heading of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 2 to 6: level 1 belongs to the title of the page, and a body that uses it is moved down as a
    /// whole.
    pub level: u8,
    /// Its id, unique in the body.
    pub id: String,
    /// Its text without markup.
    pub title: String,
}

/// A link of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The target as written, entities and escapes decoded; with `mailto:` for `<a@example.cn>`.
    pub target: String,
    /// The target in the body where it stands there literally, otherwise the whole link.
    pub range: Range<usize>,
}

/// An image of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// The address as written, entities and escapes decoded.
    pub src: String,
    /// The text in place of the image; empty for a decorative one.
    pub alt: String,
    /// The title, which becomes the caption of an image that stands alone.
    pub title: Option<String>,
    /// The address in the body where it stands there literally, otherwise the whole image.
    pub range: Range<usize>,
}

/// Where a link leads.
///
/// Which schemes are acceptable is for the caller to decide; this module only escapes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkTarget {
    /// The value of `href`, not yet escaped.
    pub href: String,
    /// Whether it leaves the site; such links get `rel="external noopener"`.
    pub external: bool,
}

/// Where an image is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageTarget {
    /// The value of `src`, not yet escaped.
    pub src: String,
    /// The value of `srcset` for its sizes as WebP, not yet escaped; `None` where there are none.
    pub srcset: Option<String>,
    /// Its size, so that the page does not jump while it loads.
    pub dimensions: Option<Dimensions>,
}

/// Parses a body: CommonMark with tables, footnotes, task lists, strikethrough, heading attributes,
/// alerts, definition lists and bare URLs.
///
/// A body nested deeper than 100 levels comes back empty, with that one problem.
pub fn parse(body: &str) -> Outline {
    let shimmed = cjk::Shimmed::new(body);
    let rendered = events::read(&shimmed)
        .and_then(|events| prepare::prepare(events, body))
        .map(|prepared| html::write(prepared, body));
    rendered.unwrap_or_else(|problem| Outline {
        problems: vec![problem],
        ..Outline::empty(Fingerprint::of(body.as_bytes()))
    })
}

/// The HTML of a body whose links and images have been resolved; `outline` is that of `body`, which is
/// parsed once more if the outline has no HTML any more.
///
/// `links[i]` answers `outline.links[i]`, `images[i]` likewise. For a `None` the text stands without
/// its link, the alternative text without its image; a list that is too short is filled with `None`.
pub fn emit(
    outline: &Outline,
    body: &str,
    links: &[Option<LinkTarget>],
    images: &[Option<ImageTarget>],
) -> String {
    let html = outline.html.get().or_else(|| parse(body).html.get());
    html.map_or_else(String::new, |fragment| {
        fragment.fill(&outline.images, links, images)
    })
}

/// Calls `block` with the text of every block of a body, and whether it is a heading; `outline` is that
/// of `body`, which is parsed once more if the outline has no HTML any more.
pub fn text_blocks(outline: &Outline, body: &str, block: &mut dyn FnMut(&str, bool)) {
    let html = outline.html.get().or_else(|| parse(body).html.get());
    if let Some(fragment) = html {
        blocks::blocks(&fragment, block);
    }
}
