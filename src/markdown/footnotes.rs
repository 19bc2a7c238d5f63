//! Footnotes: numbered references, and the notes at the end of the body.

use std::collections::HashMap;

use super::escape;
use super::prepare::{footnote_id, footnote_key};

/// The footnotes of a body.
pub(super) struct Footnotes {
    numbers: HashMap<String, usize>,
    /// By number, from 1.
    notes: Vec<Note>,
    /// The note being written, and the HTML of the body put aside meanwhile.
    current: Option<(Option<usize>, String)>,
}

#[derive(Default, Clone)]
struct Note {
    html: String,
    written: bool,
    references: Vec<String>,
}

impl Footnotes {
    /// Footnotes with these numbers, by key.
    pub(super) fn new(numbers: HashMap<String, usize>) -> Self {
        let notes = vec![Note::default(); numbers.len()];
        Footnotes {
            numbers,
            notes,
            current: None,
        }
    }

    /// The number of the footnote called `label`; `None` when there is no such footnote.
    pub(super) fn number(&self, label: &str) -> Option<usize> {
        if self.numbers.is_empty() {
            return None;
        }
        self.numbers.get(&footnote_key(label)).copied()
    }

    /// Writes a reference whose own id is `id`.
    pub(super) fn push_reference(&mut self, out: &mut String, number: usize, id: String) {
        out.push_str(&format!(
            "<sup class=\"footnote-ref\"><a href=\"#{}\"",
            footnote_id(number)
        ));
        escape::push_attribute(out, "id", &id);
        out.push_str(&format!(" aria-label=\"脚注 {number}\">{number}</a></sup>"));
        if let Some(note) = self.notes.get_mut(number - 1) {
            note.references.push(id);
        }
    }

    /// From here on `out` receives the note called `label`.
    pub(super) fn begin(&mut self, label: &str, out: &mut String) {
        let number = self.number(label);
        self.current = Some((number, std::mem::take(out)));
    }

    /// Keeps the note in `out` and gives `out` back to the body; of two notes with one label the
    /// first counts.
    pub(super) fn finish(&mut self, out: &mut String) {
        let Some((number, body)) = self.current.take() else {
            return;
        };
        let html = std::mem::replace(out, body);
        let note = number.and_then(|number| self.notes.get_mut(number - 1));
        if let Some(note) = note.filter(|note| !note.written) {
            note.html = html;
            note.written = true;
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
            out.push_str(&format!("<li id=\"{}\">\n", footnote_id(index + 1)));
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
            out.push_str(" <a");
            escape::push_attribute(out, "href", &format!("#{id}"));
            escape::push_attribute(out, "class", "footnote-back");
            escape::push_attribute(out, "aria-label", &label);
            out.push_str(">↩\u{FE0E}</a>");
        }
        out.push_str(if opens { PARAGRAPH_END } else { end });
    }
}
