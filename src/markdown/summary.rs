//! The automatic summary of a body.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::events::{Located, end_of};
use super::plain::Plain;

/// Longest summary, in characters.
const MAX_CHARS: usize = 120;

/// The text of the first paragraphs, cut at the end of a sentence.
///
/// Headings, code blocks, tables, images, footnotes and raw HTML are skipped; the text of lists is
/// used when there is no paragraph.
pub(super) fn summary(events: &[Located<'_>]) -> String {
    let text = gather(events, true);
    let text = if text.is_empty() {
        gather(events, false)
    } else {
        text
    };
    cut(&text)
}

fn gather(events: &[Located<'_>], paragraphs_only: bool) -> String {
    let mut plain = Plain::default();
    let mut paragraphs = 0_usize;
    let mut at = 0;
    // Four bytes hold any character, so this much text is always more than enough.
    while at < events.len() && plain.text.len() <= 4 * (MAX_CHARS + 1) {
        match &events[at].0 {
            Event::Start(
                Tag::Heading { .. }
                | Tag::CodeBlock(_)
                | Tag::Table(_)
                | Tag::Image { .. }
                | Tag::FootnoteDefinition(_)
                | Tag::HtmlBlock,
            ) => at = end_of(events, at),
            Event::Start(Tag::Paragraph) => {
                end_phrase(&mut plain);
                paragraphs += 1;
            }
            Event::End(TagEnd::Paragraph) => paragraphs -= 1,
            Event::Start(Tag::Item | Tag::DefinitionListTitle | Tag::DefinitionListDefinition) => {
                end_phrase(&mut plain);
            }
            Event::SoftBreak | Event::HardBreak => plain.line_break(),
            Event::Text(text) | Event::Code(text) if paragraphs > 0 || !paragraphs_only => {
                plain.push(text);
            }
            _ => {}
        }
        at += 1;
    }
    let words: Vec<&str> = plain
        .text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// Sets what follows apart from a text that ends without punctuation.
fn end_phrase(plain: &mut Plain) {
    if plain.text.ends_with(|c: char| c.is_alphanumeric()) {
        plain.text.push(' ');
    }
}

fn cut(text: &str) -> String {
    let Some((limit, _)) = text.char_indices().nth(MAX_CHARS) else {
        return text.to_owned();
    };
    match last_sentence_end(text, limit) {
        Some(end) => text[..end].to_owned(),
        None => {
            let last = text[..limit].char_indices().next_back();
            let kept = last.map_or("", |(at, _)| &text[..at]);
            format!("{}…", kept.trim_end())
        }
    }
}

/// The end of the last whole sentence in the first `limit` bytes, closing quotes included.
fn last_sentence_end(text: &str, limit: usize) -> Option<usize> {
    let mut end = None;
    let mut chars = text[..limit].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = text[at + c.len_utf8()..].chars().next();
        let closes = match c {
            '。' | '！' | '？' | '；' => true,
            '.' | '!' | '?' => next.is_none_or(|next| next.is_whitespace()),
            _ => false,
        };
        if !closes {
            continue;
        }
        let mut after = at + c.len_utf8();
        while let Some((at, c)) = chars.next_if(|(_, c)| "”’」』）》】。！？".contains(*c))
        {
            after = at + c.len_utf8();
        }
        end = Some(after);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_kept_whole() {
        assert_eq!(cut("短短一句"), "短短一句");
    }

    #[test]
    fn a_long_text_ends_with_a_sentence() {
        let text = format!("第一句。他说：“好。”{}", "长".repeat(200));
        assert_eq!(cut(&text), "第一句。他说：“好。”");
    }

    #[test]
    fn without_a_sentence_end_the_cut_is_marked_and_within_the_limit() {
        let text = format!("费用3.5元{}", "长".repeat(200));
        let summary = cut(&text);
        assert_eq!(summary.chars().count(), MAX_CHARS);
        assert!(summary.ends_with("长…"));
    }
}
