//! The text of a body block by block, for search.
//!
//! Input: the HTML of an [`Outline`](super::Outline). Output: the text of each block, as a browser has it in
//! `textContent`, without what stands in attributes.

use super::holes::Fragment;

/// The elements that do not part a text; all others begin and end a block.
const INLINE: [&str; 27] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
];

/// Calls `block` with the text of every block of HTML that is not empty, and whether it is a heading.
pub(super) fn blocks(fragment: &Fragment, block: &mut dyn FnMut(&str, bool)) {
    let mut text = String::new();
    let mut is_heading = false;
    for piece in fragment.pieces() {
        let mut rest = piece;
        while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
            push_text(&mut text, &rest[..at]);
            let tag = &rest[at + 1..];
            let end = end_of_tag(tag);
            let name = tag.trim_start_matches('/');
            let length = name.bytes().position(|byte| !byte.is_ascii_alphanumeric());
            let name = &name[..length.unwrap_or(name.len())];
            if name == "br" {
                text.push(' ');
            } else if !INLINE.contains(&name) {
                finish(&mut text, is_heading, block);
                is_heading = !tag.starts_with('/') && is_heading_tag(name);
            }
            rest = &tag[end..];
        }
        push_text(&mut text, rest);
    }
    finish(&mut text, is_heading, block);
}

fn is_heading_tag(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}

fn finish(text: &mut String, is_heading: bool, block: &mut dyn FnMut(&str, bool)) {
    if !text.trim().is_empty() {
        block(text, is_heading);
    }
    text.clear();
}

/// Where what follows a tag begins.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map_or(tag.len(), |end| end + 1)
}

/// Appends text of HTML, in which a few characters are written as entities.
fn push_text(text: &mut String, mut html: &str) {
    while let Some(at) = memchr::memchr(b'&', html.as_bytes()) {
        text.push_str(&html[..at]);
        html = &html[at..];
        let known = html.split_once(';').and_then(|(name, after)| {
            let meant = entity(&name[1..])?;
            Some((meant, after))
        });
        let (meant, after) = known.unwrap_or(('&', &html[1..]));
        text.push(meant);
        html = after;
    }
    text.push_str(html);
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}
