//! Chinese text beside Markdown delimiters and line breaks.
//!
//! CommonMark reads `**中文。**后面` literally: after punctuation a run may close emphasis only
//! before a space or more punctuation, and Chinese writes neither. [`Shimmed`] marks the runs that
//! the CJK-friendly amendment (<https://github.com/tats-u/markdown-cjk-friendly>) decides
//! differently, by a noncharacter that the parser takes for a letter. To be replaced by the option
//! of pulldown-cmark 0.14 (pull request 1059) when that is released.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr3, memmem};
use pulldown_cmark::CowStr;
use unicode_normalization::char::is_combining_mark;

use crate::model::characters::is_unshowable;

/// The inserted noncharacter; where the input has one it becomes U+FFFD, of the same length.
const SHIM: char = '\u{FDD0}';

/// A body with the shim in it, and the way back to the body's own offsets.
pub(super) struct Shimmed<'a> {
    /// What the parser reads.
    pub(super) text: Cow<'a, str>,
    /// Where in `text` the shims stand, in order.
    inserted: Vec<usize>,
}

impl<'a> Shimmed<'a> {
    /// Inserts the shim where `body` needs it.
    pub(super) fn new(body: &'a str) -> Self {
        let body = showable(body);
        let points = insertion_points(&body);
        if points.is_empty() {
            return Shimmed {
                text: body,
                inserted: points,
            };
        }
        let mut text = String::with_capacity(body.len() + points.len() * SHIM.len_utf8());
        let mut inserted = Vec::with_capacity(points.len());
        let mut done = 0;
        for point in points {
            text.push_str(&body[done..point]);
            inserted.push(text.len());
            text.push(SHIM);
            done = point;
        }
        text.push_str(&body[done..]);
        Shimmed {
            text: text.into(),
            inserted,
        }
    }

    /// A string of an event without the shim, and without what cannot be shown: a character
    /// reference such as `&#xFDD1;` can stand for anything.
    pub(super) fn strip<'e>(&self, string: CowStr<'e>) -> CowStr<'e> {
        let is_plain = matches!(string, CowStr::Borrowed(_));
        if (is_plain && self.inserted.is_empty()) || !string.contains(is_unshowable) {
            return string;
        }
        string.replace(is_unshowable, "").into()
    }

    /// The range of the body that `range` of the text stands for.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        self.original_offset(range.start)..self.original_offset(range.end)
    }

    fn original_offset(&self, at: usize) -> usize {
        at - SHIM.len_utf8() * self.inserted.partition_point(|&shim| shim < at)
    }
}

/// The first two of the three bytes, in UTF-8, of the noncharacters that serve as marks.
const MARK: &[u8] = b"\xEF\xB7";

/// The places of what may be a mark: marks, and some Arabic letters.
pub(super) fn possible_marks(text: &str) -> impl Iterator<Item = usize> {
    memmem::find_iter(text.as_bytes(), MARK)
}

/// The body with every character that cannot be shown replaced by as many bytes, so that no text
/// is taken for a mark.
fn showable(body: &str) -> Cow<'_, str> {
    let is_suspect = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    let suspect = body.bytes().any(|byte| is_suspect(byte) || byte == 0x7F)
        || [MARK, b"\xEF\xBF", b"\xC2"]
            .iter()
            .any(|bytes| memmem::find(body.as_bytes(), bytes).is_some());
    if !suspect || !body.contains(is_unshowable) {
        return body.into();
    }
    let replaced = body.chars().map(|c| match c.len_utf8() {
        _ if !is_unshowable(c) => String::from(c),
        3 => String::from('\u{FFFD}'),
        length => " ".repeat(length),
    });
    replaced.collect::<String>().into()
}

fn insertion_points(body: &str) -> Vec<usize> {
    let bytes = body.as_bytes();
    let mut points = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr3(b'*', b'~', b'\\', &bytes[at..]) {
        let start = at + found;
        let byte = bytes[start];
        if byte == b'\\' {
            let escapes = bytes.get(start + 1).is_some_and(u8::is_ascii_punctuation);
            at = start + 1 + usize::from(escapes);
            continue;
        }
        let length = bytes[start..].iter().take_while(|&&b| b == byte).count();
        at = start + length;
        if byte == b'*' || length == 2 {
            let (before, after) = shims_around(&body[..start], &body[at..]);
            points.extend(before.then_some(start));
            points.extend(after.then_some(at));
        }
    }
    points
}

/// Whether a delimiter run between `before` and `after` needs a shim on either side.
fn shims_around(before: &str, after: &str) -> (bool, bool) {
    let mut backwards = before.chars().rev();
    let p = backwards.next().unwrap_or('\n');
    let n = after.chars().next().unwrap_or('\n');
    let (p_cjk, n_cjk) = (ends_in_cjk(p, backwards.next()), is_cjk(n));
    let (p_space, n_space) = (p.is_whitespace(), n.is_whitespace());
    if !(p_cjk || n_cjk) || (p_space && n_space) {
        return (false, false);
    }
    let (p_mark, n_mark) = (is_punctuation(p), is_punctuation(n));
    let plain_open = !n_space && (!n_mark || p_space || p_mark);
    let plain_close = !p_space && (!p_mark || n_space || n_mark);
    let open = !n_space && (!n_mark || n_cjk || p_space || p_mark || p_cjk);
    let close = !p_space && (!p_mark || p_cjk || n_space || n_mark || n_cjk);
    if (open, close) == (plain_open, plain_close) {
        (false, false)
    } else {
        (close, open)
    }
}

/// Whether text ending in `last`, before it `previous`, ends in a CJK character or a variant of one.
fn ends_in_cjk(last: char, previous: Option<char>) -> bool {
    match last {
        '\u{FE01}' if matches!(previous, Some('“' | '”' | '‘' | '’')) => true,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => previous.is_some_and(is_cjk),
        _ => is_cjk(last),
    }
}

/// Han, kana, Hangul and the punctuation and full-width forms that belong to them.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11FF}'
        | '\u{2E80}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{A4CF}'
        | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE10}'..='\u{FE1F}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FFEF}'
        | '\u{16FE0}'..='\u{18DFF}'
        | '\u{1AFF0}'..='\u{1B16F}'
        | '\u{1F200}'..='\u{1F2FF}'
        | '\u{20000}'..='\u{3FFFD}')
}

/// Whether a line break between `before` and `after` is only a matter of the source.
///
/// Chinese writes no space between words, so a browser must not show one for the line break.
/// Hangul does; the quotes, dashes and dots that Chinese shares with other scripts count as Chinese.
pub(super) fn joins(before: char, after: char) -> bool {
    is_spaceless(before) && is_spaceless(after)
}

fn is_spaceless(c: char) -> bool {
    let hangul = matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{A960}'..='\u{A97F}'
            | '\u{AC00}'..='\u{D7FF}' | '\u{FFA0}'..='\u{FFDC}');
    (is_cjk(c) && !hangul) || matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// CommonMark's "Unicode punctuation character": general category P or S.
///
/// What is neither letter, number, mark, space, control nor format character; exact for assigned
/// characters apart from a few enclosed letters.
fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    let format = matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}');
    !(c.is_alphanumeric() || c.is_whitespace() || c.is_control() || is_combining_mark(c) || format)
}
