//! What must be known of a body before its first byte is written.
//!
//! Raw HTML is cleaned here and the ids that authors chose are taken, so that a heading further up
//! cannot be given one of them; footnotes get their numbers.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::events::{Located, LocatedProblem};
use super::footnotes;
use super::raw::Cleaner;
use super::slips;

/// The events of a body, ready to be written.
pub(super) struct Prepared<'a> {
    /// The events; raw HTML in them is clean, explicit heading ids are unique.
    pub(super) events: Vec<Located<'a>>,
    /// Whether any of them is raw HTML.
    pub(super) has_html: bool,
    /// By how much headings are moved down.
    pub(super) shift: u8,
    /// The number of each footnote that is defined, by [`footnotes::key`].
    pub(super) footnotes: HashMap<String, usize>,
    /// Ids, links, images and problems so far.
    pub(super) cleaner: Cleaner,
}

/// Prepares `events` of `body`.
///
/// # Errors
///
/// When raw HTML is nested too deep.
pub(super) fn prepare<'a>(
    mut events: Vec<Located<'a>>,
    body: &str,
) -> Result<Prepared<'a>, LocatedProblem> {
    let footnotes = footnotes::number(&events);
    let mut cleaner = Cleaner::default();
    for (range, problem) in slips::find(&events, body) {
        cleaner.report(range, problem);
    }
    for number in 1..=footnotes.len() {
        cleaner.ids.claim(&footnotes::id(number));
    }
    let mut has_html = false;
    let mut shift = 0;
    let mut defined = BTreeSet::new();
    let mut at = 0;
    while at < events.len() {
        let (event, range) = &mut events[at];
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                if *level == HeadingLevel::H1 {
                    shift = 1;
                }
                *id = id.take().filter(|id| !id.is_empty());
                if let Some(id) = id {
                    *id = cleaner.claim_id(id, range.clone()).into();
                }
            }
            Event::Start(Tag::FootnoteDefinition(label))
                if !defined.insert(footnotes::key(label)) =>
            {
                let problem = footnotes::repeated(label);
                cleaner.report(range.clone(), problem);
            }
            Event::InlineHtml(html) => {
                has_html = true;
                let start = range.start;
                *html = cleaner
                    .clean(html, |offset| boundary(body, start + offset))?
                    .into();
            }
            Event::Start(Tag::HtmlBlock) => {
                has_html = true;
                at = clean_block(&mut events, at, body, &mut cleaner)?;
            }
            Event::Text(text) | Event::Code(text) if cleaner.is_dropping() => *text = "".into(),
            Event::End(end) if !is_span(*end) => cleaner.end_block(),
            _ => {}
        }
        at += 1;
    }
    cleaner.end_body();
    Ok(Prepared {
        events,
        has_html,
        shift,
        footnotes,
        cleaner,
    })
}

/// Cleans the HTML block that starts at `start` as a whole, and returns the index of its end.
///
/// A tag may run over several lines, each of which is an event of its own.
fn clean_block(
    events: &mut [Located<'_>],
    start: usize,
    body: &str,
    cleaner: &mut Cleaner,
) -> Result<usize, LocatedProblem> {
    let mut html = String::new();
    // Where each line begins in `html` and in the body: markers of quotes lie between them.
    let mut lines: Vec<(usize, usize)> = Vec::new();
    let mut end = start + 1;
    while let Some((Event::Html(line) | Event::Text(line), range)) = events.get_mut(end) {
        lines.push((html.len(), range.start));
        html.push_str(line);
        *line = "".into();
        end += 1;
    }
    let place = |offset: usize| {
        let line = lines.partition_point(|(begin, _)| *begin <= offset);
        let (begin, source) = lines[line.saturating_sub(1)];
        boundary(body, source + (offset - begin))
    };
    let cleaned = cleaner.clean(&html, place)?;
    cleaner.end_block();
    if let Some((Event::Html(line), _)) = events.get_mut(start + 1) {
        *line = cleaned.into();
    }
    Ok(end.min(events.len() - 1))
}

/// The nearest character boundary of `body` that is not behind `at`.
fn boundary(body: &str, at: usize) -> usize {
    body.floor_char_boundary(at)
}

/// The part of `body` at `range` in which `wanted` stands literally, otherwise `range`.
pub(super) fn literal_range(body: &str, range: &Range<usize>, wanted: &str) -> Range<usize> {
    let found = body.get(range.clone()).and_then(|text| text.rfind(wanted));
    match found {
        Some(at) if !wanted.is_empty() => range.start + at..range.start + at + wanted.len(),
        _ => range.clone(),
    }
}

fn is_span(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}
