//! Mends what Chinese input methods do to YAML: full-width characters and tabs where ASCII must stand.

use std::cell::LazyCell;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;

use super::document::more_problems;
use super::front_matter::lines;
use super::syntax::is_bare_key;
use crate::diag::{Code, Diagnostic, Problem, Severity, SourceText, text};
use crate::model::form::{FieldForm, Form};
use crate::model::value::MOST_PER_FILE;

/// What can be mended in a document without a guess.
pub(super) struct Mended {
    /// What was mended, each with its remedy.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The source as it should be, byte for byte as long as before, so that places in one are
    /// places in the other.
    pub(super) source: SourceText,
}

/// A mistake in a line.
struct Slip {
    /// What must be ASCII, in order; the first of them is where the mistake is told.
    places: Vec<Range<usize>>,
    problem: Problem,
}

impl Slip {
    fn at(place: Range<usize>, problem: Problem) -> Self {
        Slip {
            places: vec![place],
            problem,
        }
    }
}

/// Mends a document, so that everything else in the file can be checked in the same run; `None` when
/// there is nothing to mend.
///
/// A known key followed by `：` is a mistake even where YAML takes the line for text and raises no
/// error. Unknown ones, tabs and full-width spaces are mended only in a document that is
/// `refused`, since all of them may stand in a text of several lines. `fields` are the keys expected at
/// the top, which may be written by their Chinese names.
pub(super) fn mend(
    source: &SourceText,
    range: Range<usize>,
    refused: bool,
    fields: &[FieldForm],
) -> Option<Mended> {
    let yaml = &source.text[range.clone()];
    let may_have_braces = yaml.contains('{') && yaml.contains('，');
    if !yaml.contains(['：', '\t', '\u{3000}']) && !may_have_braces {
        return None;
    }
    let inner = LazyCell::new(|| inner_keys(fields));
    let mut diagnostics = Vec::new();
    let mut text = String::from(&source.text[..range.start]);
    for line in lines(yaml) {
        let (written, start) = (&yaml[line.clone()], range.start + line.start);
        let slip = indentation(written)
            .filter(|_| refused)
            .or_else(|| wide_colon(written, refused, fields));
        let in_braces = wide_in_braces(written, |word| inner.contains(word));
        let mut rest = 0;
        for slip in slip.into_iter().chain(in_braces) {
            let first = slip.places[0].clone();
            for place in slip.places {
                text.push_str(&written[rest..place.start]);
                text.push_str(&ascii(&written[place.clone()]));
                rest = place.end;
            }
            // A place is found by counting lines: not for each of a million.
            match diagnostics.len().cmp(&MOST_PER_FILE) {
                Ordering::Less => {
                    let span = source.span(start + first.start..start + first.end);
                    diagnostics.push(slip.problem.at(span));
                }
                Ordering::Equal => diagnostics.push(more_problems(&source.path, Severity::Error)),
                Ordering::Greater => {}
            }
        }
        text.push_str(&written[rest..]);
    }
    text.push_str(&source.text[range.end..]);
    (!diagnostics.is_empty()).then(|| Mended {
        diagnostics,
        source: SourceText::new(source.path.clone(), text),
    })
}

/// What should stand in the place of `written`, in as many bytes.
fn ascii(written: &str) -> String {
    match written {
        "：" => String::from(":  "),
        "，" => String::from(",  "),
        spaces => " ".repeat(spaces.len()),
    }
}

/// The full-width colon after the key of a line; the key may be written by its Chinese name.
fn wide_colon(line: &str, refused: bool, fields: &[FieldForm]) -> Option<Slip> {
    let (before, value) = line.split_once('：')?;
    let key = before.trim_start_matches(['-', ' ']);
    let mut known = fields.iter();
    let known = known.find(|field| is_called(field, key.trim_end()));
    let name = match known {
        Some(field) if refused || key.len() == before.len() => field.name,
        None if refused && is_bare_key(key) => key,
        _ => return None,
    };
    let place = before.len()..before.len() + '：'.len_utf8();
    Some(Slip::at(place, full_width(name, value)))
}

/// Whether `word` means this key.
fn is_called(field: &FieldForm, word: &str) -> bool {
    field.name == word || field.label() == word
}

/// The keys of the records that the values of `fields` are or consist of, with their Chinese names.
fn inner_keys(fields: &[FieldForm]) -> BTreeSet<&'static str> {
    let mut keys = BTreeSet::new();
    for field in fields {
        let mut form = &field.form;
        while let Form::List(item) = form {
            form = item;
        }
        if let Form::Record(fields) = form {
            let fields = fields();
            keys.extend(fields.iter().flat_map(|field| [field.name, field.label()]));
            keys.extend(inner_keys(&fields));
        }
    }
    keys
}

/// The full-width characters that should part the keys and values of mappings in braces:
/// `{file：1.jpg，caption：海滩}`.
///
/// A colon is one of them behind a key, a comma in front of one; others belong to a value.
fn wide_in_braces(line: &str, is_key: impl Fn(&str) -> bool) -> Option<Slip> {
    let start = braces(line)?;
    let mut places = Vec::new();
    let mut depth = 0_usize;
    let mut quote = None;
    // Where the word begins that may be a key.
    let mut word = None;
    let mut last = ' ';
    for (at, c) in line.char_indices().skip_while(|(at, _)| *at < start) {
        let end = at + c.len_utf8();
        match c {
            _ if quote.is_some() => quote = quote.filter(|open| *open != c),
            '"' | '\'' if "{[,:，：".contains(last) => quote = Some(c),
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_inside = quote.is_none() && depth > 0;
        match c {
            '{' | ',' if is_inside => word = Some(end),
            '，' if is_inside && precedes_key(&line[end..], &is_key) => {
                places.push(at..end);
                word = Some(end);
            }
            ':' => word = None,
            '：' => {
                let key = word.take().map(|start| line[start..at].trim());
                if is_inside && key.is_some_and(&is_key) {
                    places.push(at..end);
                }
            }
            _ => {}
        }
        if c != ' ' {
            last = c;
        }
    }
    let problem = (!places.is_empty()).then(|| wide_parts(line, &places))?;
    Some(Slip { places, problem })
}

/// Where the first mapping in braces begins, if it is the value of the line or of an item.
fn braces(line: &str) -> Option<usize> {
    let start = line.find('{')?;
    let before = line[..start].trim_end_matches([' ', '[']);
    let key = before.trim_start_matches([' ', '-', '\t', '\u{3000}']);
    let is_value = key.strip_suffix([':', '：']).is_some_and(is_bare_key);
    (key.is_empty() || is_value).then_some(start)
}

/// Whether a text begins with a key and its colon, full-width or not.
fn precedes_key(text: &str, is_key: impl Fn(&str) -> bool) -> bool {
    let Some(end) = text.find([':', '：', ',', '，', '{', '}']) else {
        return false;
    };
    let is_colon = text[end..].starts_with([':', '：']) && !text[end..].starts_with("://");
    is_colon && is_key(text[..end].trim())
}

fn wide_parts(line: &str, places: &[Range<usize>]) -> Problem {
    let start = line.find(['[', '{']).unwrap_or_default();
    let mut better = String::new();
    let mut rest = start;
    for place in places {
        better += line[rest..place.start].trim();
        better += ascii(&line[place.clone()]).trim_end();
        better.push(' ');
        rest = place.end;
    }
    better += line[rest..].trim();
    let used = |wide: &str| places.iter().any(|place| &line[place.clone()] == wide);
    let (zh, en) = match (used("："), used("，")) {
        (true, true) => ("`：`、`，`", "`：` and `，`"),
        (true, false) => ("`：`", "`：`"),
        _ => ("`，`", "`，`"),
    };
    let message = text!(
        "花括号里用了全角的 {zh}",
        "full-width {en} between the braces"
    );
    let hint = text!(
        "冒号用半角 `:` 加一个空格，逗号用半角 `,`：`{better}`",
        "write an ASCII `:` with a space behind it, and an ASCII `,`: `{better}`"
    );
    Problem::error(Code::FullWidth, message).hint(hint)
}

/// The tabs or full-width spaces at the start of a line.
fn indentation(line: &str) -> Option<Slip> {
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t', '\u{3000}']).len()];
    let at = indent.find(['\t', '\u{3000}'])?;
    let problem = if indent.contains('\t') {
        tab(indent)
    } else {
        wide_space()
    };
    Some(Slip::at(at..indent.len(), problem))
}

fn full_width(key: &str, value: &str) -> Problem {
    let (key, value) = (key.trim(), value.trim());
    let message = text!(
        "`{key}` 后面是全角冒号 `：`",
        "`{key}` is followed by a full-width colon `：`"
    );
    let hint = text!(
        "改成半角冒号加一个空格：`{key}: {value}`",
        "write an ASCII colon and a space: `{key}: {value}`"
    );
    Problem::error(Code::FullWidth, message).hint(hint)
}

fn tab(indent: &str) -> Problem {
    let spaces = " ".repeat(indent.chars().map(|c| if c == '\t' { 2 } else { 1 }).sum());
    let message = text!("行首用了制表符（Tab）", "this line is indented with a tab");
    let hint = text!(
        "行首只用空格：把它换成 {0} 个空格",
        "indent with spaces: replace it by {0} spaces",
        spaces.len()
    );
    Problem::error(Code::TabIndentation, message).hint(hint)
}

fn wide_space() -> Problem {
    let message = text!(
        "行首用了全角空格",
        "this line is indented with full-width spaces"
    );
    let hint = text!(
        "行首只用半角空格，每级两个",
        "indent with ASCII spaces, two for each level"
    );
    Problem::error(Code::FullWidth, message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::SourcePath;
    use crate::model::kinds::Report;
    use crate::model::value::Record;

    fn source(text: &str) -> SourceText {
        SourceText::new(SourcePath::new("a.yaml"), text)
    }

    /// A document of a report with what was mended, and the first remedy.
    fn mended(text: &str) -> Option<(String, String)> {
        let mended = mend(&source(text), 0..text.len(), false, &Report::fields())?;
        assert_eq!(mended.source.text.len(), text.len());
        let hint = mended.diagnostics[0].hints[0].zh.clone();
        Some((mended.source.text.to_string(), hint))
    }

    #[test]
    fn what_can_be_mended_is_told_with_its_fix_and_keeps_every_place() {
        let text = "title: 活动\nsummary：摘要\n\trooms: [\nauthor：甲\n\u{3000}b: 1\n";
        let mended = mend(&source(text), 0..text.len(), true, &[]).expect("mistakes");
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
        assert!(mend(&source(text), 0..text.len(), false, &[]).is_none());
    }

    #[test]
    fn full_width_parts_of_mappings_in_braces_are_mended() {
        for (text, expected, better) in [
            (
                "photos: [{file：1.jpg，caption：甲：乙，丙}]",
                "photos: [{file:  1.jpg,  caption:  甲：乙，丙}]",
                "`[{file: 1.jpg, caption: 甲：乙，丙}]`",
            ),
            (
                "  - {file: 1.jpg, caption：甲}\n",
                "  - {file: 1.jpg, caption:  甲}\n",
                "`{file: 1.jpg, caption: 甲}`",
            ),
            (
                "- {file: '，alt：', 说明：甲， alt: 乙}",
                "- {file: '，alt：', 说明:  甲,   alt: 乙}",
                "`{file: '，alt：', 说明: 甲, alt: 乙}`",
            ),
        ] {
            let (mended, hint) = mended(text).expect(text);
            assert_eq!(mended, expected);
            assert!(hint.ends_with(better), "{hint}");
        }
    }

    #[test]
    fn what_belongs_to_a_value_stays_as_it_is() {
        for text in [
            "photos: [{file: 1.jpg, caption: 甲，乙：丙}]\n",
            "photos: [{file: 1.jpg, caption: \"甲，alt：乙\"}]\n",
            "photos: [{file: 1.jpg, caption: 甲，https://a.cn}]\n",
            "summary: 见 {file：1.jpg，caption：甲}\n",
            "summary: \"{file：1.jpg}\"\n",
        ] {
            assert!(mended(text).is_none(), "{text}");
        }
    }
}
