//! Text as HTML.
//!
//! Escapes exactly what the serialiser of html5ever escapes, so that a body looks the same whether
//! it went through [`super::sanitize`] or not.

use super::cjk::is_noncharacter;

/// Appends `text` as element content.
pub(super) fn push_text(out: &mut String, text: &str) {
    push(out, text, false);
}

/// Appends `value` as the content of a double-quoted attribute.
pub(super) fn push_value(out: &mut String, value: &str) {
    push(out, value, true);
}

/// Appends ` name="value"`.
pub(super) fn push_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    push_value(out, value);
    out.push('"');
}

fn push(out: &mut String, text: &str, quotes: bool) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Rare first bytes are told apart below; all others need no look at the character.
        if !matches!(
            byte,
            b'&' | b'<' | b'>' | b'"' | 0xC2 | 0xEF | 0x7F | 0..=0x1F
        ) {
            continue;
        }
        let Some(c) = text[at..].chars().next() else {
            continue;
        };
        let replacement = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' if quotes => "&quot;",
            '\u{A0}' => "&nbsp;",
            // HTML forbids controls; noncharacters would be taken for our own marks.
            '\t' | '\n' => continue,
            c if c.is_control() || is_noncharacter(c) => "",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(replacement);
        done = at + c.len_utf8();
    }
    out.push_str(&text[done..]);
}
