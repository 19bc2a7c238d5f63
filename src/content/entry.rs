//! One file to one entry.

use std::collections::BTreeSet;
use std::ops::Range;

use super::yaml::Locator;
use super::{check, front_matter, syntax, yaml};
use crate::diag::{Checked, Code, Diagnostic, Problem, SourceText, Span, text};
use crate::model::Kind;
use crate::model::form::FieldForm;
use crate::model::kinds::{Common, Data};
use crate::model::node::{Node, Part, Step};
use crate::model::value::{Finding, MapReader, Reader, Record};

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

/// Most diagnostics that are shown of one file; the rest are counted.
pub const MOST_PER_FILE: usize = 100;

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
    pub fn diagnose(&self, findings: Vec<Finding>) -> Vec<Diagnostic> {
        let rebased = findings.into_iter().map(|finding| Finding {
            path: [&self.base[..], &finding.path].concat(),
            ..finding
        });
        diagnose(&self.source, self.yaml.clone(), rebased.collect())
    }
}

/// Places findings about a YAML document that stands at `range` of `source`.
pub(super) fn diagnose(
    source: &SourceText,
    range: Range<usize>,
    findings: Vec<Finding>,
) -> Vec<Diagnostic> {
    if findings.is_empty() {
        return Vec::new();
    }
    let more = findings.len().saturating_sub(MOST_PER_FILE);
    let locator = Locator::new(&source.text[range.clone()]);
    let mut diagnostics: Vec<_> = findings
        .into_iter()
        .take(MOST_PER_FILE)
        .map(|finding| {
            let found = locator.locate(&finding.path, finding.part);
            finding
                .problem
                .at(source.span(range.start + found.start..range.start + found.end))
        })
        .collect();
    if more > 0 {
        let message = text!(
            "这个文件另有 {more} 个问题未列出",
            "{more} more problems in this file are not shown"
        );
        diagnostics
            .push(Problem::error(Code::TooMany, message).at(Span::file(source.path.clone())));
    }
    diagnostics
}

/// The scalar at `path` of a document as it stands in its text.
pub(super) fn as_written(yaml: &str, path: &[Step]) -> Option<String> {
    let range = Locator::new(yaml).locate(path, Part::Value);
    let written = yaml.get(range)?.trim();
    Some(written.trim_matches(['"', '\'']).to_owned())
}

/// The pairs of the YAML document at `range`; `None` after an error.
///
/// `fields` are the keys expected at the top, for recognising `标题：…`.
pub(super) fn document(
    source: &SourceText,
    range: Range<usize>,
    fields: &[FieldForm],
) -> Checked<Option<Vec<(String, Node)>>> {
    let failed = |diagnostics| Checked {
        value: None,
        diagnostics,
    };
    let key_name = |word: &str| {
        let named = fields
            .iter()
            .find(|field| field.name == word || field.label() == word);
        named.map(|field| field.name)
    };
    let diagnostics = syntax::full_width_colons(source, range.clone(), key_name);
    match yaml::parse(&source.text[range.clone()]) {
        Err(error) => failed(syntax::explain(source, range, &error, key_name)),
        Ok(_) if !diagnostics.is_empty() => failed(diagnostics),
        Ok(Node::Map(pairs)) => Checked::clean(Some(pairs)),
        Ok(Node::Null) => Checked::clean(Some(Vec::new())),
        Ok(_) => {
            let problem = Problem::error(
                Code::WrongType,
                text!(
                    "这里应是若干行“键: 值”",
                    "lines of `key: value` are expected here"
                ),
            );
            let hint = text!(
                "每行写作 `title: 标题`，冒号后空一格",
                "write `title: …`, with a space after the colon"
            );
            failed(vec![problem.hint(hint).at(source.span(range))])
        }
    }
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
    document(source, yaml.clone(), &fields).and_then(|pairs| {
        let Some(mut pairs) = pairs else {
            return Checked::clean(None);
        };
        let body = match body {
            Some(body) => Body::Rest(body),
            None => Body::Key(take_body(&mut pairs)),
        };
        let home = Home {
            kind,
            id,
            source,
            yaml: yaml.clone(),
            base: &[],
        };
        entry(&home, &pairs, body)
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
struct Home<'a> {
    kind: Kind,
    id: &'a str,
    source: &'a SourceText,
    yaml: Range<usize>,
    base: &'a [Step],
}

fn entry(home: &Home<'_>, pairs: &[(String, Node)], body: Body) -> Checked<Option<RawEntry>> {
    let yaml = &home.source.text[home.yaml.clone()];
    let as_written = |path: &[Step]| as_written(yaml, &[home.base, path].concat());
    let mut reader = Reader::new(&as_written);
    let mut map = MapReader::new(&mut reader, pairs);
    let common = map.record::<Common>();
    let data = Data::read(home.kind, &mut map);
    if matches!(body, Body::Key(_)) && !home.kind.is_vocabulary() {
        let _ = map.field::<Option<BodyKey>>("body");
    }
    map.finish();
    if let (Some(common), Some(data)) = (&common, &data) {
        check::entry(home.kind, common, data, &mut reader);
    }
    let findings = reader.into_findings().into_iter().map(|finding| Finding {
        path: [home.base, &finding.path].concat(),
        ..finding
    });
    let diagnostics = diagnose(home.source, home.yaml.clone(), findings.collect());
    let value = common.zip(data).map(|(common, data)| RawEntry {
        kind: home.kind,
        id: home.id.to_owned(),
        source: home.source.clone(),
        common,
        data,
        body,
        yaml: home.yaml.clone(),
        base: home.base.to_vec(),
    });
    Checked { value, diagnostics }
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

/// Reads `content/vocabulary.yaml`: one entry for each term.
pub(super) fn vocabulary(source: &SourceText) -> Checked<Vec<RawEntry>> {
    let whole = 0..source.text.len();
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| kind.is_vocabulary())
        .collect();
    document(source, whole.clone(), &[]).and_then(|pairs| {
        let mut entries = Vec::new();
        let mut diagnostics = Vec::new();
        let as_written = |_: &[Step]| None;
        let mut reader = Reader::new(&as_written);
        for (index, (key, node)) in pairs.iter().flatten().enumerate() {
            match (kinds.iter().find(|kind| kind.collection() == key), node) {
                (Some(&kind), Node::List(terms)) => {
                    let base = [Step::Key(kind.collection())];
                    entries.extend(
                        self::terms(kind, terms, source, &base).drain_into(&mut diagnostics),
                    );
                }
                (Some(_), Node::Null) => {}
                (Some(_), other) => reader.within(Step::Pair(index), |reader| {
                    reader.wrong_type(
                        other,
                        &<Vec<crate::model::kinds::Term> as crate::model::value::Value>::form(),
                    );
                }),
                (None, _) => reader.within(Step::Pair(index), |reader| {
                    let names: Vec<_> = kinds.iter().map(|kind| kind.collection()).collect();
                    let problem = Problem::error(
                        Code::UnknownKey,
                        text!("词表里没有 `{key}` 这一类", "the vocabulary has no `{key}`"),
                    );
                    let near =
                        crate::diag::did_you_mean(key, names.iter().map(|name| (*name, None)));
                    reader.report(problem.maybe_hint(near));
                }),
            }
        }
        diagnostics.extend(diagnose(source, whole, reader.into_findings()));
        Checked {
            value: entries,
            diagnostics,
        }
    })
}

fn terms(kind: Kind, terms: &[Node], source: &SourceText, base: &[Step]) -> Checked<Vec<RawEntry>> {
    let mut entries: Vec<RawEntry> = Vec::new();
    let mut diagnostics = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, term) in terms.iter().enumerate() {
        let base = [base, &[Step::Index(index)]].concat();
        let none = Vec::new();
        let pairs = if let Node::Map(pairs) = term {
            pairs
        } else {
            &none
        };
        let id = pairs.iter().find_map(|(key, value)| match value {
            Node::Text(text) if key == "id" => Some(text.as_str()),
            _ => None,
        });
        let home = Home {
            kind,
            id: id.unwrap_or_default(),
            source,
            yaml: 0..source.text.len(),
            base: &base,
        };
        let entry = entry(&home, pairs, Body::Key(String::new())).drain_into(&mut diagnostics);
        let Some(entry) = entry else { continue };
        if seen.insert(entry.id.clone()) {
            entries.push(entry);
        } else {
            let id = &entry.id;
            let problem = Problem::error(
                Code::DuplicateValue,
                text!("标识 `{id}` 用了两次", "the id `{id}` is used twice"),
            );
            diagnostics.push(problem.at(entry.span(&[Step::Key("id")], Part::Value)));
        }
    }
    Checked {
        value: entries,
        diagnostics,
    }
}
