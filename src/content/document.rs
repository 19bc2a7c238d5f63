//! A YAML document of a file, and the places of its keys and values.

use std::ops::Range;
use std::sync::OnceLock;

use super::mend::mend;
use super::recall::Recall;
use super::syntax;
use super::yaml::{self, Locator};
use crate::diag::{
    Checked, Code, Diagnostic, Problem, Severity, SourcePath, SourceText, Span, text,
};
use crate::model::form::FieldForm;
use crate::model::node::{Node, Part, Step};
use crate::model::value::{Findings, MOST_PER_FILE};

/// The YAML of a file. Its text is scanned for places only when one is asked for, and once.
#[derive(Debug)]
pub struct Document {
    source: SourceText,
    range: Range<usize>,
    locator: OnceLock<Locator>,
}

impl Document {
    fn new(source: SourceText, range: Range<usize>) -> Self {
        Document {
            source,
            range,
            locator: OnceLock::new(),
        }
    }

    /// The file; mended where that could be done without a guess.
    pub fn source(&self) -> &SourceText {
        &self.source
    }

    /// The place of a key or value.
    pub fn span(&self, path: &[Step], part: Part) -> Span {
        let place = self.locate(path, part);
        self.source
            .span(self.range.start + place.start..self.range.start + place.end)
    }

    /// The scalar at `path` as it stands in the file, without quotation marks; `None` where an
    /// alias stands for it.
    pub(super) fn written(&self, path: &[Step]) -> Option<String> {
        let yaml = &self.source.text[self.range.clone()];
        let written = yaml.get(self.locate(path, Part::Value))?.trim();
        if written.starts_with(['*', '&', '!']) {
            return None;
        }
        Some(written.trim_matches(['"', '\'']).to_owned())
    }

    /// Places findings.
    pub(super) fn diagnose(&self, findings: Findings) -> Vec<Diagnostic> {
        let placed = findings.shown.into_iter().map(|finding| {
            let span = self.span(&finding.path, finding.part);
            finding.problem.at(span)
        });
        let more = findings.more;
        let more = more.map(|severity| more_problems(&self.source.path, severity));
        placed.chain(more).collect()
    }

    fn locate(&self, path: &[Step], part: Part) -> Range<usize> {
        let yaml = || Locator::new(&self.source.text[self.range.clone()]);
        self.locator.get_or_init(yaml).locate(path, part)
    }
}

/// The diagnostic that a file has more problems than are shown.
pub(crate) fn more_problems(file: &SourcePath, severity: Severity) -> Diagnostic {
    let message = text!(
        "这个文件还有更多问题，先改好上面的 {MOST_PER_FILE} 个",
        "this file has more problems; mend the {MOST_PER_FILE} above first"
    );
    let problem = Problem {
        severity,
        ..Problem::error(Code::TooMany, message)
    };
    problem.at(Span::file(file.clone()))
}

/// A document that could be parsed, and the pairs at its top.
pub(super) type Parsed = (Document, Vec<(String, Node)>);

/// The same as [`parse`] for a file whose YAML may be known.
pub(super) fn recall(
    source: &SourceText,
    range: Range<usize>,
    fields: &[FieldForm],
    recall: &mut Recall<'_>,
) -> Checked<Option<Parsed>> {
    if let Some(pairs) = recall.pairs() {
        let document = Document::new(source.clone(), range);
        return Checked::clean(Some((document, pairs)));
    }
    let parsed = parse(source, range, fields);
    // Where something was mended, the file's text is no longer what was parsed.
    if let (Some((_, pairs)), []) = (&parsed.value, &*parsed.diagnostics) {
        recall.note(pairs);
    }
    parsed
}

/// Parses the YAML at `range` of a file; `None` after an error that leaves none.
///
/// `fields` are the keys expected at the top, for recognising `标题：…`.
pub(super) fn parse(
    source: &SourceText,
    range: Range<usize>,
    fields: &[FieldForm],
) -> Checked<Option<Parsed>> {
    let mut parsed = yaml::parse(&source.text[range.clone()]);
    let mended = mend(source, range.clone(), parsed.is_err(), fields);
    let (source, mut diagnostics) = match mended {
        Some(mended) => {
            parsed = yaml::parse(&mended.source.text[range.clone()]);
            (mended.source, mended.diagnostics)
        }
        None => (source.clone(), Vec::new()),
    };
    diagnostics.extend(syntax::cut_values(&source, range.clone()));
    let pairs = match parsed {
        Ok(Node::Map(pairs)) => Some(pairs),
        Ok(Node::Null) => Some(Vec::new()),
        Ok(_) => {
            diagnostics.push(no_pairs().at(source.span(range.clone())));
            None
        }
        Err(error) => {
            diagnostics.push(syntax::explain(&source, range.clone(), &error));
            None
        }
    };
    Checked {
        value: pairs.map(|pairs| (Document::new(source, range), pairs)),
        diagnostics,
    }
}

fn no_pairs() -> Problem {
    let message = text!(
        "这里应是若干行“键: 值”",
        "lines of `key: value` are expected here"
    );
    let hint = text!(
        "每行写作 `title: 标题`，冒号后空一格",
        "write `title: …`, with a space after the colon"
    );
    Problem::error(Code::WrongType, message).hint(hint)
}
