//! Writes prepared events as HTML: the blocks.
//!
//! Not the writer of pulldown-cmark, because links and images become holes and alerts, figures,
//! tables and footnotes have markup of their own. What stands inside blocks is in [`super::inline`].

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, Tag, TagEnd};

use super::escape;
use super::events::{Located, end_of};
use super::footnotes::Footnotes;
use super::holes::{self, Fragment};
use super::plain::plain_text;
use super::prepare::Prepared;
use super::raw::Cleaner;
use super::sanitize::sanitize;
use super::slug::slug;
use super::summary::summary;
use super::table::Table;
use super::{Heading, Html, Outline};
use crate::model::digest::Fingerprint;

/// Writes the HTML of `body`.
pub(super) fn write(prepared: Prepared<'_>, body: &str) -> Outline {
    let events = prepared.events.as_slice();
    let mut writer = Writer {
        body,
        events,
        at: 0,
        out: String::with_capacity(body.len() * 3 / 2),
        last: None,
        link_depth: 0,
        in_raw_link: false,
        in_code: false,
        table: Table::default(),
        headings: Vec::new(),
        shift: prepared.shift,
        footnotes: Footnotes::new(prepared.footnotes),
        content: prepared.cleaner,
    };
    while let Some((event, _)) = events.get(writer.at) {
        writer.event(event);
        writer.at += 1;
    }
    let Writer {
        mut out,
        headings,
        footnotes,
        content,
        ..
    } = writer;
    footnotes.push_section(&mut out);
    if prepared.has_html {
        out = sanitize(&out);
    }
    Outline {
        fingerprint: Fingerprint::of(body.as_bytes()),
        headings,
        links: content.links,
        images: content.images,
        ids: content.ids.into_set(),
        summary: summary(events),
        problems: content.problems,
        html: Html::new(Fragment::new(&out)),
    }
}

/// The state of writing.
pub(super) struct Writer<'e, 'a> {
    /// The body, to find literal addresses in.
    pub(super) body: &'e str,
    /// All events.
    pub(super) events: &'e [Located<'a>],
    /// The index of the event being written.
    pub(super) at: usize,
    /// The HTML so far: of the body, or of the footnote being written.
    pub(super) out: String,
    /// The last character of text in the current block, to decide about a line break.
    pub(super) last: Option<char>,
    /// How many Markdown links are open; one at most, but the parser is not trusted with that.
    pub(super) link_depth: usize,
    /// Whether a raw `<a>` is open.
    pub(super) in_raw_link: bool,
    in_code: bool,
    /// The table being written.
    pub(super) table: Table,
    headings: Vec<Heading>,
    shift: u8,
    /// The footnotes written so far.
    pub(super) footnotes: Footnotes,
    /// Links, images, ids and problems so far.
    pub(super) content: Cleaner,
}

impl<'e, 'a> Writer<'e, 'a> {
    fn event(&mut self, event: &'e Event<'a>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(*end),
            Event::Text(text) if self.in_code => escape::push_text(&mut self.out, text),
            Event::Text(text) => self.text(text),
            Event::Code(code) => self.code(code),
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak => {
                self.out.push_str("<br>\n");
                self.last = None;
            }
            Event::Rule => self.block("<hr>\n"),
            Event::Html(html) => self.out.push_str(html),
            Event::InlineHtml(html) => self.inline_html(html),
            Event::FootnoteReference(label) => self.footnote_reference(label),
            Event::TaskListMarker(ticked) => {
                holes::push_check_box(&mut self.out, *ticked);
                self.out.push(' ');
            }
            // Mathematics is not enabled.
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(text),
        }
    }

    fn start(&mut self, tag: &'e Tag<'a>) {
        match tag {
            Tag::Paragraph => self.paragraph(),
            Tag::Heading {
                level, id, classes, ..
            } => self.heading(*level as u8, id.as_deref(), classes),
            Tag::BlockQuote(None) => self.block("<blockquote>\n"),
            Tag::BlockQuote(Some(kind)) => self.alert(*kind),
            Tag::CodeBlock(kind) => self.code_block(kind),
            Tag::HtmlBlock => self.block(""),
            Tag::List(None) => self.block("<ul>\n"),
            Tag::List(Some(1)) => self.block("<ol>\n"),
            Tag::List(Some(first)) => self.block(&format!("<ol start=\"{first}\">\n")),
            Tag::Item => self.item(),
            Tag::DefinitionList => self.block("<dl>\n"),
            Tag::DefinitionListTitle => self.block("<dt>"),
            Tag::DefinitionListDefinition => self.block("<dd>"),
            Tag::FootnoteDefinition(label) => self.footnotes.begin(label, &mut self.out),
            Tag::Table(alignments) => self.table(alignments),
            Tag::TableHead => self.table_head(),
            Tag::TableRow => self.table_row(),
            Tag::TableCell => self.table_cell(),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => self.link(*link_type, dest_url, title),
            Tag::Image {
                dest_url, title, ..
            } => self.image(dest_url, title, Some(title)),
            // None of these is enabled.
            Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Paragraph => self.out.push_str("</p>\n"),
            TagEnd::BlockQuote(None) => self.block("</blockquote>\n"),
            TagEnd::BlockQuote(Some(_)) => self.block("</div>\n"),
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.out.push_str("</code></pre>\n");
            }
            TagEnd::HtmlBlock => self.block(""),
            TagEnd::List(true) => self.block("</ol>\n"),
            TagEnd::List(false) => self.block("</ul>\n"),
            TagEnd::Item => self.out.push_str("</li>\n"),
            TagEnd::DefinitionList => self.block("</dl>\n"),
            TagEnd::DefinitionListTitle => self.out.push_str("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.out.push_str("</dd>\n"),
            TagEnd::FootnoteDefinition => self.footnotes.finish(&mut self.out),
            TagEnd::Table => self.table_end(),
            TagEnd::TableHead => self.table_head_end(),
            TagEnd::TableRow => self.out.push_str("</tr>\n"),
            TagEnd::TableCell => self.table_cell_end(),
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.push_str("</del>"),
            TagEnd::Link => self.link_end(),
            // A heading and an image are written whole at their start.
            TagEnd::Heading(_)
            | TagEnd::Image
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// Writes a tag at the beginning of a line.
    pub(super) fn block(&mut self, tag: &str) {
        self.last = None;
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.out.push_str(tag);
    }

    /// Writes events up to `end`, which is skipped.
    fn through(&mut self, end: usize) {
        self.at += 1;
        while self.at < end {
            self.event(&self.events[self.at].0);
            self.at += 1;
        }
    }

    /// A paragraph; one that is a single image with a title becomes a figure.
    fn paragraph(&mut self) {
        let caption = match self.events.get(self.at + 1) {
            Some((
                Event::Start(Tag::Image {
                    dest_url, title, ..
                }),
                _,
            )) if !title.is_empty() => Some((dest_url, title)),
            _ => None,
        };
        if let Some((src, caption)) = caption
            && let Some((Event::End(TagEnd::Paragraph), _)) =
                self.events.get(end_of(self.events, self.at + 1) + 1)
        {
            self.at += 1;
            self.block("<figure>");
            self.image(src, caption, None);
            self.out.push_str("<figcaption>");
            escape::push_text(&mut self.out, caption);
            self.out.push_str("</figcaption></figure>\n");
            self.at += 1;
        } else {
            self.block("<p>");
        }
    }

    /// A heading. One without text would be an empty entry wherever headings are listed, so what it
    /// holds is written as a paragraph.
    fn heading(&mut self, level: u8, id: Option<&str>, classes: &[CowStr<'_>]) {
        let end = end_of(self.events, self.at);
        let inside = &self.events[self.at + 1..end];
        let title = plain_text(inside);
        if title.is_empty() {
            if !inside.is_empty() {
                self.block("<p>");
                self.through(end);
                self.out.push_str("</p>\n");
            }
            self.at = end;
            return;
        }
        let level = (level + self.shift).min(6);
        let id = match id {
            Some(id) => id.to_owned(),
            None => self.content.ids.claim(&slug(&title)),
        };
        self.block(&format!("<h{level}"));
        escape::push_attribute(&mut self.out, "id", &id);
        if !classes.is_empty() {
            escape::push_attribute(&mut self.out, "class", &classes.join(" "));
        }
        self.out.push('>');
        self.headings.push(Heading { level, id, title });
        self.through(end);
        self.out.push_str(&format!("</h{level}>\n"));
    }

    fn alert(&mut self, kind: BlockQuoteKind) {
        let (class, title) = match kind {
            BlockQuoteKind::Note => ("note", "提示"),
            BlockQuoteKind::Tip => ("tip", "技巧"),
            BlockQuoteKind::Important => ("important", "重要"),
            BlockQuoteKind::Warning => ("warning", "警告"),
            BlockQuoteKind::Caution => ("caution", "注意"),
        };
        self.block(&format!(
            "<div class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">{title}</p>\n"
        ));
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'_>) {
        self.in_code = true;
        self.block("<pre><code");
        if let CodeBlockKind::Fenced(info) = kind
            && let Some(language) = info.split_whitespace().next()
        {
            let class = format!("language-{language}");
            escape::push_attribute(&mut self.out, "class", &class);
        }
        self.out.push('>');
    }

    fn item(&mut self) {
        let mut following = self.events[self.at + 1..].iter().map(|(event, _)| event);
        let first = following.find(|event| !matches!(event, Event::Start(Tag::Paragraph)));
        let tag = match first {
            Some(Event::TaskListMarker(_)) => "<li class=\"task\">",
            _ => "<li>",
        };
        self.block(tag);
    }
}
