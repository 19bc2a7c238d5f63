//! Cleans raw HTML tag by tag: what is allowed stays, what is not is reported and left out.
//!
//! The result is written anew with escaped attributes, and the addresses of links and images become
//! holes. Whether elements are closed is not looked at here; [`super::sanitize`] sees to it.

use std::borrow::Cow;
use std::ops::Range;

use super::events::{LocatedProblem, MAX_DEPTH, too_deep};
use super::scan::{Piece, RawAttribute, RawTag, scan};
use super::slug::Ids;
use super::{Image, Link, escape, holes, sanitize};
use crate::diag::{Code, Problem, text};

/// Elements that may be written in a body.
///
/// Neither `h1`, which is the page's title, nor anything that runs, embeds or takes input.
pub(super) const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Attributes of every element.
pub(super) const ATTRIBUTES: &[&str] = &["id", "class", "title", "lang", "dir"];

/// Further attributes of single elements.
pub(super) const ELEMENT_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("del", &["datetime"]),
    ("details", &["open"]),
    ("img", &["src", "alt", "width", "height"]),
    ("ins", &["datetime"]),
    ("li", &["value"]),
    ("ol", &["start", "type"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("time", &["datetime"]),
];

/// Elements whose content is no text for readers and goes with them.
const WITH_CONTENT: &[&str] = &[
    "iframe", "math", "noembed", "noframes", "object", "script", "select", "style", "svg",
    "template", "textarea", "title", "xmp",
];

const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];

/// Cleans the raw HTML of one body, from its beginning to its end.
#[derive(Default)]
pub(super) struct Cleaner {
    /// The links met.
    pub(super) links: Vec<Link>,
    /// The images met.
    pub(super) images: Vec<Image>,
    /// The ids of the body so far.
    pub(super) ids: Ids,
    /// What was left out.
    pub(super) problems: Vec<LocatedProblem>,
    /// Elements not closed yet; bounds the work of the HTML parser.
    open: Vec<String>,
    /// The element whose content is being left out.
    dropping: Option<String>,
}

impl Cleaner {
    /// The cleaned form of `html`; `place` turns its offsets into offsets of the body.
    ///
    /// # Errors
    ///
    /// When elements are nested too deep.
    pub(super) fn clean(
        &mut self,
        html: &str,
        place: impl Fn(usize) -> usize,
    ) -> Result<String, LocatedProblem> {
        let mut out = String::with_capacity(html.len());
        for (piece, range) in scan(html) {
            let range = place(range.start)..place(range.end);
            match piece {
                Piece::Text(_) if self.is_dropping() => {}
                Piece::Text(text) => escape::push_text(&mut out, &sanitize::decode(text)),
                Piece::Comment => {}
                Piece::Unclosed if self.is_dropping() => {}
                Piece::Unclosed => self.report_unclosed(range),
                Piece::Tag(tag) if tag.closing => self.end_tag(&mut out, &tag.name),
                Piece::Tag(tag) => self.start_tag(&mut out, &tag, range, &place)?,
            }
        }
        Ok(out)
    }

    /// Whether text belongs to an element that is left out with its content.
    pub(super) fn is_dropping(&self) -> bool {
        self.dropping.is_some()
    }

    /// Ends what [`Self::is_dropping`] tells, for no element is left out beyond its block.
    pub(super) fn end_block(&mut self) {
        self.dropping = None;
    }

    fn end_tag(&mut self, out: &mut String, name: &str) {
        if let Some(dropping) = &self.dropping {
            if dropping == name {
                self.dropping = None;
            }
        } else if ELEMENTS.contains(&name) && !VOID.contains(&name) {
            if let Some(at) = self.open.iter().rposition(|open| open == name) {
                self.open.remove(at);
            }
            out.push_str("</");
            out.push_str(name);
            out.push('>');
        }
    }

    fn start_tag(
        &mut self,
        out: &mut String,
        tag: &RawTag<'_>,
        range: Range<usize>,
        place: &impl Fn(usize) -> usize,
    ) -> Result<(), LocatedProblem> {
        if self.is_dropping() {
            return Ok(());
        }
        let name = tag.name.as_str();
        if !ELEMENTS.contains(&name) {
            self.report_tag(name, range);
            if WITH_CONTENT.contains(&name) && !tag.self_closing {
                self.dropping = Some(tag.name.clone());
            }
            return Ok(());
        }
        // These close their predecessor, so a long row of them is not deep.
        let closes_itself = matches!(name, "p" | "li" | "dt" | "dd" | "tr" | "td" | "th");
        if !VOID.contains(&name) && !closes_itself {
            self.open.push(tag.name.clone());
            if self.open.len() > MAX_DEPTH {
                return Err(too_deep(range));
            }
        }
        let kept = self.kept_attributes(tag, place);
        self.write_tag(out, name, kept, range);
        Ok(())
    }

    /// The allowed attributes with decoded values, each once; the others are reported.
    fn kept_attributes<'t>(
        &mut self,
        tag: &'t RawTag<'_>,
        place: &impl Fn(usize) -> usize,
    ) -> Vec<(&'t str, Cow<'t, str>)> {
        let mut kept: Vec<(&str, Cow<'_, str>)> = Vec::new();
        for attribute in &tag.attributes {
            let name = attribute.name.as_str();
            if kept.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let value = sanitize::decode(attribute.value);
            let range = place(attribute.range.start)..place(attribute.range.end);
            if !is_allowed(&tag.name, attribute, &value) {
                self.report_attribute(&tag.name, name, range);
            } else if name == "id" {
                let id = self.claim_id(&value, range);
                kept.push((name, id.into()));
            } else {
                kept.push((name, value));
            }
        }
        kept
    }

    /// Takes an id that the author chose; one that is taken gets a suffix and a warning.
    pub(super) fn claim_id(&mut self, wanted: &str, range: Range<usize>) -> String {
        let id = self.ids.claim(wanted);
        if id != wanted {
            let problem = Problem::warning(
                Code::DuplicateValue,
                text!(
                    "编号 `{wanted}` 在正文中已经用过，这里改为 `{id}`",
                    "the id `{wanted}` is already used in this body and becomes `{id}` here"
                ),
            )
            .hint(text!("换一个编号", "choose another id"));
            self.problems.push((range, problem));
        }
        id
    }

    /// Writes a start tag; the address comes first and as a hole, as [`holes`] expects it.
    fn write_tag(
        &mut self,
        out: &mut String,
        name: &str,
        kept: Vec<(&str, Cow<'_, str>)>,
        range: Range<usize>,
    ) {
        let find = |wanted| kept.iter().find(|(name, _)| *name == wanted);
        let value = |wanted| find(wanted).map(|(_, value)| value.to_string());
        out.push('<');
        out.push_str(name);
        if name == "img" {
            holes::push_address(out, "src", self.images.len());
            let alt = value("alt").unwrap_or_default();
            escape::push_attribute(out, "alt", &alt);
            self.images.push(Image {
                src: value("src").unwrap_or_default(),
                alt,
                title: value("title"),
                range,
            });
        } else if name == "a"
            && let Some(target) = value("href")
        {
            holes::push_address(out, "href", self.links.len());
            self.links.push(Link { target, range });
        }
        for (name, value) in &kept {
            if !matches!(*name, "href" | "src" | "alt") {
                escape::push_attribute(out, name, value);
            }
        }
        out.push('>');
    }

    fn report_tag(&mut self, name: &str, range: Range<usize>) {
        let problem = Problem::warning(
            Code::RemovedHtml,
            text!(
                "不支持 HTML 标签 `<{name}>`，已略去",
                "the HTML tag `<{name}>` is not supported and was left out"
            ),
        );
        let hint = match name {
            "h1" => text!(
                "一级标题是页面的标题，正文中用 `##`",
                "level 1 is the title of the page; use `##` in the body"
            ),
            "iframe" | "video" | "audio" | "embed" | "object" => text!(
                "改为链接，如 `[观看视频](https://…)`",
                "write a link instead, such as `[watch](https://…)`"
            ),
            _ => text!(
                "删去它；若只是文字，写作 `&lt;{name}&gt;`",
                "delete it; if it is meant as text, write `&lt;{name}&gt;`"
            ),
        };
        self.problems.push((range, problem.hint(hint)));
    }

    fn report_attribute(&mut self, element: &str, name: &str, range: Range<usize>) {
        let problem = Problem::warning(
            Code::RemovedHtml,
            text!(
                "不支持 `<{element}>` 的属性 `{name}` 或它的值，已略去",
                "the attribute `{name}` of `<{element}>` or its value is not supported and was left out"
            ),
        );
        let hint = match name {
            "style" | "align" | "color" | "bgcolor" | "width" | "height" => text!(
                "删去它；外观由主题的样式表决定，可用 `class` 选择",
                "delete it; looks are the theme's, and `class` selects among them"
            ),
            "name" => text!("改用 `id`", "use `id` instead"),
            _ => text!("删去它", "delete it"),
        };
        self.problems.push((range, problem.hint(hint)));
    }

    fn report_unclosed(&mut self, range: Range<usize>) {
        let problem = Problem::warning(
            Code::RemovedHtml,
            text!(
                "HTML 标签没有以 `>` 结束，已略去",
                "an HTML tag without its `>` was left out"
            ),
        )
        .hint(text!("补上 `>`", "add the `>`"));
        self.problems.push((range, problem));
    }
}

fn is_allowed(element: &str, attribute: &RawAttribute<'_>, value: &str) -> bool {
    let name = attribute.name.as_str();
    match name {
        "id" => !value.is_empty() && !value.contains(char::is_whitespace),
        "width" | "height" | "colspan" | "rowspan" | "span" => {
            allows(element, name) && value.parse::<u16>().is_ok_and(|number| number > 0)
        }
        _ => ATTRIBUTES.contains(&name) || allows(element, name),
    }
}

fn allows(element: &str, name: &str) -> bool {
    let mut own = ELEMENT_ATTRIBUTES.iter();
    own.any(|(known, names)| *known == element && names.contains(&name))
}
