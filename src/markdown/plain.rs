//! The text of events without markup.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::cjk::joins;
use super::events::Located;

/// Text that grows piece by piece, with a space for a line break only where words need one.
#[derive(Default)]
pub(super) struct Plain {
    /// What has been gathered.
    pub(super) text: String,
    broken: bool,
}

impl Plain {
    /// Adds a piece.
    pub(super) fn push(&mut self, piece: &str) {
        let (Some(before), Some(after)) = (self.text.chars().next_back(), piece.chars().next())
        else {
            self.text.push_str(piece);
            return;
        };
        if std::mem::take(&mut self.broken)
            && !(joins(before, after) || before.is_whitespace() || after.is_whitespace())
        {
            self.text.push(' ');
        }
        self.text.push_str(piece);
    }

    /// Notes a line break before the next piece.
    pub(super) fn line_break(&mut self) {
        self.broken = true;
    }
}

/// The text of inline events, that of images included.
pub(super) fn plain_text(events: &[Located<'_>]) -> String {
    let mut plain = Plain::default();
    for (event, _) in events {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push(text),
            Event::SoftBreak | Event::HardBreak => plain.line_break(),
            _ => {}
        }
    }
    plain.text.trim().to_owned()
}

/// The first character of text in inline events that belong to one block.
pub(super) fn first_char(events: &[Located<'_>]) -> Option<char> {
    for (event, _) in events {
        match event {
            Event::Text(text) | Event::Code(text) => return text.chars().next(),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link,
            )
            | Event::InlineHtml(_) => {}
            _ => return None,
        }
    }
    None
}
