//! HTML with holes for the addresses of links and images.
//!
//! While HTML is written, an address is a mark and a number in its place, which survives the HTML
//! parser like any other text. [`Fragment::new`] finds the marks and drops them; a link's hole then
//! covers the rest of its start tag, for a link without a target must vanish with its tags.

use super::cjk::possible_marks;
use super::{Image, ImageTarget, LinkTarget, escape};

/// Before the number of an address.
const ADDRESS: char = '\u{FDD1}';
/// A check box that is not ticked: an `input` need not pass the sanitiser this way.
const UNTICKED: char = '\u{FDD2}';
/// A check box that is ticked.
const TICKED: char = '\u{FDD3}';

const LINK: &str = "<a href=\"";
const LINK_END: &str = "</a>";
const IMAGE: &str = "<img src=\"";

/// Appends the attribute `name` with the address of link or image `index`, to be filled later.
pub(super) fn push_address(out: &mut String, name: &str, index: usize) {
    out.push_str(&format!(" {name}=\"{ADDRESS}{index}\""));
}

/// Appends a check box.
pub(super) fn push_check_box(out: &mut String, ticked: bool) {
    out.push(if ticked { TICKED } else { UNTICKED });
}

/// HTML and the holes in it, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Fragment {
    html: Box<str>,
    holes: Box<[Hole]>,
}

/// A stretch of the HTML that stands for more: the further attributes of a start tag, or nothing.
#[derive(Debug, Clone)]
struct Hole {
    start: usize,
    end: usize,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    LinkStart(usize),
    LinkEnd,
    Image(usize),
}

impl Fragment {
    /// Finds the marks in `marked`.
    pub(super) fn new(marked: &str) -> Self {
        let mut digger = Digger {
            html: String::with_capacity(marked.len()),
            holes: Vec::new(),
            in_link: false,
        };
        let mut rest = marked;
        while let Some(at) = next_mark(rest) {
            let (before, mark) = rest.split_at(at);
            let opening = [LINK, IMAGE].into_iter().find(|tag| before.ends_with(tag));
            rest = match opening {
                Some(opening) if mark.starts_with(ADDRESS) => {
                    digger.text(&before[..before.len() - opening.len()]);
                    digger.address(opening, mark)
                }
                _ => {
                    digger.text(before);
                    digger.html.push_str(check_box(mark));
                    &mark[ADDRESS.len_utf8()..]
                }
            };
        }
        digger.text(rest);
        Fragment {
            html: digger.html.into(),
            holes: digger.holes.into(),
        }
    }

    /// The HTML with every hole filled.
    pub(super) fn fill(
        &self,
        described: &[Image],
        links: &[Option<LinkTarget>],
        images: &[Option<ImageTarget>],
    ) -> String {
        let mut out = String::with_capacity(self.html.len() + 64 * self.holes.len());
        let mut done = 0;
        let mut link_end = "";
        for hole in &self.holes {
            out.push_str(&self.html[done..hole.start]);
            done = hole.end;
            let attributes = &self.html[hole.start..hole.end];
            match hole.kind {
                Kind::LinkStart(index) => {
                    let target = links.get(index).and_then(Option::as_ref);
                    link_end = push_link(&mut out, attributes, target);
                }
                Kind::LinkEnd => out.push_str(std::mem::take(&mut link_end)),
                Kind::Image(index) => match images.get(index).and_then(Option::as_ref) {
                    Some(target) => push_image(&mut out, attributes, target),
                    None => {
                        let alt = described.get(index).map_or("", |image| &image.alt);
                        escape::push_text(&mut out, alt);
                    }
                },
            }
        }
        out.push_str(&self.html[done..]);
        out
    }

    /// The HTML without its holes.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.holes.iter().map(|hole| hole.end));
        let ends = self.holes.iter().map(|hole| hole.start);
        let ends = ends.chain(std::iter::once(self.html.len()));
        starts.zip(ends).map(|(start, end)| &self.html[start..end])
    }

    /// Indices of links and images that have a hole, for tests.
    #[cfg(test)]
    pub(super) fn indices(&self) -> (Vec<usize>, Vec<usize>) {
        let mut found = (Vec::new(), Vec::new());
        for hole in &self.holes {
            match hole.kind {
                Kind::LinkStart(index) => found.0.push(index),
                Kind::Image(index) => found.1.push(index),
                Kind::LinkEnd => {}
            }
        }
        found
    }
}

/// Where the first mark stands.
fn next_mark(text: &str) -> Option<usize> {
    let is_mark = |at: &usize| text[*at..].starts_with([ADDRESS, UNTICKED, TICKED]);
    possible_marks(text).find(is_mark)
}

/// Makes the holes of a fragment.
struct Digger {
    html: String,
    holes: Vec<Hole>,
    in_link: bool,
}

impl Digger {
    /// Takes HTML without marks; the first end tag of an open link in it becomes a hole.
    ///
    /// Links do not nest in HTML, so the first end tag is the right one.
    fn text(&mut self, mut text: &str) {
        if self.in_link
            && let Some((inside, after)) = text.split_once(LINK_END)
        {
            self.html.push_str(inside);
            self.dig(Kind::LinkEnd, "");
            self.in_link = false;
            text = after;
        }
        self.html.push_str(text);
    }

    /// Takes the start tag whose `opening` has been read up to `mark`, and returns what follows it.
    fn address<'m>(&mut self, opening: &str, mark: &'m str) -> &'m str {
        let (index, attributes, after) = address(mark);
        if opening == LINK {
            self.in_link = true;
            self.dig(Kind::LinkStart(index), attributes);
        } else {
            self.dig(Kind::Image(index), attributes);
        }
        after
    }

    fn dig(&mut self, kind: Kind, attributes: &str) {
        let start = self.html.len();
        self.html.push_str(attributes);
        self.holes.push(Hole {
            start,
            end: self.html.len(),
            kind,
        });
    }
}

/// Splits what follows an opening: the number, the further attributes, what follows the tag.
fn address(mark: &str) -> (usize, &str, &str) {
    let digits = &mark[ADDRESS.len_utf8()..];
    let quote = digits.find('"').unwrap_or(digits.len());
    let index = digits[..quote].parse().unwrap_or(usize::MAX);
    let attributes = digits.get(quote + 1..).unwrap_or("");
    let mut quoted = false;
    let end = attributes.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    match end {
        Some(end) => (index, &attributes[..end], &attributes[end + 1..]),
        None => (index, attributes, ""),
    }
}

fn check_box(mark: &str) -> &'static str {
    if mark.starts_with(TICKED) {
        "<input type=\"checkbox\" checked disabled aria-label=\"已完成\">"
    } else if mark.starts_with(UNTICKED) {
        "<input type=\"checkbox\" disabled aria-label=\"未完成\">"
    } else {
        ""
    }
}

/// Writes a link's start tag and returns the end tag that belongs to it.
fn push_link(out: &mut String, attributes: &str, target: Option<&LinkTarget>) -> &'static str {
    match target {
        Some(target) => {
            out.push_str("<a");
            escape::push_attribute(out, "href", &target.href);
            out.push_str(attributes);
            if target.external {
                out.push_str(" rel=\"external noopener\"");
            }
            out.push('>');
            "</a>"
        }
        // A class or id of the author's is not lost with the target.
        None if !attributes.is_empty() => {
            out.push_str("<span");
            out.push_str(attributes);
            out.push('>');
            "</span>"
        }
        None => "",
    }
}

/// How wide the text of an article is at most, for the attribute `sizes`.
const SIZES: &str = "(min-width: 48em) 44em, 100vw";

fn push_image(out: &mut String, attributes: &str, target: &ImageTarget) {
    if let Some(srcset) = &target.srcset {
        out.push_str("<picture><source type=\"image/webp\"");
        escape::push_attribute(out, "srcset", srcset);
        escape::push_attribute(out, "sizes", SIZES);
        out.push('>');
    }
    out.push_str("<img");
    escape::push_attribute(out, "src", &target.src);
    out.push_str(attributes);
    let sized = attributes.contains(" width=\"") || attributes.contains(" height=\"");
    if let Some(size) = target.dimensions.filter(|_| !sized) {
        out.push_str(&format!(
            " width=\"{}\" height=\"{}\"",
            size.width, size.height
        ));
    }
    out.push_str(" loading=\"lazy\" decoding=\"async\">");
    if target.srcset.is_some() {
        out.push_str("</picture>");
    }
}
