//! Writes iCalendar's content lines (RFC 5545, 3.1 and 3.3.11).

use crate::model::characters::is_unshowable;

/// Most octets of a line, without its end.
const LINE: usize = 75;

/// A calendar as it is written.
#[derive(Debug, Default)]
pub(super) struct Ical {
    text: String,
}

impl Ical {
    /// Writes a property, its parameters part of `name`, whose value is in the syntax of its type
    /// already.
    pub(super) fn line(&mut self, name: &str, value: &str) {
        let mut room = LINE;
        let characters = name.chars().chain([':']).chain(value.chars());
        for character in characters {
            let size = character.len_utf8();
            if size > room {
                // The space by which a line goes on counts too.
                self.text.push_str("\r\n ");
                room = LINE - 1;
            }
            room -= size;
            self.text.push(character);
        }
        self.text.push_str("\r\n");
    }

    /// Writes a property whose value is text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.line(name, &escaped(text));
    }

    /// Writes a property whose value is a list of texts; nothing for an empty one.
    pub(super) fn texts(&mut self, name: &str, texts: &[&str]) {
        let texts: Vec<String> = texts.iter().map(|text| escaped(text)).collect();
        if !texts.is_empty() {
            self.line(name, &texts.join(","));
        }
    }

    /// The whole text.
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.trim().replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => escaped.push_str("\\n"),
            c if is_unshowable(c) => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let mut ical = Ical::default();
        let title = "全民清洁日".repeat(30);
        ical.text("SUMMARY", &title);
        let text = ical.into_text();
        assert!(text.ends_with("\r\n"));
        let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
        assert!(lines.len() > 5);
        assert!(lines.iter().all(|line| line.len() <= LINE), "{lines:?}");
        assert!(lines[1..].iter().all(|line| line.starts_with(' ')));
        assert_eq!(text.replace("\r\n ", ""), format!("SUMMARY:{title}\r\n"));
    }

    #[test]
    fn a_line_that_just_fits_is_not_folded() {
        let mut ical = Ical::default();
        ical.line("X", &"a".repeat(LINE - 2));
        assert_eq!(ical.into_text().lines().count(), 1);
    }

    #[test]
    fn what_separates_is_escaped() {
        let mut ical = Ical::default();
        ical.text("DESCRIPTION", "一;二,三\\四\r\n五\n六\u{7}");
        ical.texts("CATEGORIES", &["甲,乙", "丙"]);
        ical.texts("RESOURCES", &[]);
        assert_eq!(
            ical.into_text(),
            "DESCRIPTION:一\\;二\\,三\\\\四\\n五\\n六\r\nCATEGORIES:甲\\,乙,丙\r\n"
        );
    }
}
