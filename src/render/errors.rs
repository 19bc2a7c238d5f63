//! What the template engine says, as diagnostics at their places.

use std::ops::Range;

use tera::ErrorKind;

use crate::diag::{
    Code, Diagnostic, Problem, SourcePath, SourceText, Span, Text, did_you_mean, text,
};

/// The templates by the names under which the engine knows them.
pub(super) struct Sources(pub(super) Vec<(String, SourceText)>);

impl Sources {
    /// The diagnostic of an error that names one place, or none.
    pub(super) fn diagnostic(&self, error: &tera::Error) -> Diagnostic {
        let (message, place) = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => (
                report.message().to_owned(),
                self.source(report.filename())
                    .map(|source| source.span(report.span().range.clone())),
            ),
            ErrorKind::MissingParent { current, parent } => (
                format!("unknown template `{parent}`"),
                self.place(current, parent),
            ),
            ErrorKind::CircularExtend { tpl, .. } => (
                format!("`{tpl}` extends itself"),
                self.place(tpl, "extends"),
            ),
            ErrorKind::CircularInclude { tpl, include_chain } => {
                let next = include_chain.get(1).unwrap_or(tpl);
                let way = include_chain.join(" → ");
                let place = self.place(tpl, next).or(self.place(tpl, "include"));
                (format!("`{tpl}` includes itself: {way}"), place)
            }
            _ => (error.to_string().trim().to_owned(), None),
        };
        at(&message, place)
    }

    /// Every diagnostic of an error, which for what templates call but nobody knows is a text of
    /// many reports: a line `error: …`, then a line `--> name:line:column`.
    pub(super) fn diagnostics(&self, error: &tera::Error) -> Vec<Diagnostic> {
        let ErrorKind::Msg(reports) = error.kind() else {
            return vec![self.diagnostic(error)];
        };
        let mut diagnostics = Vec::new();
        let mut lines = reports.lines().map(str::trim).peekable();
        while let Some(line) = lines.next() {
            let Some(message) = line.strip_prefix("error: ") else {
                continue;
            };
            let place = lines.peek().and_then(|line| line.strip_prefix("--> "));
            let place = place.and_then(|place| self.reported(place, message));
            let message = message.replacen("Unknown", "unknown", 1);
            let mut found = at(&message, place);
            found.hints.extend(self.similar_component(&message));
            diagnostics.push(found);
        }
        if diagnostics.is_empty() {
            diagnostics.push(self.diagnostic(error));
        }
        diagnostics
    }

    /// The component that may be meant by one that is unknown.
    fn similar_component(&self, message: &str) -> Option<Text> {
        let named = message.strip_prefix("unknown component `")?;
        let named = named.split('`').next()?;
        let known = self.0.iter().flat_map(|(_, source)| {
            let declared = source.text.split("{% component ").skip(1);
            declared.filter_map(|rest| Some((rest.split_once('(')?.0.trim(), None)))
        });
        did_you_mean(named, known)
    }

    /// Whether a diagnostic is about a template that is there and only could not be compiled, which
    /// is reported for itself.
    pub(super) fn names(&self, found: &Diagnostic) -> bool {
        let message = &found.message.en;
        let mut templates = self.0.iter().map(|(name, _)| name.as_str());
        templates.any(|name| {
            let below_theme = name.splitn(3, '/').nth(2).unwrap_or(name);
            [name, below_theme]
                .iter()
                .any(|name| message.contains(&format!("unknown template `{name}`")))
        })
    }

    /// The file of a template by the name that pages use, the site's own before the theme's.
    pub(super) fn file(&self, name: &str) -> Option<SourcePath> {
        let below_theme = |known: &str| known.splitn(3, '/').nth(2) == Some(name);
        let own = self.0.iter().find(|(known, _)| known == name);
        let found = own.or_else(|| self.0.iter().find(|(known, _)| below_theme(known)));
        found.map(|(_, source)| source.path.clone())
    }

    fn source(&self, template: &str) -> Option<&SourceText> {
        let (_, source) = self.0.iter().find(|(name, _)| name == template)?;
        Some(source)
    }

    /// Where `words` first stand in a template.
    fn place(&self, template: &str, words: &str) -> Option<Span> {
        let source = self.source(template)?;
        let at = source.text.find(words)?;
        Some(source.span(at..at + words.len()))
    }

    /// The place `name:line:column` of a report whose message names something in backticks.
    fn reported(&self, place: &str, message: &str) -> Option<Span> {
        let (rest, column) = place.rsplit_once(':')?;
        let (template, line) = rest.rsplit_once(':')?;
        let source = self.source(template)?;
        let from = source.offset(line.parse().ok()?, column.parse().ok()?);
        let named = message.split('`').nth(1).unwrap_or_default();
        let range: Range<usize> = match source.text[from..].find(named) {
            Some(at) => from + at..from + at + named.len(),
            None => from..from + 1,
        };
        Some(source.span(range))
    }
}

/// What begins the error that a text is too long for a QR code; how long it is follows.
pub(super) const TOO_LONG: &str = "the text is too long for a QR code: ";

/// What the engine calls things that it does not know, in Chinese.
const UNKNOWN: [(&str, &str); 5] = [
    ("component", "组件"),
    ("filter", "过滤器"),
    ("function", "函数"),
    ("template", "模板"),
    ("test", "测试"),
];

/// What the engine says about things that are missing, in both languages; the rest as it is.
fn worded(message: &str) -> Text {
    let named = message.split('`').nth(1).unwrap_or_default();
    let begins = |start: &str| message.starts_with(start);
    let unknown = UNKNOWN
        .iter()
        .find(|(thing, _)| begins(&format!("unknown {thing} `")));
    if let Some((thing, zh)) = unknown {
        return text!("没有{zh} `{named}`", "unknown {thing} `{named}`");
    }
    if begins("Variable `") && message.contains("is not defined") {
        return text!("没有变量 `{named}`", "there is no variable `{named}`");
    }
    if begins("Field `") && message.contains("is not defined") {
        return text!("没有字段 `{named}`", "there is no field `{named}`");
    }
    if begins("no UI string `") {
        return text!("没有界面文字 `{named}`", "there is no UI string `{named}`");
    }
    if let Some(rest) = message.strip_prefix(TOO_LONG) {
        return text!("文字太长，二维码放不下（{rest}）", "{message}");
    }
    if message == "Unexpected end of input" {
        return text!("内容在这里突然结束", "unexpected end of input");
    }
    Text::same(message)
}

fn at(message: &str, place: Option<Span>) -> Diagnostic {
    let Text { zh, en } = worded(message);
    let mut problem = Problem::error(
        Code::Template,
        text!("模板有误：{zh}", "template error: {en}"),
    );
    // What there is instead follows the engine's sentence.
    let available = message.split_once(". Available ");
    if let Some((named, known)) = available.and_then(|(said, known)| {
        let (_, known) = known.split_once(": ")?;
        Some((said.split('`').nth(1)?, known))
    }) {
        problem = problem
            .maybe_hint(did_you_mean(
                named,
                known.split(", ").map(|name| (name, None)),
            ))
            .hint(text!("这里有：{known}", "there are: {known}"));
    }
    match place {
        Some(span) => problem.at(span),
        None => problem.nowhere(),
    }
}

/// Most different errors of rendering that are told.
const MOST_TOLD: usize = 100;

/// The same error in many pages, told once: the first entry is named, the others are counted.
pub fn fold_errors(errors: Vec<(Box<Diagnostic>, Option<Span>)>) -> Vec<Diagnostic> {
    let mut folded: Vec<(Diagnostic, Option<Span>, usize)> = Vec::new();
    let mut left_out = 0;
    for (error, entry) in errors {
        match folded.iter().position(|(known, _, _)| *known == *error) {
            Some(known) => folded[known].2 += 1,
            None if folded.len() < MOST_TOLD => folded.push((*error, entry, 0)),
            None => left_out += 1,
        }
    }
    let told = folded.into_iter().map(|(error, entry, others)| {
        let error = match entry {
            Some(span) => {
                error.with_related(span, text!("渲染这个条目时", "while rendering this entry"))
            }
            None => error,
        };
        if others == 0 {
            return error;
        }
        error.hint(text!(
            "另有 {others} 个页面同样出错",
            "{others} more pages fail in the same way"
        ))
    });
    let more = (left_out > 0).then(|| {
        let message = text!(
            "另有 {left_out} 个页面因别的模板错误没有生成",
            "{left_out} more pages fail because of other errors of templates"
        );
        Problem::error(Code::TooMany, message).nowhere()
    });
    told.chain(more).collect()
}
