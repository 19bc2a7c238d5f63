//! UI strings that stand in templates before these are compiled.
//!
//! A page asks for dozens of strings, nearly all by a key that is written there; asking the engine each time
//! took a tenth of rendering.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// What begins and what ends a call that inserts the string of a written key.
const CALL: (&str, &str) = ("{{ t(key=\"", "\") }}");

/// Longest string, in bytes, that is put in: a template must not grow without bounds.
const LONGEST: usize = 256;

/// A template (its text) in which such calls are the `strings` themselves, as far as nothing can tell: not
/// those that the engine would escape or read as its own, nor empty ones or such as begin or end with white
/// space, which `-%}` would take away.
pub(super) fn inlined<'t>(template: &'t str, strings: &BTreeMap<String, String>) -> Cow<'t, str> {
    // In `{% raw %}` nothing is a call.
    if template.contains("raw") {
        return Cow::Borrowed(template);
    }
    let mut text = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(tag) = next_tag(template, at) {
        at = tag.end;
        let inside = template[tag.clone()].strip_prefix(CALL.0);
        let key = inside.and_then(|inside| inside.strip_suffix(CALL.1));
        let string = key.and_then(|key| strings.get(key));
        if let Some(string) = string.filter(|string| is_plain(string)) {
            text.push_str(&template[done..tag.start]);
            text.push_str(string);
            done = tag.end;
        }
    }
    if done == 0 {
        return Cow::Borrowed(template);
    }
    text.push_str(&template[done..]);
    Cow::Owned(text)
}

/// Whether a string is the same as text of a template.
fn is_plain(string: &str) -> bool {
    let is_special =
        |character: char| matches!(character, '&' | '<' | '>' | '"' | '\'' | '/' | '{' | '}');
    let is_short = !string.is_empty() && string.len() <= LONGEST;
    is_short && string.trim() == string && !string.contains(is_special)
}

/// The next expression, statement or comment from `from` on, with its delimiters; `None` where there is none
/// that ends.
fn next_tag(template: &str, from: usize) -> Option<Range<usize>> {
    let bytes = template.as_bytes();
    let opens = |pair: &[u8]| pair[0] == b'{' && matches!(pair[1], b'{' | b'%' | b'#');
    let start = from + bytes[from..].windows(2).position(opens)?;
    let (end, has_texts) = match bytes[start + 1] {
        b'{' => (b"}}", true),
        b'%' => (b"%}", true),
        _ => (b"#}", false),
    };
    let mut quote = None;
    let mut at = start + 2;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, byte @ (b'"' | b'\'' | b'`')) if has_texts => quote = Some(byte),
            (None, _) if bytes[at..].starts_with(end) => return Some(start..at + 2),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    fn inlined(template: &str) -> String {
        let long = "长".repeat(100);
        let strings = [
            ("long", long.as_str()),
            ("more", "更多"),
            ("and", "党建&群团"),
            ("code", "{{ x }}"),
            ("gap", " 间 "),
            ("none", ""),
        ];
        let strings = strings.map(|(key, text)| (key.to_owned(), text.to_owned()));
        super::inlined(template, &strings.into()).into_owned()
    }

    #[test]
    fn a_written_key_becomes_its_string() {
        assert_eq!(
            inlined(
                r#"<b title="{{ t(key="more") }}">{{ t(key="more") }}</b>{{ x }}{{ t(key="more") }}"#
            ),
            r#"<b title="更多">更多</b>{{ x }}更多"#
        );
    }

    #[test]
    fn what_would_come_out_differently_stays_a_call() {
        for template in [
            r#"{{ t(key="and") }}"#,
            r#"{{ t(key="code") }}"#,
            r#"{%- if x -%}{{ t(key="gap") }}{% endif %}"#,
            r#"{% if x -%}{{ t(key="none") }} y{% endif %}"#,
            r#"{{ t(key="unknown") }}"#,
            r#"{{ t(key="more") | upper }}"#,
            r#"{{ t(key="by." ~ kind) }}"#,
            r#"{{ x | default(value='{{ t(key="more") }}') }}"#,
            r#"{% if x == '}} {{ t(key="more") }}' %}{% endif %}"#,
            r#"{% if x == "\"}} {{ t(key=\"more\") }}" %}{% endif %}"#,
            r#"{% if x == '\'}} {{ t(key="more") }}' %}{% endif %}"#,
            r#"{{{ t(key="more") }}"#,
            r#"{# {{ t(key="more") }} #}"#,
            r#"{{ t(key="long") }}"#,
            r#"{% raw %}{{ t(key="more") }}{% endraw %}"#,
            r#"{{ t(key="more"#,
        ] {
            assert_eq!(inlined(template), template);
        }
    }
}
