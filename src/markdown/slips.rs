//! Markdown that Chinese input methods spoil: it stays text, and nobody notices.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::events::{Located, LocatedProblem};
use crate::diag::{Code, Problem, Text, text};

/// Endings of the images that somebody means by `！[…](photo.jpg)`.
const IMAGES: [&str; 5] = [".jpg", ".jpeg", ".png", ".gif", ".webp"];

/// Warns of links and images in full-width brackets, of images after a full-width `！`, and of
/// headings without a space behind `##`.
///
/// Only what can hardly be meant as text is told: `[1]（见下）` and `#话题#` are fine.
pub(super) fn find(events: &[Located<'_>], body: &str) -> Vec<LocatedProblem> {
    let mut problems = Vec::new();
    let mut in_code = false;
    for (at, (event, range)) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) if !in_code && text.contains("]（") => {
                problems.extend(wide_brackets(body, range));
            }
            Event::Start(Tag::Link { dest_url, .. }) if is_image(dest_url) => {
                let before = at.checked_sub(1).map(|before| &events[before].0);
                let is_after_mark =
                    matches!(before, Some(Event::Text(text)) if text.ends_with('！'));
                let start = range.start.saturating_sub('！'.len_utf8());
                if is_after_mark && body.get(start..range.start) == Some("！") {
                    problems.push((start..range.start, wide_mark()));
                }
            }
            Event::Start(Tag::Paragraph) => problems.extend(tight_headings(body, range)),
            _ => {}
        }
    }
    problems
}

fn is_image(target: &str) -> bool {
    let target = target.to_ascii_lowercase();
    IMAGES.iter().any(|ending| target.ends_with(ending))
}

fn warning(message: Text, hint: Text) -> Problem {
    Problem::warning(Code::FullWidth, message).hint(hint)
}

fn wide_mark() -> Problem {
    warning(
        text!(
            "图片前面是全角感叹号 `！`，图片成了链接",
            "a full-width `！` stands before the image, which is therefore a link"
        ),
        text!(
            "改成半角：`![说明](照片.jpg)`",
            "write an ASCII one: `![words](photo.jpg)`"
        ),
    )
}

/// The first address in full-width brackets of a text.
fn wide_brackets(body: &str, range: &Range<usize>) -> Option<LocatedProblem> {
    let text = body.get(range.clone())?;
    let start = text.find("]（")? + "]".len();
    let inside = &text[start + '（'.len_utf8()..];
    let inside = &inside[..inside.find(['）', ')'])?];
    let name_end = inside.rsplit_once('.').map_or("", |(_, end)| end);
    let is_file = (2..=5).contains(&name_end.len())
        && name_end.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_address = inside.starts_with("http") || is_file;
    if !is_address || inside.contains(char::is_whitespace) {
        return None;
    }
    let place = range.start + start..range.start + start + '（'.len_utf8() + inside.len();
    let problem = warning(
        text!(
            "链接的圆括号是全角的，没有成为链接",
            "the brackets of the link are full-width, so that it is none"
        ),
        text!("改成半角：`]({inside})`", "write ASCII ones: `]({inside})`"),
    );
    Some((place, problem))
}

/// The lines of a paragraph that were meant to be headings.
fn tight_headings(body: &str, range: &Range<usize>) -> Vec<LocatedProblem> {
    let mut problems = Vec::new();
    let mut start = range.start;
    let paragraph = body.get(range.clone()).unwrap_or_default();
    for line in paragraph.split_inclusive('\n') {
        problems.extend(tight_heading(line.trim_end(), start));
        start += line.len();
    }
    problems
}

/// A line, which begins at `start`, that was meant to be a heading.
fn tight_heading(line: &str, start: usize) -> Option<LocatedProblem> {
    let words = line.trim_start_matches(['#', '＃']);
    let marks = line[..line.len() - words.len()].chars().count();
    let is_wide = line.starts_with('＃');
    if !(is_wide || marks >= 2) || marks > 6 || words.trim().is_empty() {
        return None;
    }
    let (hashes, words) = ("#".repeat(marks), words.trim());
    let short: String = words.chars().take(20).collect();
    let problem = warning(
        text!(
            "这一行没有成为小标题：`#` 要用半角，后面空一格",
            "this line is no heading: `#` must be ASCII, with a space behind it"
        ),
        text!("写作 `{hashes} {short}`", "write `{hashes} {short}`"),
    );
    Some((start..start + line.len(), problem))
}
