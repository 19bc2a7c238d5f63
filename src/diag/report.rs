//! Diagnostics as text for a terminal and as JSON for programs.
//!
//! Layout by `annotate-snippets`, with one label for each source line: only then do its carets
//! stay aligned under Chinese text.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::{Diagnostic, Lang, Severity, Span, text};

/// The diagnostic as text in `lang`, without a final line end; with terminal colours if `color`.
pub fn human(diagnostic: &Diagnostic, lang: Lang, color: bool) -> String {
    let label = diagnostic.severity.label();
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
    .with_name(label.get(lang).to_owned());
    let title = level
        .primary_title(diagnostic.message.get(lang).to_owned())
        .id(diagnostic.code.as_str());
    let mut report = vec![place(Group::with_title(title), diagnostic.span.as_ref())];
    let see = text!("另见", "see also");
    for (span, role) in &diagnostic.related {
        let title = Level::NOTE
            .with_name(see.get(lang).to_owned())
            .secondary_title(role.get(lang).to_owned());
        report.push(place(Group::with_title(title), Some(span)));
    }
    let help = text!("帮助", "help");
    let hints = diagnostic.hints.iter();
    let last = report.len() - 1;
    let mut group = report.remove(last);
    for hint in hints {
        group = group.element(
            Level::HELP
                .with_name(help.get(lang).to_owned())
                .message(hint.get(lang).to_owned()),
        );
    }
    report.push(group);
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.render(&report)
}

fn place<'a>(group: Group<'a>, span: Option<&'a Span>) -> Group<'a> {
    match span {
        None => group,
        Some(span) if span.excerpt.is_empty() => group.element(Origin::path(span.file.as_str())),
        Some(span) => {
            let (line, marked) = whole_line(span);
            group.element(
                Snippet::source(line)
                    .path(span.file.as_str())
                    .line_start(span.start.line as usize)
                    .annotation(AnnotationKind::Primary.span(marked)),
            )
        }
    }
}

/// The excerpt at its place in the line, so that columns are counted from the line's start; what
/// the excerpt leaves out is filled with spaces, which the renderer cuts off.
fn whole_line(span: &Span) -> (Cow<'_, str>, Range<usize>) {
    let shown = span.excerpt[..span.marked.start].chars().count();
    let left_out = (span.start.column as usize - 1).saturating_sub(shown);
    if left_out == 0 {
        return (Cow::Borrowed(&span.excerpt), span.marked.clone());
    }
    let line = " ".repeat(left_out) + &span.excerpt;
    let marked = span.marked.start + left_out..span.marked.end + left_out;
    (Cow::Owned(line), marked)
}

/// All diagnostics and a command's own summary as one JSON object, in `lang`, with a final line
/// end: `{"diagnostics": […], "summary": {…}}`.
///
/// They keep their order, which is by file and place: programs that annotate files need no other, and can
/// tell errors by their severity. Each diagnostic has `severity`, `code`, `message`, `hints`, and where
/// known `file`, `line`, `column`, `end_line`, `end_column` (from 1, in characters), `excerpt` and
/// `related`.
pub fn json(diagnostics: &[Diagnostic], summary: &impl Serialize, lang: Lang) -> String {
    let diagnostics = diagnostics
        .iter()
        .map(|diagnostic| JsonDiagnostic {
            severity: diagnostic.severity.as_str(),
            code: diagnostic.code.as_str(),
            place: diagnostic.span.as_ref().map(JsonPlace::new),
            message: diagnostic.message.get(lang),
            hints: diagnostic.hints.iter().map(|hint| hint.get(lang)).collect(),
            related: diagnostic
                .related
                .iter()
                .map(|(span, role)| JsonRelated {
                    place: JsonPlace::new(span),
                    message: role.get(lang),
                })
                .collect(),
        })
        .collect();
    // Plain structs of strings and numbers always serialise.
    serde_json::to_string_pretty(&JsonReport {
        diagnostics,
        summary,
    })
    .unwrap_or_default()
        + "\n"
}

#[derive(Serialize)]
struct JsonReport<'a, S> {
    diagnostics: Vec<JsonDiagnostic<'a>>,
    summary: &'a S,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    severity: &'static str,
    code: &'static str,
    #[serde(flatten)]
    place: Option<JsonPlace<'a>>,
    message: &'a str,
    hints: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<JsonRelated<'a>>,
}

#[derive(Serialize)]
struct JsonPlace<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    excerpt: &'a str,
}

impl<'a> JsonPlace<'a> {
    fn new(span: &'a Span) -> Self {
        JsonPlace {
            file: span.file.as_str(),
            line: span.start.line,
            column: span.start.column,
            end_line: span.end.line,
            end_column: span.end.column,
            excerpt: &span.excerpt,
        }
    }
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    #[serde(flatten)]
    place: JsonPlace<'a>,
    message: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Problem, SourcePath, SourceText};

    fn unknown_reference() -> Diagnostic {
        let source = SourceText::new(
            SourcePath::new("content/a.md"),
            "---\norganizations: [funian]\n",
        );
        let at = source.text.find("funian").unwrap();
        Problem::error(
            Code::UnknownReference,
            text!(
                "没有名为 `funian` 的组织",
                "no organization called `funian`"
            ),
        )
        .hint(text!("是不是 `fulian`？", "did you mean `fulian`?"))
        .at(source.span(at..at + 6))
    }

    #[test]
    fn a_report_shows_code_place_line_caret_and_remedy() {
        let shown = human(&unknown_reference(), Lang::Zh, false);
        assert!(
            shown.starts_with("错误[unknown-reference]: 没有名为 `funian` 的组织"),
            "{shown}"
        );
        assert!(shown.contains("content/a.md:2:17"), "{shown}");
        assert!(shown.contains("^^^^^^"), "{shown}");
        assert!(shown.contains("帮助: 是不是 `fulian`？"), "{shown}");
    }

    #[test]
    fn the_column_of_a_place_far_into_a_line_is_that_of_the_line() {
        let text = format!("{}见[坏链接](nobody.md)。", "长".repeat(500));
        let source = SourceText::new(SourcePath::new("content/a.md"), text);
        let at = source.text.find("nobody").unwrap();
        let problem = Problem::error(Code::BrokenLink, text!("坏", "broken"));
        let shown = human(&problem.at(source.span(at..at + 6)), Lang::Zh, false);
        assert!(shown.contains("content/a.md:1:508"), "{shown}");
        assert!(shown.contains("nobody.md"), "{shown}");
        assert!(shown.chars().count() < 600, "{shown}");
    }

    #[test]
    fn a_secret_is_shown_to_nobody() {
        for line in [
            "    secret_access_key: Geheim",
            "      - https://x.example/?token=Geheim",
            "  - {service: s3, password: Geheim}",
            "Geheim",
        ] {
            let source = SourceText::new(SourcePath::new("site.yaml"), line);
            for marked in [
                line.find("Geheim").unwrap(),
                line.len() - line.trim_start().len(),
            ] {
                let problem = Problem::error(Code::Secret, text!("密钥", "a key"));
                let told = [problem.at(source.span(marked..line.len()))];
                let shown = human(&told[0], Lang::Zh, false) + &json(&told, &(), Lang::Zh);
                assert!(
                    !shown.contains("Geheim") && !shown.contains("eheim"),
                    "{shown}"
                );
                assert!(shown.contains("site.yaml:1:"), "{shown}");
            }
        }
    }

    #[test]
    fn json_says_the_same_in_the_other_language() {
        let shown = json(&[unknown_reference()], &(), Lang::En);
        let value: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(value["diagnostics"][0]["code"], "unknown-reference");
        assert_eq!(value["diagnostics"][0]["line"], 2);
        assert_eq!(value["diagnostics"][0]["column"], 17);
        assert_eq!(
            value["diagnostics"][0]["hints"][0],
            "did you mean `fulian`?"
        );
    }
}
