//! The words of the interface: which keys the templates ask for, and which of them there are.
//!
//! Input: the templates' texts and the keys of `i18n/zh-CN.yaml`. Output: what is missing, each at its
//! place. Only keys written out, `t(key="nav.main")`, can be looked up without rendering; of `t(key="field." ~
//! key)` the beginning is known, and that is looked up.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Template;
use crate::diag::{Code, Diagnostic, Known, Problem, SourceText, text};

/// What a template asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked<'t> {
    /// This key.
    Key(&'t str),
    /// A key that begins so; empty when nothing is known of it.
    Beginning(&'t str),
}

/// What is known of the templates' calls of `t`.
#[derive(Default)]
pub(super) struct Words {
    /// Keys that are asked for and not there.
    pub(super) missing: BTreeSet<String>,
    /// What there is to say.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Looks up what `templates` ask for among `strings`, which were read from `file`.
pub(super) fn check(
    templates: &[Template],
    strings: &BTreeMap<String, String>,
    file: Option<&SourceText>,
    path: &str,
) -> Words {
    let mut words = Words::default();
    let known = Known::new(strings.keys().map(|key| (key.as_str(), None)));
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut beginnings: BTreeSet<&str> = BTreeSet::new();
    for template in templates {
        let source = &template.source;
        for (asked, range) in calls(&source.text) {
            let (message, key) = match asked {
                Asked::Key(key) => {
                    used.insert(key);
                    if strings.contains_key(key) {
                        continue;
                    }
                    words.missing.insert(key.to_owned());
                    (
                        text!("没有界面文字 `{key}`", "there is no UI string `{key}`"),
                        key,
                    )
                }
                Asked::Beginning(start) => {
                    beginnings.insert(start);
                    if strings.keys().any(|key| key.starts_with(start)) {
                        continue;
                    }
                    let message = text!(
                        "没有以 `{start}` 开头的界面文字",
                        "no UI string begins with `{start}`"
                    );
                    (message, start)
                }
            };
            let problem = Problem::error(Code::Template, message)
                .maybe_hint(known.did_you_mean(key))
                .hint(text!("在 {path} 中加上它", "add it to {path}"));
            words.diagnostics.push(problem.at(source.span(range)));
        }
    }
    let is_used = |key: &str| {
        used.contains(key)
            || beginnings
                .iter()
                .any(|beginning| key.starts_with(beginning))
    };
    let unused = strings.keys().filter(|key| !is_used(key));
    if let Some(file) = file {
        words.diagnostics.extend(unused.map(|key| {
            let message = text!(
                "没有模板用到界面文字 `{key}`",
                "no template uses the UI string `{key}`"
            );
            let problem = Problem::note(Code::Template, message);
            problem.at(file.span(place(&file.text, key)))
        }));
    }
    words
}

/// Where a key stands in the YAML file; nested keys are joined by `.`.
fn place(text: &str, key: &str) -> Range<usize> {
    let mut from = 0;
    let mut found = 0..0;
    for segment in key.split('.') {
        let mut at = from;
        for line in text[from..].split_inclusive('\n') {
            let indent = line.len() - line.trim_start().len();
            let name = line[indent..].split(':').next().unwrap_or_default();
            if name.trim().trim_matches(['"', '\'']) == segment {
                found = at + indent..at + indent + name.len();
                from = at + line.len();
                break;
            }
            at += line.len();
        }
    }
    found
}

/// Every call of `t` in a template, with the place of the key or of its beginning.
fn calls(template: &str) -> Vec<(Asked<'_>, Range<usize>)> {
    let mut calls = Vec::new();
    let mut at = 0;
    while let Some(open) = template[at..].find('{') {
        let start = at + open;
        let close = match template.as_bytes().get(start + 1) {
            Some(b'#') => "#}",
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                at = start + 1;
                continue;
            }
        };
        let inside = start + 2;
        let length = template[inside..].find(close);
        let end = length.map_or(template.len(), |length| inside + length);
        if close != "#}" {
            calls.extend(calls_in(template, inside..end));
        }
        at = end;
    }
    calls
}

fn calls_in(template: &str, tag: Range<usize>) -> Vec<(Asked<'_>, Range<usize>)> {
    let tag_text = &template[tag.clone()];
    let mut calls = Vec::new();
    for (at, _) in tag_text.match_indices("t(") {
        let is_name = |before: char| before.is_alphanumeric() || matches!(before, '_' | '.');
        if tag_text[..at].ends_with(is_name) {
            continue;
        }
        let from = tag.start + at + 2;
        let arguments = &template[from..tag.end];
        let Some(value) = arguments
            .trim_start()
            .strip_prefix("key")
            .and_then(|rest| rest.trim_start().strip_prefix('='))
        else {
            continue;
        };
        let value = value.trim_start();
        let start = tag.end - value.len();
        let quote = value
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\'' | '`'));
        let literal = quote.and_then(|quote| value[1..].split_once(quote));
        let Some((literal, rest)) = literal else {
            calls.push((Asked::Beginning(""), start..start + 1));
            continue;
        };
        let range = start + 1..start + 1 + literal.len();
        let asked = match rest.trim_start().chars().next() {
            Some(')') => Asked::Key(literal),
            Some('~') => Asked::Beginning(literal),
            // Some other expression.
            _ => Asked::Beginning(""),
        };
        calls.push((asked, range));
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_in_tags_only() {
        let template = "t(key=\"a\") {# {{ t(key=\"b\") }} #} {{ t(key=\"c\") }}{% if t( key = 'd.e' ) %}\
             {{ t(key=\"f.\" ~ key) }}{{ t(key=name) }}{{ sort(key=\"g\") }}{{ x.t(key=\"h\") }}\
             {{ t(key=\"i\" if j else \"k\") }}";
        let found: Vec<_> = calls(template)
            .into_iter()
            .map(|(asked, range)| {
                if let Asked::Key(key) | Asked::Beginning(key) = &asked
                    && !key.is_empty()
                {
                    assert_eq!(&template[range], *key);
                }
                asked
            })
            .collect();
        assert_eq!(
            found,
            [
                Asked::Key("c"),
                Asked::Key("d.e"),
                Asked::Beginning("f."),
                Asked::Beginning(""),
                Asked::Beginning(""),
            ]
        );
    }

    #[test]
    fn a_key_is_found_in_its_group() {
        let text = "# 文字\nmore: a\nnav:\n  main: b\nlist:\n  \"more\": c\n";
        assert_eq!(&text[place(text, "more")], "more");
        assert_eq!(
            place(text, "list.more").start,
            text.find("\"more\"").unwrap()
        );
    }
}
