//! One file to one entry.

use std::cell::OnceCell;
use std::ops::Range;

use super::yaml::Locator;
use super::{check, front_matter, syntax, yaml};
use crate::diag::{Checked, Code, Diagnostic, Problem, SourcePath, SourceText, Span, text};
use crate::model::Kind;
use crate::model::form::FieldForm;
use crate::model::kinds::{Common, Data};
use crate::model::node::{Node, Part, Step};
use crate::model::value::{Findings, MOST_PER_FILE, MapReader, Reader, Record};

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
    yaml: Range<usize>,
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
        let locator = Locator::new(&self.source.text[self.yaml.clone()]);
        let range = locator.locate(&[&self.base[..], path].concat(), part);
        self.source
            .span(self.yaml.start + range.start..self.yaml.start + range.end)
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
        diagnose(&self.source, self.yaml.clone(), findings)
    }
}

/// Places findings about a YAML document that stands at `range` of `source`.
pub(super) fn diagnose(
    source: &SourceText,
    range: Range<usize>,
    findings: Findings,
) -> Vec<Diagnostic> {
    if findings.shown.is_empty() {
        return Vec::new();
    }
    let locator = Locator::new(&source.text[range.clone()]);
    let placed = findings.shown.into_iter().map(|finding| {
        let found = locator.locate(&finding.path, finding.part);
        let place = range.start + found.start..range.start + found.end;
        finding.problem.at(source.span(place))
    });
    let more = findings.more.then(|| more_problems(&source.path));
    placed.chain(more).collect()
}

/// The diagnostic that a file has more problems than are shown.
pub(crate) fn more_problems(file: &SourcePath) -> Diagnostic {
    let message = text!(
        "这个文件还有更多问题，先改好上面的 {MOST_PER_FILE} 个",
        "this file has more problems; mend the {MOST_PER_FILE} above first"
    );
    Problem::error(Code::TooMany, message).at(Span::file(file.clone()))
}

/// The scalars of a document as they stand in its text, which is scanned at most once.
pub(super) struct Written<'a> {
    yaml: &'a str,
    locator: OnceCell<Locator>,
}

impl<'a> Written<'a> {
    /// Those of the document `yaml`.
    pub(super) fn new(yaml: &'a str) -> Self {
        Written {
            yaml,
            locator: OnceCell::new(),
        }
    }

    /// The scalar at `path`, without quotation marks.
    pub(super) fn at(&self, path: &[Step]) -> Option<String> {
        let locator = self.locator.get_or_init(|| Locator::new(self.yaml));
        let written = self.yaml.get(locator.locate(path, Part::Value))?.trim();
        Some(written.trim_matches(['"', '\'']).to_owned())
    }
}

/// A YAML document that could be parsed.
pub(super) struct Document {
    /// The file; mended where that could be done without a guess.
    pub(super) source: SourceText,
    /// The pairs at its top.
    pub(super) pairs: Vec<(String, Node)>,
}

/// The YAML document at `range` of a file; `None` after an error that leaves none.
///
/// `fields` are the keys expected at the top, for recognising `标题：…`.
pub(super) fn document(
    source: &SourceText,
    range: Range<usize>,
    fields: &[FieldForm],
) -> Checked<Option<Document>> {
    let key_name = |word: &str| {
        let named = fields
            .iter()
            .find(|field| field.name == word || field.label() == word);
        named.map(|field| field.name)
    };
    let mut parsed = yaml::parse(&source.text[range.clone()]);
    let mended = syntax::mend(source, range.clone(), parsed.is_err(), key_name);
    let (source, mut diagnostics) = match mended {
        Some(mended) => {
            parsed = yaml::parse(&mended.source.text[range.clone()]);
            (mended.source, mended.diagnostics)
        }
        None => (source.clone(), Vec::new()),
    };
    let pairs = match parsed {
        Ok(Node::Map(pairs)) => Some(pairs),
        Ok(Node::Null) => Some(Vec::new()),
        Ok(_) => {
            diagnostics.push(no_pairs().at(source.span(range)));
            None
        }
        Err(error) => {
            diagnostics.push(syntax::explain(&source, range, &error));
            None
        }
    };
    Checked {
        value: pairs.map(|pairs| Document { source, pairs }),
        diagnostics,
    }
}

fn no_pairs() -> Problem {
    Problem::error(
        Code::WrongType,
        text!(
            "这里应是若干行“键: 值”",
            "lines of `key: value` are expected here"
        ),
    )
    .hint(text!(
        "每行写作 `title: 标题`，冒号后空一格",
        "write `title: …`, with a space after the colon"
    ))
}

/// Reads a content file; `None` after an error that leaves no entry.
pub(super) fn read(kind: Kind, id: &str, source: &SourceText) -> Checked<Option<RawEntry>> {
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
        let problem = Problem::error(Code::EmptyFile, text!("文件是空的", "the file is empty"))
            .hint(text!(
                "至少写一行 `title: 标题`",
                "write at least `title: …`"
            ));
        return Checked {
            value: None,
            diagnostics: vec![problem.at(source.span(0..0))],
        };
    } else {
        (0..source.text.len(), None)
    };
    let fields = [Common::fields(), Data::fields(kind)].concat();
    document(source, yaml.clone(), &fields).and_then(|document| {
        let Some(Document { source, mut pairs }) = document else {
            return Checked::clean(None);
        };
        let body = match body {
            Some(body) => Body::Rest(body),
            None => Body::Key(take_body(&mut pairs)),
        };
        let home = Home {
            kind,
            id,
            source: &source,
            yaml: yaml.clone(),
            base: &[],
        };
        let written = Written::new(&source.text[yaml.clone()]);
        let as_written = |path: &[Step]| written.at(path);
        let mut reader = Reader::new(&as_written);
        let value = entry(&home, &pairs, body, &mut reader);
        let diagnostics = diagnose(&source, yaml, reader.into_findings());
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
    pub(super) source: &'a SourceText,
    pub(super) yaml: Range<usize>,
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
        source: home.source.clone(),
        common,
        data,
        body,
        yaml: home.yaml.clone(),
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
