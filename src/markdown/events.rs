//! Reads a body into Markdown events.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag};

use super::cjk::Shimmed;
use crate::diag::{Code, Problem, text};

/// An event and its range in the body.
pub(super) type Located<'a> = (Event<'a>, Range<usize>);

/// A problem and its range in the body.
pub(super) type LocatedProblem = (Range<usize>, Problem);

/// How deep blocks and inlines, or raw HTML elements, may be nested.
pub(super) const MAX_DEPTH: usize = 100;

/// The problem of a body nested deeper than [`MAX_DEPTH`].
pub(super) fn too_deep(range: Range<usize>) -> LocatedProblem {
    let message = text!(
        "嵌套超过 `{MAX_DEPTH}` 层，正文没有生成",
        "nested deeper than `{MAX_DEPTH}` levels; the body was not rendered"
    );
    let hint = text!(
        "删去多余的 `>`、`*`、列表缩进或 HTML 标签",
        "remove superfluous `>`, `*`, list indentation or HTML tags"
    );
    let problem = Problem::error(Code::NestedTooDeep, message).hint(hint);
    (range, problem)
}

/// The events of a body, adjacent texts joined, without the shim and with ranges in the body.
///
/// # Errors
///
/// When the body is nested too deep; nothing behind that place has been looked at.
pub(super) fn read<'a>(shimmed: &'a Shimmed<'_>) -> Result<Vec<Located<'a>>, LocatedProblem> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST;
    let mut events: Vec<Located<'a>> = Vec::with_capacity(shimmed.text.len() / 16);
    let mut joined: Option<String> = None;
    let mut depth = 0;
    for (event, range) in Parser::new_ext(&shimmed.text, options).into_offset_iter() {
        let range = shimmed.original(range);
        let event = without_shim(event, shimmed);
        match (&event, events.last_mut()) {
            (Event::Text(next), Some((Event::Text(text), text_range))) => {
                joined
                    .get_or_insert_with(|| text.to_string())
                    .push_str(next);
                text_range.end = range.end.max(text_range.end);
                continue;
            }
            (_, Some((Event::Text(text), _))) => {
                if let Some(joined) = joined.take() {
                    *text = joined.into();
                }
            }
            _ => {}
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(too_deep(range));
        }
        events.push((event, range));
    }
    Ok(events)
}

/// The index of the event that ends what `events[start]` starts.
pub(super) fn end_of(events: &[Located<'_>], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, (event, _)) in events.iter().enumerate().skip(start) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    events.len().saturating_sub(1)
}

fn without_shim<'a>(event: Event<'a>, shimmed: &Shimmed<'_>) -> Event<'a> {
    let strip = |string: CowStr<'a>| shimmed.strip(string);
    match event {
        Event::Start(tag) => Event::Start(tag_without_shim(tag, strip)),
        Event::Text(text) => Event::Text(strip(text)),
        Event::Code(text) => Event::Code(strip(text)),
        Event::Html(html) => Event::Html(strip(html)),
        Event::InlineHtml(html) => Event::InlineHtml(strip(html)),
        Event::FootnoteReference(label) => Event::FootnoteReference(strip(label)),
        other => other,
    }
}

fn tag_without_shim<'a>(tag: Tag<'a>, strip: impl Fn(CowStr<'a>) -> CowStr<'a>) -> Tag<'a> {
    match tag {
        Tag::Heading {
            level, id, classes, ..
        } => Tag::Heading {
            level,
            id: id.map(&strip),
            classes: classes.into_iter().map(&strip).collect(),
            attrs: Vec::new(),
        },
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
            Tag::CodeBlock(CodeBlockKind::Fenced(strip(info)))
        }
        Tag::FootnoteDefinition(label) => Tag::FootnoteDefinition(strip(label)),
        Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        } => Tag::Link {
            link_type,
            dest_url: strip(dest_url),
            title: strip(title),
            id,
        },
        Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        } => Tag::Image {
            link_type,
            dest_url: strip(dest_url),
            title: strip(title),
            id,
        },
        other => other,
    }
}
