//! Text as HTML.
//!
//! Escapes exactly what the serialiser of html5ever escapes, so that a body looks the same whether
//! it went through [`super::sanitize`] or not.

use crate::model::characters::is_noncharacter;

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

/// The first bytes of characters that may have to be replaced.
const LOOKED_AT: [bool; 256] = {
    let mut looked_at = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        looked_at[byte] = true;
        byte += 1;
    }
    looked_at[b'&' as usize] = true;
    looked_at[b'<' as usize] = true;
    looked_at[b'>' as usize] = true;
    looked_at[b'"' as usize] = true;
    looked_at[0x7F] = true;
    looked_at[0xC2] = true;
    looked_at[0xEF] = true;
    looked_at
};

fn push(out: &mut String, text: &str, quotes: bool) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !LOOKED_AT[usize::from(byte)] {
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
