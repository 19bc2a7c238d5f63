//! One file to one entry.

use std::ops::Range;
use std::sync::Arc;

use super::document::{self, Document};
use super::recall::Recall;
use super::{check, front_matter};
use crate::diag::{Checked, Code, Diagnostic, Problem, SourceText, Span, text};
use crate::model::Kind;
use crate::model::kinds::{Common, Data};
use crate::model::node::{Node, Part, Step};
use crate::model::value::{Findings, MapReader, Reader, Record};

/// An entry as read: typed, its references not yet verified.
#[derive(Debug, Clone)]
pub struct RawEntry {
    /// Its kind.
    pub kind: Kind,
    /// Its id, unique within the kind.
    pub id: String,
    /// The file it was read from.
    pub source: SourceText,
    /// The keys common to all kinds.
    pub common: Common,
    /// The keys of its kind.
    pub data: Data,
    /// Its Markdown.
    pub body: Body,
    document: Arc<Document>,
    base: Vec<Step>,
}

/// The Markdown of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The rest of a Markdown file, as a byte range of its text.
    Rest(Range<usize>),
    /// The value of the key `body`.
    Key(String),
}

impl RawEntry {
    /// The Markdown text.
    pub fn body_text(&self) -> &str {
        match &self.body {
            Body::Rest(range) => &self.source.text[range.clone()],
            Body::Key(text) => text,
        }
    }

    /// The place of a byte range of the Markdown text.
    ///
    /// YAML folds and indents text, so for the key `body` it is the place of its value.
    pub fn body_span(&self, range: Range<usize>) -> Span {
        match &self.body {
            Body::Rest(body) => self
                .source
                .span(body.start + range.start..body.start + range.end),
            Body::Key(_) => self.span(&[Step::Key("body")], Part::Value),
        }
    }

    /// The place of a key or value.
    pub fn span(&self, path: &[Step], part: Part) -> Span {
        self.document.span(&[&self.base[..], path].concat(), part)
    }

    /// The place to show when the entry as a whole is meant: its title.
    pub fn title_span(&self) -> Span {
        self.span(&[Step::Key("title")], Part::Value)
    }

    /// Places findings whose paths start at this entry.
    pub fn diagnose(&self, mut findings: Findings) -> Vec<Diagnostic> {
        for finding in &mut findings.shown {
            finding.path = [&self.base[..], &finding.path].concat();
        }
        self.document.diagnose(findings)
    }
}

/// Reads a content file; `None` after an error that leaves no entry.
pub(super) fn read(
    kind: Kind,
    id: &str,
    source: &SourceText,
    recall: &mut Recall<'_>,
) -> Checked<Option<RawEntry>> {
    let is_markdown = source.path.extension() == "md";
    let (yaml, body) = if is_markdown {
        match front_matter::split(source) {
            Ok(split) => (split.yaml, Some(split.body)),
            Err(diagnostic) => {
                return Checked {
                    value: None,
                    diagnostics: vec![*diagnostic],
                };
            }
        }
    } else if source.text.trim().is_empty() {
        let message = text!("文件是空的", "the file is empty");
        let hint = text!("至少写一行 `title: 标题`", "write at least `title: …`");
        let problem = Problem::error(Code::EmptyFile, message).hint(hint);
        return Checked {
            value: None,
            diagnostics: vec![problem.at(source.span(0..0))],
        };
    } else {
        (0..source.text.len(), None)
    };
    let fields = [Common::fields(), Data::fields(kind)].concat();
    document::recall(source, yaml, &fields, recall).and_then(|parsed| {
        let Some((document, mut pairs)) = parsed else {
            return Checked::clean(None);
        };
        let body = match body {
            Some(body) => Body::Rest(body),
            None => Body::Key(take_body(&mut pairs)),
        };
        let home = Home {
            kind,
            id,
            document: Arc::new(document),
            base: &[],
        };
        let document = Arc::clone(&home.document);
        let as_written = |path: &[Step]| document.written(path);
        let mut reader = Reader::new(&as_written);
        let value = entry(&home, &pairs, body, &mut reader);
        let diagnostics = document.diagnose(reader.into_findings());
        Checked { value, diagnostics }
    })
}

/// Takes the value of `body` out of a data file, leaving the key in place for its position.
fn take_body(pairs: &mut [(String, Node)]) -> String {
    let body = pairs.iter_mut().find(|(key, _)| key == "body");
    match body {
        Some((_, Node::Text(text))) => std::mem::take(text),
        _ => String::new(),
    }
}

/// Where an entry stands.
pub(super) struct Home<'a> {
    pub(super) kind: Kind,
    pub(super) id: &'a str,
    pub(super) document: Arc<Document>,
    pub(super) base: &'a [Step],
}

/// Reads the keys of an entry; what is wrong goes to `reader`, which stands at the entry.
pub(super) fn entry(
    home: &Home<'_>,
    pairs: &[(String, Node)],
    body: Body,
    reader: &mut Reader<'_>,
) -> Option<RawEntry> {
    let mut map = MapReader::new(reader, pairs);
    let common = map.record::<Common>();
    let data = Data::read(home.kind, &mut map);
    if matches!(body, Body::Key(_)) && !home.kind.is_vocabulary() {
        let _ = map.field::<Option<BodyKey>>("body");
    }
    map.finish();
    if let (Some(common), Some(data)) = (&common, &data) {
        check::entry(home.kind, common, data, reader);
    }
    common.zip(data).map(|(common, data)| RawEntry {
        kind: home.kind,
        id: home.id.to_owned(),
        source: home.document.source().clone(),
        common,
        data,
        body,
        document: Arc::clone(&home.document),
        base: home.base.to_vec(),
    })
}

/// Accepts any text for `body`, which has already been taken.
struct BodyKey;

impl crate::model::value::Value for BodyKey {
    fn form() -> crate::model::form::Form {
        crate::model::form::Form::Text
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if !matches!(node, Node::Text(_)) {
            reader.wrong_type(node, &Self::form());
        }
        Some(BodyKey)
    }

    fn inspect(&self) -> crate::model::shape::Shape<'_> {
        crate::model::shape::Shape::Absent
    }
}
