//! Cleans raw HTML tag by tag: what is allowed stays, what is not is reported and left out.
//!
//! The result is written anew with escaped attributes, and the addresses of links and images become
//! holes. Whether elements are closed is not looked at here; [`super::sanitize`] sees to it.

use std::borrow::Cow;
use std::ops::Range;

use super::allowed::{ELEMENTS, END_TAG_OPTIONAL, VOID, WITH_CONTENT, is_allowed};
use super::events::{LocatedProblem, MAX_DEPTH, too_deep};
use super::inline::no_alternative;
use super::scan::{Piece, RawTag, scan};
use super::slug::Ids;
use super::{Image, Link, escape, holes, sanitize};
use crate::diag::{Code, Problem, text};
use crate::model::value::MOST_PER_FILE;

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
    /// Elements not closed yet, each with its start tag; bounds the work of the HTML parser.
    open: Vec<(String, Range<usize>)>,
    /// The element whose content is being left out.
    dropping: Option<String>,
}

impl Cleaner {
    /// Adds a problem, unless there are more of its severity already than anybody is told: a file of
    /// a million wrong attributes must not cost a million sentences.
    pub(super) fn report(&mut self, range: Range<usize>, problem: Problem) {
        let same = |(_, other): &&LocatedProblem| other.severity == problem.severity;
        if self.problems.len() <= MOST_PER_FILE
            || self.problems.iter().filter(same).count() <= MOST_PER_FILE
        {
            self.problems.push((range, problem));
        }
    }

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
            let start = place(range.start);
            let range = start..place(range.end).max(start);
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

    /// Reports what the body leaves open.
    pub(super) fn end_body(&mut self) {
        for (name, range) in std::mem::take(&mut self.open) {
            let message = text!(
                "HTML 标签 `<{name}>` 没有结束标签",
                "the HTML tag `<{name}>` has no end tag"
            );
            let hint = text!(
                "在它结束的地方写 `</{name}>`",
                "write `</{name}>` where it ends"
            );
            let problem = Problem::warning(Code::UnclosedHtml, message).hint(hint);
            self.report(range, problem);
        }
    }

    fn end_tag(&mut self, out: &mut String, name: &str) {
        if let Some(dropping) = &self.dropping {
            if dropping == name {
                self.dropping = None;
            }
        } else if ELEMENTS.contains(&name) && !VOID.contains(&name) {
            if let Some(at) = self.open.iter().rposition(|(open, _)| open == name) {
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
        if !VOID.contains(&name) && !END_TAG_OPTIONAL.contains(&name) {
            self.open.push((tag.name.clone(), range.clone()));
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
            let start = place(attribute.range.start);
            let range = start..place(attribute.range.end).max(start);
            if !is_allowed(&tag.name, name, &value) {
                self.report_attribute(&tag.name, name, range);
            } else if name == "id" {
                let id = self.claim_id(&value, range);
                kept.push((name, id.into()));
            } else {
                kept.push((name, value));
            }
        }
        // Where `sanitize` looks for it.
        kept.sort_by_key(|(name, _)| *name != "open");
        kept
    }

    /// Takes an id that the author chose; one that is taken gets a suffix and a warning.
    pub(super) fn claim_id(&mut self, wanted: &str, range: Range<usize>) -> String {
        let id = self.ids.claim(wanted);
        if id != wanted {
            let message = text!(
                "编号 `{wanted}` 在正文中已经用过，这里改为 `{id}`",
                "the id `{wanted}` is already used in this body and becomes `{id}` here"
            );
            let hint = text!("换一个编号", "choose another id");
            let problem = Problem::warning(Code::DuplicateValue, message).hint(hint);
            self.report(range, problem);
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
            // One that is written and empty says that the image is decoration.
            if find("alt").is_none() && find("src").is_some() {
                let src = value("src").unwrap_or_default();
                self.report(range.clone(), no_alternative(&src));
            }
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
        let message = text!(
            "不支持 HTML 标签 `<{name}>`，已略去",
            "the HTML tag `<{name}>` is not supported and was left out"
        );
        let problem = Problem::warning(Code::RemovedHtml, message);
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
        self.report(range, problem.hint(hint));
    }

    fn report_attribute(&mut self, element: &str, name: &str, range: Range<usize>) {
        let message = text!(
            "不支持 `<{element}>` 的属性 `{name}` 或它的值，已略去",
            "the attribute `{name}` of `<{element}>` or its value is not supported and was left out"
        );
        let problem = Problem::warning(Code::RemovedHtml, message);
        let hint = match name {
            "style" | "align" | "color" | "bgcolor" | "width" | "height" => text!(
                "删去它；外观由主题的样式表决定，可用 `class` 选择",
                "delete it; looks are the theme's, and `class` selects among them"
            ),
            "name" => text!("改用 `id`", "use `id` instead"),
            _ => text!("删去它", "delete it"),
        };
        self.report(range, problem.hint(hint));
    }

    fn report_unclosed(&mut self, range: Range<usize>) {
        let message = text!(
            "HTML 标签没有以 `>` 结束，已略去",
            "an HTML tag without its `>` was left out"
        );
        let hint = text!("补上 `>`", "add the `>`");
        let problem = Problem::warning(Code::RemovedHtml, message).hint(hint);
        self.report(range, problem);
    }
}
