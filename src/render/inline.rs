//! UI strings that stand in templates before these are compiled.
//!
//! A page asks for dozens of strings, nearly all by a key that is written there; asking the engine each time
//! took a tenth of rendering.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// What begins and what ends a call that inserts the string of a written key.
const CALL: (&str, &str) = ("{{ t(key=\"", "\") }}");

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
    for (start, _) in template.match_indices(CALL.0) {
        let key = start + CALL.0.len();
        let Some(length) = template[key..].find('"') else {
            break;
        };
        let end = key + length;
        let string = strings.get(&template[key..end]);
        if let Some(string) = string.filter(|string| is_plain(string))
            && template[end..].starts_with(CALL.1)
            && !is_inside(&template[..start])
        {
            text.push_str(&template[done..start]);
            text.push_str(string);
            done = end + CALL.1.len();
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
    !string.is_empty() && string.trim() == string && !string.contains(is_special)
}

/// Whether what follows this beginning of a template is inside of an expression, such as in a text there.
fn is_inside(before: &str) -> bool {
    let mut pairs = before.as_bytes().windows(2).rev();
    let nearest = pairs.find(|pair| matches!(*pair, b"{{" | b"{%" | b"}}" | b"%}"));
    nearest.is_some_and(|pair| pair[0] == b'{')
}

#[cfg(test)]
mod tests {
    fn inlined(template: &str) -> String {
        let strings = [
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
            r#"{% raw %}{{ t(key="more") }}{% endraw %}"#,
            r#"{{ t(key="more"#,
        ] {
            assert_eq!(inlined(template), template);
        }
    }
}
