//! Explains YAML that cannot be parsed in an officer's words.

use std::cmp::Ordering;
use std::ops::Range;

use super::document::more_problems;
use super::front_matter::lines;
use super::yaml::SyntaxError;
use crate::diag::{Code, Diagnostic, Problem, Severity, SourceText, Text, text};
use crate::model::value::MOST_PER_FILE;

/// What can be mended in a document without a guess.
pub(super) struct Mended {
    /// What was mended, each with its remedy.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The source as it should be, byte for byte as long as before, so that places in one are
    /// places in the other.
    pub(super) source: SourceText,
}

/// Mends what Chinese input methods do to YAML, so that everything else in the file can be checked
/// in the same run; `None` when there is nothing to mend.
///
/// A known key followed by `：` is a mistake even where YAML takes the line for text and raises no
/// error. Unknown ones, tabs and full-width spaces are mended only in a document that is
/// `refused`, since all of them may stand in a text of several lines. `key_name` tells the key
/// that a word means, be it the key itself or its Chinese name.
pub(super) fn mend(
    source: &SourceText,
    range: Range<usize>,
    refused: bool,
    key_name: impl Fn(&str) -> Option<&'static str>,
) -> Option<Mended> {
    let yaml = &source.text[range.clone()];
    if !yaml.contains(['：', '\t', '\u{3000}']) {
        return None;
    }
    let mut diagnostics = Vec::new();
    let mut text = String::from(&source.text[..range.start]);
    for line in lines(yaml) {
        let (written, start) = (&yaml[line.clone()], range.start + line.start);
        let mistake = indentation(written)
            .filter(|_| refused)
            .or_else(|| wide_colon(written, refused, &key_name));
        match mistake {
            Some((place, problem)) => {
                let spaces = " ".repeat(place.len());
                let is_colon = written[place.clone()].starts_with('：');
                text.push_str(&written[..place.start]);
                text.push_str(if is_colon { ":  " } else { &spaces });
                text.push_str(&written[place.end..]);
                // A place is found by counting lines: not for each of a million.
                match diagnostics.len().cmp(&MOST_PER_FILE) {
                    Ordering::Less => {
                        let span = source.span(start + place.start..start + place.end);
                        diagnostics.push(problem.at(span));
                    }
                    Ordering::Equal => {
                        diagnostics.push(more_problems(&source.path, Severity::Error))
                    }
                    Ordering::Greater => {}
                }
            }
            None => text.push_str(written),
        }
    }
    text.push_str(&source.text[range.end..]);
    (!diagnostics.is_empty()).then(|| Mended {
        diagnostics,
        source: SourceText::new(source.path.clone(), text),
    })
}

/// Warnings about values that YAML cuts at ` #`, which begins a comment: `title: 四月 #1 期`.
///
/// Only lines of the first level are looked at, and only `#` without a space behind it, which
/// nobody writes before a comment.
pub(super) fn cut_values(source: &SourceText, range: Range<usize>) -> Vec<Diagnostic> {
    let yaml = &source.text[range.clone()];
    if !yaml.contains(" #") {
        return Vec::new();
    }
    let cut = lines(yaml).filter_map(|line| {
        let written = &yaml[line.clone()];
        let (key, value) = written.split_once(": ")?;
        let is_plain = !value
            .trim_start()
            .starts_with(['"', '\'', '|', '>', '#', '[', '{']);
        let at = value.find(" #").filter(|at| {
            let behind = value[at + 2..].chars().next();
            behind.is_some_and(|c| !c.is_whitespace() && c != '#')
        })?;
        if !is_plain || !is_bare_key(key) {
            return None;
        }
        let whole = value.trim_end();
        let start = range.start + line.start + key.len() + 2 + at + 1;
        let problem = Problem::warning(
            Code::Syntax,
            text!(
                "`#` 和后面的文字被当作注释，没有读入",
                "`#` and what follows is taken for a comment and not read"
            ),
        );
        let problem = problem.hint(text!(
            "给整个值加上英文引号：`{key}: \"{whole}\"`",
            "quote the value: `{key}: \"{whole}\"`"
        ));
        Some(problem.at(source.span(start..start + whole.len() - at - 1)))
    });
    cut.take(MOST_PER_FILE).collect()
}

/// The full-width colon after the key of a line.
fn wide_colon(
    line: &str,
    refused: bool,
    key_name: impl Fn(&str) -> Option<&'static str>,
) -> Option<(Range<usize>, Problem)> {
    let (before, value) = line.split_once('：')?;
    let key = before.trim_start_matches(['-', ' ']);
    let name = match key_name(key.trim_end()) {
        Some(name) if refused || key.len() == before.len() => name,
        None if refused && is_bare_key(key) => key,
        _ => return None,
    };
    let place = before.len()..before.len() + '：'.len_utf8();
    Some((place, full_width(name, value)))
}

/// The tabs or full-width spaces at the start of a line.
fn indentation(line: &str) -> Option<(Range<usize>, Problem)> {
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t', '\u{3000}']).len()];
    let at = indent.find(['\t', '\u{3000}'])?;
    let problem = if indent.contains('\t') {
        tab(indent)
    } else {
        wide_space()
    };
    Some((at..indent.len(), problem))
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

/// Why a document was refused, at the place where the parser noticed.
pub(super) fn explain(source: &SourceText, range: Range<usize>, error: &SyntaxError) -> Diagnostic {
    let offset = error.position.map_or(range.start, |(line, column)| {
        let before = source.text[..range.start].matches('\n').count();
        source.offset(before + line, column).min(range.end)
    });
    // The parser stops on the empty line behind what was left open.
    let text = source.text[range.start..offset].trim_end();
    let is_blank = source.text[offset..]
        .lines()
        .next()
        .unwrap_or_default()
        .trim()
        .is_empty();
    let offset = match text.char_indices().next_back() {
        Some((last, _)) if is_blank => range.start + last,
        _ => offset,
    };
    generic(&error.message).at(source.span(offset..offset + 1))
}

fn is_bare_key(key: &str) -> bool {
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
const REMEDIES: [(&str, &str, &str); 12] = [
    (
        "mapping values are not allowed",
        "值里有冒号时，给整个值加上引号，如 `title: \"通知: 明日活动\"`；这一行本是一个键时，让它与上一个键左对齐",
        "quote a value that contains a colon, as in `title: \"a: b\"`; align a key with the key above",
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
        "control characters",
        "这里有看不见的控制字符，多半是从别处粘贴来的：删去它，或重新输入这几个字",
        "there is an invisible control character, probably pasted: delete it or type the text again",
    ),
    (
        "a key is not text",
        "键应当是文字，如 `title: …`",
        "a key must be text, as in `title: …`",
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

    fn source(text: &str) -> SourceText {
        SourceText::new(SourcePath::new("a.yaml"), text)
    }

    fn explained(text: &str) -> (u32, String) {
        let error = yaml::parse(text).expect_err("malformed");
        let diagnostic = explain(&source(text), 0..text.len(), &error);
        let line = diagnostic.span.map_or(0, |span| span.start.line);
        (line, diagnostic.hints[0].zh.clone())
    }

    #[test]
    fn what_can_be_mended_is_told_with_its_fix_and_keeps_every_place() {
        let text = "title: 活动\nsummary：摘要\n\trooms: [\nauthor：甲\n\u{3000}b: 1\n";
        let mended = mend(&source(text), 0..text.len(), true, |_| None).expect("mistakes");
        let codes: Vec<_> = mended.diagnostics.iter().map(|found| found.code).collect();
        assert_eq!(
            codes,
            [
                Code::FullWidth,
                Code::TabIndentation,
                Code::FullWidth,
                Code::FullWidth
            ]
        );
        assert!(
            mended.diagnostics[0].hints[0]
                .zh
                .contains("`summary: 摘要`")
        );
        assert_eq!(mended.source.text.len(), text.len());
        assert!(mended.source.text.contains("author:  甲\n   b: 1"));
    }

    #[test]
    fn a_text_that_yaml_accepts_keeps_its_colons_and_tabs() {
        let text = "summary: |\n  时间：上午\n  \t地点：街道\n";
        assert!(mend(&source(text), 0..text.len(), false, |_| None).is_none());
    }

    #[test]
    fn a_colon_in_a_value_is_explained_at_its_line() {
        let (line, hint) = explained("a: 1\ntitle: 通知: 明日活动\n");
        assert_eq!(line, 2);
        assert!(hint.contains("引号"), "{hint}");
    }

    #[test]
    fn unclosed_brackets_and_quotes_are_explained() {
        assert!(explained("topics: [a, b\ntitle: x\n").1.contains("方括号"));
        assert!(explained("title: \"abc\n").1.contains("引号"));
    }
}
