//! Explains YAML that cannot be parsed in an officer's words.

use std::ops::Range;

use super::front_matter::lines;
use super::yaml::SyntaxError;
use crate::diag::{Code, Diagnostic, Problem, SourceText, Text, text};

/// Keys at the start of a line that are followed by a full-width `：`.
///
/// YAML takes such a line for text and often raises no error, so this is looked for in every
/// document. `key_name` tells the key that a word means, be it the key itself or its Chinese name.
pub(super) fn full_width_colons(
    source: &SourceText,
    range: Range<usize>,
    key_name: impl Fn(&str) -> Option<&'static str>,
) -> Vec<Diagnostic> {
    let yaml = &source.text[range.clone()];
    if !yaml.contains('：') {
        return Vec::new();
    }
    let found = lines(yaml).filter_map(|line| {
        let written = &yaml[line.clone()];
        let (key, value) = written.split_once('：')?;
        let at = range.start + line.start + key.len();
        let problem = full_width(key_name(key)?, value);
        Some(problem.at(source.span(at..at + '：'.len_utf8())))
    });
    found.collect()
}

fn full_width(key: &str, value: &str) -> Problem {
    let (key, value) = (key.trim(), value.trim());
    Problem::error(
        Code::FullWidth,
        text!(
            "`{key}` 后面是全角冒号 `：`",
            "`{key}` is followed by a full-width colon `：`"
        ),
    )
    .hint(text!(
        "改成半角冒号加一个空格：`{key}: {value}`",
        "write an ASCII colon and a space: `{key}: {value}`"
    ))
}

/// Every reason that can be found why a document was refused; at least one.
pub(super) fn explain(
    source: &SourceText,
    range: Range<usize>,
    error: &SyntaxError,
    key_name: impl Fn(&str) -> Option<&'static str>,
) -> Vec<Diagnostic> {
    let yaml = &source.text[range.clone()];
    let mut diagnostics = Vec::new();
    for line in lines(yaml) {
        let written = &yaml[line.clone()];
        let indent = written.len() - written.trim_start_matches([' ', '\t', '\u{3000}']).len();
        let start = range.start + line.start;
        if let Some(at) = written[..indent].find('\t') {
            diagnostics.push(tab(&written[..indent]).at(source.span(start + at..start + indent)));
        } else if let Some(at) = written[..indent].find('\u{3000}') {
            diagnostics.push(wide_space().at(source.span(start + at..start + indent)));
        } else if let Some((key, value)) = written.split_once('：')
            && is_bare_key(key)
        {
            let at = start + key.len();
            let name = key_name(key.trim()).unwrap_or(key);
            diagnostics.push(full_width(name, value).at(source.span(at..at + '：'.len_utf8())));
        }
    }
    if diagnostics.is_empty() {
        let offset = error.position.map_or(range.start, |(line, column)| {
            let before = source.text[..range.start].matches('\n').count();
            source.offset(before + line, column).min(range.end)
        });
        diagnostics.push(generic(&error.message).at(source.span(offset..offset + 1)));
    }
    diagnostics
}

fn is_bare_key(text: &str) -> bool {
    let key = text.trim_start_matches(['-', ' ']);
    !key.is_empty() && !key.contains([':', '"', '\'', '#', ' ', '，', '。'])
}

fn tab(indent: &str) -> Problem {
    let spaces = " ".repeat(indent.chars().map(|c| if c == '\t' { 2 } else { 1 }).sum());
    Problem::error(
        Code::TabIndentation,
        text!("行首用了制表符（Tab）", "this line is indented with a tab"),
    )
    .hint(text!(
        "行首只用空格：把它换成 {0} 个空格",
        "indent with spaces: replace it by {0} spaces",
        spaces.len()
    ))
}

fn wide_space() -> Problem {
    Problem::error(
        Code::FullWidth,
        text!(
            "行首用了全角空格",
            "this line is indented with full-width spaces"
        ),
    )
    .hint(text!(
        "行首只用半角空格，每级两个",
        "indent with ASCII spaces, two for each level"
    ))
}

/// libyaml's messages that officers meet, each with the remedy in Chinese and English.
const REMEDIES: [(&str, &str, &str); 10] = [
    (
        "mapping values are not allowed",
        "值里有冒号：给整个值加上引号，如 `title: \"通知: 明日活动\"`",
        "the value contains a colon: quote it, as in `title: \"a: b\"`",
    ),
    (
        "recursion limit",
        "嵌套太深，最多 128 层",
        "nested too deep; at most 128 levels",
    ),
    (
        "repetition limit",
        "别名（`*`）重复展开太多：直接写出内容",
        "aliases (`*`) expand too often: write the content out",
    ),
    (
        "more than one document",
        "一个文件只能有一份 YAML：删去多余的 `---`",
        "only one document per file: delete the extra `---`",
    ),
    (
        "quoted scalar",
        "引号没有成对：补上收尾的引号",
        "a quotation mark is missing: close the quotes",
    ),
    (
        "flow sequence",
        "方括号没有成对，或列表各项之间缺少半角逗号：`[甲, 乙]`",
        "brackets do not match, or commas are missing: `[a, b]`",
    ),
    (
        "flow mapping",
        "花括号没有成对，或各项之间缺少半角逗号：`{a: 1, b: 2}`",
        "braces do not match, or commas are missing: `{a: 1, b: 2}`",
    ),
    (
        "cannot start any token",
        "值不能以这个符号开头：给整个值加上引号",
        "a value cannot start with this character: quote it",
    ),
    (
        "could not find expected ':'",
        "这一行缺少冒号：应写作 `键: 值`",
        "this line has no colon: write `key: value`",
    ),
    (
        "did not find expected",
        "缩进没有对齐，或上一行的写法有误：同一级的键要左对齐",
        "the indentation does not match, or the line above is wrong: align keys of one level",
    ),
];

fn generic(message: &str) -> Problem {
    let problem = Problem::error(
        Code::Syntax,
        text!("这里的 YAML 写法有误", "the YAML is malformed here"),
    );
    match REMEDIES
        .iter()
        .find(|(words, _, _)| message.contains(words))
    {
        Some((_, zh, en)) => problem.hint(Text {
            zh: zh.to_string(),
            en: en.to_string(),
        }),
        None => problem.hint(text!(
            "解析器的说明：{message}",
            "the parser says: {message}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::yaml;
    use crate::diag::SourcePath;

    fn explained(text: &str) -> Vec<(Code, u32, String)> {
        let source = SourceText::new(SourcePath::new("a.yaml"), text);
        let error = yaml::parse(text).expect_err("malformed");
        let all = explain(&source, 0..text.len(), &error, |_| None);
        all.into_iter()
            .map(|d| {
                (
                    d.code,
                    d.span.map_or(0, |span| span.start.line),
                    d.hints[0].zh.clone(),
                )
            })
            .collect()
    }

    #[test]
    fn every_full_width_colon_and_tab_is_shown_with_its_fix() {
        let all = explained("title: 活动\nsummary：摘要\n\trooms: [\nauthor：甲\n");
        let codes: Vec<_> = all.iter().map(|(code, line, _)| (*code, *line)).collect();
        assert_eq!(
            codes,
            [
                (Code::FullWidth, 2),
                (Code::TabIndentation, 3),
                (Code::FullWidth, 4)
            ]
        );
        assert!(all[0].2.contains("`summary: 摘要`"), "{all:?}");
    }

    #[test]
    fn a_colon_in_a_value_is_explained_at_its_line() {
        let all = explained("a: 1\ntitle: 通知: 明日活动\n");
        assert_eq!((all[0].0, all[0].1), (Code::Syntax, 2));
        assert!(all[0].2.contains("引号"), "{all:?}");
    }

    #[test]
    fn unclosed_brackets_and_quotes_are_explained() {
        assert!(
            explained("topics: [a, b\ntitle: x\n")[0]
                .2
                .contains("方括号")
        );
        assert!(explained("title: \"abc\n")[0].2.contains("引号"));
    }
}
