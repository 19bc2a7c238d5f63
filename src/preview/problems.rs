//! The problems of the last rebuild as JSON for the overlay and the status page.
//!
//! Errors come first, and at most [`MOST`] items are told, so that a site with thousands of
//! problems still has an overlay that opens at once.

use serde::Serialize;

use super::Shown;
use crate::diag::{Counts, Diagnostic, Lang, Severity, Span};

/// How many problems are listed; of the rest only the number is told.
pub const MOST: usize = 200;

/// The problems as JSON: how many of each severity, whether there is a site to look at, and the
/// first [`MOST`] in full, errors first.
pub fn json(shown: &Shown) -> Vec<u8> {
    let counts = Counts::of(&shown.diagnostics);
    let items: Vec<Item<'_>> = worst_first(&shown.diagnostics)
        .take(MOST)
        .map(|diagnostic| Item::new(diagnostic, shown))
        .collect();
    let problems = Problems {
        build: shown.build,
        lang: lang(shown.lang),
        errors: counts.errors,
        warnings: counts.warnings,
        notes: counts.notes,
        site: shown.site.is_some(),
        more: shown.diagnostics.len() - items.len(),
        items,
    };
    // Plain structs of strings and numbers always serialise.
    serde_json::to_vec(&problems).unwrap_or_default()
}

/// The diagnostics of each severity in turn, errors first, each in the order given.
fn worst_first(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    severities.into_iter().flat_map(move |severity| {
        let all = diagnostics.iter();
        all.filter(move |diagnostic| diagnostic.severity == severity)
    })
}

/// The absolute path of a file below `root`, written the way `root` is: with `\` on Windows.
pub fn absolute(root: &str, file: &str) -> String {
    let separator = if root.contains('\\') { "\\" } else { "/" };
    let root = root.trim_end_matches(['/', '\\']);
    format!("{root}{separator}{}", file.replace('/', separator))
}

/// The language as in the `lang` attribute of a page.
pub(super) fn lang(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}

/// The place as it is shown: the file, with line and column unless it is meant as a whole.
pub(super) fn place(span: &Span) -> String {
    if is_whole_file(span) {
        return span.file.to_string();
    }
    format!("{}:{}:{}", span.file, span.start.line, span.start.column)
}

/// Whether the span is that of [`Span::file`], or cannot be told from it.
fn is_whole_file(span: &Span) -> bool {
    span.excerpt.is_empty() && span.start.line == 1 && span.start.column == 1
}

#[derive(Serialize)]
struct Problems<'a> {
    build: u64,
    lang: &'static str,
    errors: usize,
    warnings: usize,
    notes: usize,
    site: bool,
    more: usize,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    severity: &'static str,
    label: String,
    code: &'static str,
    message: &'a str,
    hints: Vec<&'a str>,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

impl<'a> Item<'a> {
    fn new(diagnostic: &'a Diagnostic, shown: &'a Shown) -> Self {
        let lang = shown.lang;
        let related = diagnostic.related.iter().map(|(span, role)| Related {
            message: role.get(lang),
            place: Place::new(span, &shown.root),
        });
        Item {
            severity: diagnostic.severity.as_str(),
            label: diagnostic.severity.label().get(lang).to_owned(),
            code: diagnostic.code.as_str(),
            message: diagnostic.message.get(lang),
            hints: diagnostic.hints.iter().map(|hint| hint.get(lang)).collect(),
            place: diagnostic
                .span
                .as_ref()
                .map(|span| Place::new(span, &shown.root)),
            related: related.collect(),
        }
    }
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

/// A place in a file; line and column are left out where the file is meant as a whole.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<Excerpt<'a>>,
}

impl<'a> Place<'a> {
    fn new(span: &'a Span, root: &str) -> Self {
        let file = span.file.as_str();
        let in_file = !is_whole_file(span);
        Place {
            file,
            path: absolute(root, file),
            line: in_file.then_some(span.start.line),
            column: in_file.then_some(span.start.column),
            excerpt: Excerpt::new(span),
        }
    }
}

/// The line of a place: what is marked in it, and what stands before and after.
#[derive(Serialize)]
struct Excerpt<'a> {
    before: &'a str,
    marked: &'a str,
    after: &'a str,
}

impl<'a> Excerpt<'a> {
    fn new(span: &'a Span) -> Option<Self> {
        if span.excerpt.is_empty() {
            return None;
        }
        Some(Excerpt {
            before: span.excerpt.get(..span.marked.start)?,
            marked: span.excerpt.get(span.marked.clone())?,
            after: span.excerpt.get(span.marked.end..)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{broken_reference, shown};
    use super::*;
    use crate::diag::{Code, Problem, SourcePath, text};

    fn told(shown: &Shown) -> serde_json::Value {
        serde_json::from_slice(&json(shown)).unwrap()
    }

    #[test]
    fn a_problem_is_told_with_its_place_excerpt_and_remedy() {
        let told = told(&shown(vec![broken_reference()]));
        let item = &told["items"][0];
        assert_eq!(told["errors"], 1);
        assert_eq!(told["site"], false);
        assert_eq!(item["label"], "错误");
        assert_eq!(item["code"], "unknown-reference");
        assert_eq!(item["file"], "content/a.md");
        assert_eq!(item["path"], "/网站/content/a.md");
        assert_eq!(item["line"], 2);
        assert_eq!(item["column"], 17);
        assert_eq!(item["excerpt"]["before"], "organizations: [");
        assert_eq!(item["excerpt"]["marked"], "<b>");
        assert_eq!(item["excerpt"]["after"], "]");
        assert_eq!(item["hints"][0], "是不是 `fulian`？");
        assert_eq!(item["related"][0]["path"], "/网站/site.yaml");
        assert!(item["related"][0].get("line").is_none());
    }

    #[test]
    fn the_language_is_that_of_the_preview() {
        let shown = Shown {
            lang: Lang::En,
            ..shown(vec![broken_reference()])
        };
        let told = told(&shown);
        assert_eq!(told["lang"], "en");
        assert_eq!(told["items"][0]["label"], "error");
        assert_eq!(told["items"][0]["hints"][0], "did you mean `fulian`?");
    }

    #[test]
    fn errors_come_first_and_of_too_many_problems_the_number_is_told() {
        let note = Problem::note(Code::UnknownReference, text!("提示", "note"));
        let mut all = vec![note.nowhere(); MOST + 50];
        all.push(broken_reference());
        let told = told(&shown(all));
        assert_eq!(told["items"].as_array().unwrap().len(), MOST);
        assert_eq!(told["items"][0]["severity"], "error");
        assert_eq!(told["notes"], MOST + 50);
        assert_eq!(told["more"], 51);
        assert!(told["items"][1].get("file").is_none());
    }

    #[test]
    fn a_file_as_a_whole_has_no_line() {
        let span = Span::file(SourcePath::new("site.yaml"));
        assert_eq!(place(&span), "site.yaml");
        let problem = Problem::error(Code::UnknownReference, text!("坏", "bad"));
        let told = told(&shown(vec![problem.at(span)]));
        assert!(told["items"][0].get("line").is_none());
        assert!(told["items"][0].get("excerpt").is_none());
    }

    #[test]
    fn paths_are_written_like_the_root() {
        let cases = [
            ("/网站/qt", "content/年 报.md", "/网站/qt/content/年 报.md"),
            ("/", "site.yaml", "/site.yaml"),
            (r"C:\网站", "content/a.md", r"C:\网站\content\a.md"),
            (r"D:\", "site.yaml", r"D:\site.yaml"),
        ];
        for (root, file, path) in cases {
            assert_eq!(absolute(root, file), path);
        }
    }
}
