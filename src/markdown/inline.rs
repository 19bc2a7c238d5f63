//! Writes prepared events as HTML: what stands inside blocks.

use std::ops::Range;

use pulldown_cmark::LinkType;

use super::cjk::joins;
use super::events::end_of;
use super::html::Writer;
use super::plain::{first_char, plain_text};
use super::prepare::literal_range;
use super::{Image, Link, autolink, escape, holes};
use crate::diag::{Code, Problem, text};

impl Writer<'_, '_> {
    /// Text, with the bare URLs in it as links.
    pub(super) fn text(&mut self, text: &str) {
        self.last = text.chars().next_back().or(self.last);
        let range = self.events[self.at].1.clone();
        // Text with escapes or entities in it has no offsets of its own in the body.
        let literal = self.body.get(range.clone()) == Some(text);
        let may_link = self.link_depth == 0 && !self.in_raw_link;
        let mut done = 0;
        while may_link && let Some(url) = autolink::find(text, done) {
            escape::push_text(&mut self.out, &text[done..url.start]);
            let place = if literal {
                range.start + url.start..range.start + url.end
            } else {
                range.clone()
            };
            let target = &text[url.clone()];
            self.link_start(target.to_owned(), "", place);
            escape::push_text(&mut self.out, target);
            self.out.push_str("</a>");
            done = url.end;
        }
        escape::push_text(&mut self.out, &text[done..]);
    }

    /// A code span.
    pub(super) fn code(&mut self, code: &str) {
        self.last = code.chars().next_back().or(self.last);
        self.out.push_str("<code>");
        escape::push_text(&mut self.out, code);
        self.out.push_str("</code>");
    }

    /// A line break of the source, which between two Chinese characters is no space.
    pub(super) fn soft_break(&mut self) {
        let next = first_char(&self.events[self.at + 1..]);
        let joined = self.last.zip(next).is_some_and(|(a, b)| joins(a, b));
        if !joined {
            self.out.push('\n');
        }
    }

    /// A raw tag, already clean.
    pub(super) fn inline_html(&mut self, html: &str) {
        if html.starts_with("<a ") || html == "<a>" {
            self.in_raw_link = true;
        } else if html == "</a>" {
            self.in_raw_link = false;
        }
        self.out.push_str(html);
    }

    /// The start of a Markdown link.
    pub(super) fn link(&mut self, kind: LinkType, destination: &str, title: &str) {
        let place = literal_range(self.body, &self.events[self.at].1, destination);
        let target = match kind {
            LinkType::Email => format!("mailto:{destination}"),
            _ => destination.to_owned(),
        };
        self.link_depth += 1;
        self.link_start(target, title, place);
    }

    /// The end of a Markdown link.
    pub(super) fn link_end(&mut self) {
        self.link_depth = self.link_depth.saturating_sub(1);
        self.out.push_str("</a>");
    }

    fn link_start(&mut self, target: String, title: &str, range: Range<usize>) {
        self.out.push_str("<a");
        holes::push_address(&mut self.out, "href", self.content.links.len());
        if !title.is_empty() {
            escape::push_attribute(&mut self.out, "title", title);
        }
        self.out.push('>');
        self.content.links.push(Link { target, range });
    }

    /// The image that starts at the current event; leaves its end as the current one.
    ///
    /// `shown_title` is what becomes its `title`: nothing where a caption says it.
    pub(super) fn image(&mut self, src: &str, title: &str, shown_title: Option<&str>) {
        let end = end_of(self.events, self.at);
        let range = literal_range(self.body, &self.events[self.at].1, src);
        let alt = plain_text(&self.events[self.at + 1..end]);
        self.out.push_str("<img");
        holes::push_address(&mut self.out, "src", self.content.images.len());
        escape::push_attribute(&mut self.out, "alt", &alt);
        if let Some(title) = shown_title.filter(|title| !title.is_empty()) {
            escape::push_attribute(&mut self.out, "title", title);
        }
        self.out.push('>');
        if alt.is_empty() && title.is_empty() {
            let range = range.clone();
            self.content.report(range, no_alternative(src));
        }
        self.content.images.push(Image {
            src: src.to_owned(),
            alt,
            title: (!title.is_empty()).then(|| title.to_owned()),
            range,
        });
        self.last = None;
        self.at = end;
    }

    /// A reference to a footnote; inside a link it is a number only, for links do not nest.
    pub(super) fn footnote_reference(&mut self, label: &str) {
        let Some(number) = self.footnotes.number(label) else {
            escape::push_text(&mut self.out, &format!("[^{label}]"));
            return;
        };
        if self.link_depth > 0 || self.in_raw_link {
            self.out
                .push_str(&format!("<sup class=\"footnote-ref\">{number}</sup>"));
            return;
        }
        let wanted = format!("fnref-{number}");
        let id = self.content.ids.claim(&wanted);
        self.footnotes.push_reference(&mut self.out, number, id);
    }
}

/// The warning that an image has no words.
pub(super) fn no_alternative(src: &str) -> Problem {
    let name = src.rsplit('/').next().unwrap_or(src);
    let message = text!(
        "图片 `{name}` 没有说明，看不见图的人不知道它是什么",
        "the image `{name}` has no description: who cannot see it does not know what it is"
    );
    let hint = text!(
        "写在方括号里：`![志愿者清理海滩]({name})`",
        "write it in the brackets: `![volunteers clean the beach]({name})`"
    );
    Problem::warning(Code::MissingAlt, message).hint(hint)
}
