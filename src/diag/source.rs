//! Source files and places in them.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The path of an input file below the site's root, with `/` between its segments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    /// Takes a path that already uses `/`.
    pub fn new(path: impl AsRef<str>) -> Self {
        SourcePath(Arc::from(path.as_ref()))
    }

    /// The path as text, `content/reports/2021/a.md`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder, without a trailing `/`; empty for a file at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last segment.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// What follows the last `.` of the name, in lower case; empty where there is none.
    pub fn extension(&self) -> String {
        self.name()
            .rsplit_once('.')
            .map_or_else(String::new, |(_, ext)| ext.to_ascii_lowercase())
    }
}

impl Serialize for SourcePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SourcePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(SourcePath::new)
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A place in a text: line and column, both counted from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// A stretch of a source file, with the line it starts on.
///
/// The line travels with the span so that a diagnostic can be shown without its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The file.
    pub file: SourcePath,
    /// Where the stretch starts.
    pub start: Position,
    /// Where it ends; on the same line as the start.
    pub end: Position,
    /// The line it starts on, without its line end; cut to a window around the stretch when very
    /// long.
    pub excerpt: String,
    /// The stretch as a byte range of `excerpt`.
    pub marked: Range<usize>,
}

impl Span {
    /// The same place in a line of which only its key is shown.
    pub(super) fn without_value(mut self) -> Self {
        let start = self.excerpt.len() - self.excerpt.trim_start_matches([' ', '-']).len();
        let rest = &self.excerpt[start..];
        let is_name = |key: &str| key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let key = rest.split_once(": ").map(|(key, _)| key);
        let shown = start
            + key
                .filter(|key| is_name(key))
                .map_or(0, |key| key.len() + 2);
        self.excerpt.truncate(shown);
        self.excerpt.push('…');
        if self.marked.start >= shown {
            self.marked = shown..self.excerpt.len();
        }
        self.marked.end = self.marked.end.min(self.excerpt.len());
        self
    }

    /// A file as a whole, for problems that concern no line of it.
    pub fn file(file: SourcePath) -> Self {
        let start = Position { line: 1, column: 1 };
        Span {
            file,
            start,
            end: start,
            excerpt: String::new(),
            marked: 0..0,
        }
    }
}

/// The decoded text of an input file.
#[derive(Debug, Clone)]
pub struct SourceText {
    /// The file it came from.
    pub path: SourcePath,
    /// The text: UTF-8, without byte order mark, line ends as written.
    pub text: Arc<str>,
}

/// Longest excerpt kept, in bytes on either side of the marked stretch.
const EXCERPT_CONTEXT: usize = 160;

impl SourceText {
    /// The text of `path`.
    pub fn new(path: SourcePath, text: impl Into<Arc<str>>) -> Self {
        SourceText {
            path,
            text: text.into(),
        }
    }

    /// The place of a byte range of the text.
    ///
    /// A range that runs over several lines is cut at the end of its first line; one that lies
    /// outside the text or inside a character is moved to the nearest valid place.
    pub fn span(&self, range: Range<usize>) -> Span {
        let text = &*self.text;
        let start = floor_boundary(text, range.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[line_start..line_end].trim_end_matches('\r');
        let line_end = line_start + line.len();
        let start = start.min(line_end);
        let end = floor_boundary(text, range.end).clamp(start, line_end);
        let from = floor_boundary(text, start.saturating_sub(EXCERPT_CONTEXT).max(line_start));
        let to = floor_boundary(text, (end + EXCERPT_CONTEXT).min(line_end)).max(end);
        let line_number = text[..line_start].matches('\n').count() as u32 + 1;
        let column = |at: usize| text[line_start..at].chars().count() as u32 + 1;
        Span {
            file: self.path.clone(),
            start: Position {
                line: line_number,
                column: column(start),
            },
            end: Position {
                line: line_number,
                column: column(end),
            },
            excerpt: text[from..to].to_owned(),
            marked: start - from..end - from,
        }
    }

    /// The byte offset of a line and column, both counted from 1, the column in characters.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let line_start = self
            .text
            .split_inclusive('\n')
            .take(line.saturating_sub(1))
            .map(str::len)
            .sum::<usize>();
        let rest = &self.text[line_start..];
        let in_line = rest.find('\n').map_or(rest, |at| &rest[..at]);
        line_start
            + in_line
                .char_indices()
                .nth(column.saturating_sub(1))
                .map_or(in_line.len(), |(at, _)| at)
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> SourceText {
        SourceText::new(SourcePath::new("a.md"), text)
    }

    #[test]
    fn columns_count_characters_and_excerpts_drop_the_line_end() {
        let text = source("一\r\n组织: 妇联\r\n");
        let at = text.text.find("妇联").unwrap();
        let span = text.span(at..at + "妇联".len());
        assert_eq!(span.start, Position { line: 2, column: 5 });
        assert_eq!(span.end, Position { line: 2, column: 7 });
        assert_eq!(span.excerpt, "组织: 妇联");
        assert_eq!(&span.excerpt[span.marked.clone()], "妇联");
        assert_eq!(text.offset(2, 5), at);
    }

    #[test]
    fn a_range_past_the_end_or_inside_a_character_is_moved_not_a_panic() {
        let text = source("一二");
        assert_eq!(text.span(1..400).excerpt, "一二");
        assert_eq!(text.span(900..901).start.column, 3);
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_marked_stretch() {
        let text = source(&"长".repeat(5_000));
        let span = text.span(6_000..6_003);
        assert!(span.excerpt.len() < 400);
        assert_eq!(&span.excerpt[span.marked.clone()], "长");
        assert_eq!(span.start.column, 2_001);
    }
}
