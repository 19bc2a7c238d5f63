//! Explains YAML that cannot be parsed in an officer's words.

use std::ops::Range;

use super::front_matter::lines;
use super::yaml::SyntaxError;
use crate::diag::{Code, Diagnostic, Problem, SourceText, Text, text};
use crate::model::value::MOST_PER_FILE;

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
        let message = text!(
            "`#` 和后面的文字被当作注释，没有读入",
            "`#` and what follows is taken for a comment and not read"
        );
        let problem = Problem::warning(Code::Syntax, message);
        let problem = problem.hint(text!(
            "给整个值加上英文引号：`{key}: \"{whole}\"`",
            "quote the value: `{key}: \"{whole}\"`"
        ));
        Some(problem.at(source.span(start..start + whole.len() - at - 1)))
    });
    cut.take(MOST_PER_FILE).collect()
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

/// Whether a word in front of a colon can be a key without quotation marks.
pub(super) fn is_bare_key(key: &str) -> bool {
    !key.is_empty() && !key.contains([':', '"', '\'', '#', ' ', '，', '。', '[', '{'])
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

fn generic(words: &str) -> Problem {
    let message = text!("这里的 YAML 写法有误", "the YAML is malformed here");
    let problem = Problem::error(Code::Syntax, message);
    match REMEDIES.iter().find(|(known, _, _)| words.contains(known)) {
        Some((_, zh, en)) => problem.hint(Text {
            zh: zh.to_string(),
            en: en.to_string(),
        }),
        None => problem.hint(text!("解析器的说明：{words}", "the parser says: {words}")),
    }
}
