//! Footnotes: numbered references, and the notes at the end of the body.

use std::collections::{BTreeSet, HashMap};

use pulldown_cmark::{Event, Tag};

use super::escape;
use super::events::Located;
use crate::diag::{Code, Problem, text};

/// The footnotes of a body.
pub(super) struct Footnotes {
    numbers: HashMap<String, usize>,
    /// By number, from 1.
    notes: Vec<Note>,
    /// The notes being written, and the HTML put aside meanwhile; more than one when nested.
    current: Vec<(Option<usize>, String)>,
}

#[derive(Default, Clone)]
struct Note {
    html: String,
    references: Vec<String>,
}

impl Footnotes {
    /// Footnotes with these numbers, by key.
    pub(super) fn new(numbers: HashMap<String, usize>) -> Self {
        let notes = vec![Note::default(); numbers.len()];
        Footnotes {
            numbers,
            notes,
            current: Vec::new(),
        }
    }

    /// The number of the footnote called `label`; `None` when there is no such footnote.
    pub(super) fn number(&self, label: &str) -> Option<usize> {
        if self.numbers.is_empty() {
            return None;
        }
        self.numbers.get(&key(label)).copied()
    }

    /// Writes a reference whose own id is `own_id`.
    pub(super) fn push_reference(&mut self, out: &mut String, number: usize, own_id: String) {
        out.push_str(&format!(
            "<sup class=\"footnote-ref\"><a href=\"#{}\"",
            id(number)
        ));
        escape::push_attribute(out, "id", &own_id);
        out.push_str(&format!(" aria-label=\"脚注 {number}\">{number}</a></sup>"));
        if let Some(note) = self.notes.get_mut(number - 1) {
            note.references.push(own_id);
        }
    }

    /// From here on `out` receives the note called `label`.
    pub(super) fn begin(&mut self, label: &str, out: &mut String) {
        let number = self.number(label);
        self.current.push((number, std::mem::take(out)));
    }

    /// Keeps the note in `out` and gives `out` back to the body.
    pub(super) fn finish(&mut self, out: &mut String) {
        let Some((number, body)) = self.current.pop() else {
            return;
        };
        let html = std::mem::replace(out, body);
        if let Some(note) = number.and_then(|number| self.notes.get_mut(number - 1)) {
            // A second note with the same label has been reported; its text is not lost.
            note.html.push_str(&html);
        }
    }

    /// Appends the section with all notes, if there are any.
    pub(super) fn push_section(self, out: &mut String) {
        if self.notes.is_empty() {
            return;
        }
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str("<section class=\"footnotes\" aria-label=\"脚注\">\n<ol>\n");
        for (index, note) in self.notes.iter().enumerate() {
            out.push_str(&format!("<li id=\"{}\">\n", id(index + 1)));
            note.push_with_back_links(out);
            out.push_str("</li>\n");
        }
        out.push_str("</ol>\n</section>\n");
    }
}

impl Note {
    /// The note with its back-links at the end of its last paragraph.
    fn push_with_back_links(&self, out: &mut String) {
        const PARAGRAPH_END: &str = "</p>\n";
        let (text, end) = match self.html.strip_suffix(PARAGRAPH_END) {
            Some(text) => (text, PARAGRAPH_END),
            None => (self.html.as_str(), ""),
        };
        out.push_str(text);
        let opens = end.is_empty() && !self.references.is_empty();
        if opens {
            out.push_str("<p>");
        }
        for (index, id) in self.references.iter().enumerate() {
            let label = match index {
                0 => "返回正文".to_owned(),
                _ => format!("返回正文（第 {} 处）", index + 1),
            };
            out.push_str(if opens && index == 0 { "<a" } else { " <a" });
            escape::push_attribute(out, "href", &format!("#{id}"));
            escape::push_attribute(out, "class", "footnote-back");
            escape::push_attribute(out, "aria-label", &label);
            out.push_str(">↩\u{FE0E}</a>");
        }
        out.push_str(if opens { PARAGRAPH_END } else { end });
    }
}

/// What a footnote's label is compared by.
pub(super) fn key(label: &str) -> String {
    label
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// The id of the footnote with a number.
pub(super) fn id(number: usize) -> String {
    format!("fn-{number}")
}

/// Numbers footnotes in the order of their first references, those without one last.
pub(super) fn number(events: &[Located<'_>]) -> HashMap<String, usize> {
    let defined: Vec<String> = events
        .iter()
        .filter_map(|(event, _)| match event {
            Event::Start(Tag::FootnoteDefinition(label)) => Some(key(label)),
            _ => None,
        })
        .collect();
    let known: BTreeSet<String> = defined.iter().cloned().collect();
    let referenced = events.iter().filter_map(|(event, _)| match event {
        Event::FootnoteReference(label) => Some(key(label)).filter(|key| known.contains(key)),
        _ => None,
    });
    let mut numbers = HashMap::with_capacity(known.len());
    for key in referenced.chain(defined) {
        let next = numbers.len() + 1;
        numbers.entry(key).or_insert(next);
    }
    numbers
}

/// The warning about a footnote whose label is taken.
pub(super) fn repeated(label: &str) -> Problem {
    let message = text!(
        "脚注 `{label}` 写了不止一次",
        "the footnote `{label}` is written more than once"
    );
    let hint = text!(
        "合为一条，或换一个名称",
        "make them one, or choose another label"
    );
    Problem::warning(Code::DuplicateValue, message).hint(hint)
}
