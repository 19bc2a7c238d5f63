//! Reading typed values from YAML, every problem at once.
//!
//! Invariant: reading never stops at the first problem; a value that cannot be read is reported
//! and treated as absent.

use std::collections::BTreeSet;

use super::form::{FieldForm, Form};
use super::node::{Node, Part, Step};
use super::number;
use super::shape::Shape;
use crate::diag::{Code, Problem, Severity, Text, did_you_mean, text};

/// A type that can stand as the value of a key.
pub trait Value: Sized {
    /// What may be written.
    fn form() -> Form;

    /// The value when nothing is written; `None` when something must be.
    fn absent() -> Option<Self> {
        None
    }

    /// The value of `node`, if it is one, for types of which nothing else can be said.
    fn of_node(node: &Node) -> Option<Self> {
        let _ = node;
        None
    }

    /// The value of `node`; `None` after a problem has been reported to `reader`.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let value = Self::of_node(node);
        if value.is_none() {
            reader.wrong_type(node, &Self::form());
        }
        value
    }

    /// The content, for code that does not know the type.
    fn inspect(&self) -> Shape<'_>;

    /// Whether such a value may hold [ties](Value::ties).
    const HAS_TIES: bool = false;

    /// Calls `visit` with everything in the value that leads to something else, a [`Shape::Reference`] or a
    /// [`Shape::File`], and with the way to it; `path` is the way to the value itself.
    ///
    /// It is what [`Shape::walk`] would find, without looking at anything else.
    fn ties(&self, path: &mut Vec<Step>, visit: &mut TieVisitor<'_>) {
        let _ = (path, visit);
    }
}

/// What is called with each tie and the way to it.
pub type TieVisitor<'v> = dyn FnMut(&[Step], &Shape<'_>) + 'v;

/// A struct whose fields are keys of a mapping; implemented by the macro `record!` alone.
pub trait Record: Sized {
    /// The keys.
    fn fields() -> Vec<FieldForm>;

    /// Takes the record's keys from a mapping; `None` when a required one is missing.
    fn read_fields(map: &mut MapReader<'_, '_, '_>) -> Option<Self>;

    /// The content of every field.
    fn inspect_fields(&self) -> Vec<(&'static str, Shape<'_>)>;

    /// Whether any field may hold [ties](Value::ties).
    const HAS_TIES: bool;

    /// The [ties](Value::ties) of every field; `path` is the way to the record, empty for an entry.
    fn field_ties(&self, path: &mut Vec<Step>, visit: &mut TieVisitor<'_>);
}

/// A problem and the way to the value it concerns.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The way from the root of the YAML document.
    pub path: Vec<Step>,
    /// Whether the key or the value is meant.
    pub part: Part,
    /// What is wrong.
    pub problem: Problem,
}

/// Most problems that are told of one file; somebody who made a million mistakes made one.
pub const MOST_PER_FILE: usize = 100;

/// The problems of one file.
#[derive(Debug, Default)]
pub struct Findings {
    /// The first of them, [`MOST_PER_FILE`] at most.
    pub shown: Vec<Finding>,
    /// The most serious of the others, if there are any.
    pub more: Option<Severity>,
}

impl Findings {
    /// Adds a problem if there is still room.
    pub fn push(&mut self, finding: Finding) {
        if self.shown.len() < MOST_PER_FILE {
            self.shown.push(finding);
        } else {
            let severity = finding.problem.severity;
            self.more = Some(self.more.map_or(severity, |more| more.min(severity)));
        }
    }

    /// Whether a further problem would not be told, so that it need not be worded.
    pub fn is_full(&self) -> bool {
        self.more == Some(Severity::Error)
    }
}

/// Collects problems while values are read.
pub struct Reader<'s> {
    path: Vec<Step>,
    findings: Findings,
    as_written: &'s dyn Fn(&[Step]) -> Option<String>,
}

impl<'s> Reader<'s> {
    /// A reader for a document; `as_written` gives the source text of a scalar, which YAML's
    /// numbers do not keep (`1.10`).
    pub fn new(as_written: &'s dyn Fn(&[Step]) -> Option<String>) -> Self {
        Reader {
            path: Vec::new(),
            findings: Findings::default(),
            as_written,
        }
    }

    /// Everything that was reported.
    pub fn into_findings(self) -> Findings {
        self.findings
    }

    /// Whether a further problem would not be told, so that it need not be worded.
    pub fn is_full(&self) -> bool {
        self.findings.is_full()
    }

    /// Reports a problem with the value at hand.
    pub fn report(&mut self, problem: Problem) {
        self.findings.push(Finding {
            path: self.path.clone(),
            part: Part::Value,
            problem,
        });
    }

    /// Reports a problem with the value at the end of a way from the one at hand.
    pub fn report_at(&mut self, way: &[Step], problem: Problem) {
        self.findings.push(Finding {
            path: [&self.path[..], way].concat(),
            part: Part::Value,
            problem,
        });
    }

    /// Reports that the value at hand has the wrong type.
    pub fn wrong_type(&mut self, node: &Node, form: &Form) {
        let (found, expected) = (found(node), form.expected());
        let message = Text {
            zh: format!("这里应为{}，写的是{}", expected.zh, found.zh),
            en: format!("expected {}, found {}", expected.en, found.en),
        };
        let key = match self.path.last() {
            Some(Step::Key(key)) => Some(*key),
            _ => None,
        };
        let remedy = number::remedy(node, form, key);
        self.report(Problem::error(Code::WrongType, message).maybe_hint(remedy));
    }

    /// Whether anything has been reported about `key` of the mapping at hand.
    pub fn is_reported(&self, key: &'static str) -> bool {
        let depth = self.path.len();
        self.findings.shown.iter().any(|finding| {
            finding.path.starts_with(&self.path) && finding.path.get(depth) == Some(&Step::Key(key))
        })
    }

    /// The scalar at hand as it stands in the file; `None` where an alias stands for it.
    pub fn as_written(&self) -> Option<String> {
        (self.as_written)(&self.path)
    }

    /// Goes one step down for as long as `read` runs.
    pub fn within<T>(&mut self, step: Step, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let value = read(self);
        self.path.pop();
        value
    }

    /// Reports a problem with the key of a pair, counted from 0, of the mapping at hand.
    pub fn report_key(&mut self, pair: usize, problem: Problem) {
        let mut path = self.path.clone();
        path.push(Step::Pair(pair));
        self.findings.push(Finding {
            path,
            part: Part::Key,
            problem,
        });
    }
}

fn found(node: &Node) -> Text {
    match node {
        Node::Null => text!("空值", "nothing"),
        Node::Boolean(value) => text!("`{value}`", "`{value}`"),
        Node::Integer(value) => text!("`{value}`", "`{value}`"),
        Node::Float(value) => text!("`{value}`", "`{value}`"),
        Node::Text(value) => {
            let shown: String = value.chars().take(40).collect();
            text!("`{shown}`", "`{shown}`")
        }
        Node::List(_) => text!("列表", "a list"),
        Node::Map(_) => text!("“键: 值”", "a mapping"),
    }
}

/// Reads the keys of one mapping and remembers which were asked for.
pub struct MapReader<'r, 's, 'n> {
    reader: &'r mut Reader<'s>,
    pairs: &'n [(String, Node)],
    asked: Vec<&'static str>,
    known: Vec<fn() -> Vec<FieldForm>>,
}

impl<'r, 's, 'n> MapReader<'r, 's, 'n> {
    /// A reader of `pairs`, which are the mapping at hand of `reader`.
    pub fn new(reader: &'r mut Reader<'s>, pairs: &'n [(String, Node)]) -> Self {
        MapReader {
            reader,
            pairs,
            asked: Vec::new(),
            known: Vec::new(),
        }
    }

    /// Reads all keys of a record.
    pub fn record<R: Record>(&mut self) -> Option<R> {
        self.known.push(R::fields);
        R::read_fields(self)
    }

    /// Reads one key.
    pub fn field<T: Value>(&mut self, name: &'static str) -> Option<T> {
        self.asked.push(name);
        let written = self
            .pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, node)| node);
        match written {
            Some(node) if *node != Node::Null => {
                let value = self
                    .reader
                    .within(Step::Key(name), |reader| T::read(node, reader));
                value.or_else(T::absent)
            }
            _ => T::absent().or_else(|| {
                self.missing(name, written.is_some());
                None
            }),
        }
    }

    fn missing(&mut self, name: &'static str, empty: bool) {
        let label = self.label(name);
        let problem = Problem::error(
            Code::MissingKey,
            if empty {
                text!("`{name}`（{label}）没有填写", "`{name}` has no value")
            } else {
                text!("缺少 `{name}`（{label}）", "`{name}` is missing")
            },
        )
        .hint(text!("加一行 `{name}: …`", "add a line `{name}: …`"));
        if empty {
            self.reader
                .within(Step::Key(name), |reader| reader.report(problem));
        } else {
            self.reader.report(problem);
        }
    }

    fn label(&self, name: &str) -> &'static str {
        let fields = self.known.iter().flat_map(|fields| fields());
        fields
            .into_iter()
            .find(|field| field.name == name)
            .map_or("", |field| field.label())
    }

    /// Reports keys that nobody asked for and keys written twice.
    pub fn finish(self) {
        let mut seen = BTreeSet::new();
        for (index, (key, _)) in self.pairs.iter().enumerate() {
            if self.reader.is_full() {
                return;
            }
            if !seen.insert(key.as_str()) {
                self.reader.report_key(index, written_twice(key));
            } else if !self.asked.contains(&key.as_str()) {
                let problem = self.unknown(key);
                self.reader.report_key(index, problem);
            }
        }
    }

    fn unknown(&self, key: &str) -> Problem {
        if is_secret(key) {
            return secret(key);
        }
        if let Some((word, _)) = key.split_once('：') {
            let message = text!(
                "`{key}` 里的 `：` 是全角的，整个成了一个键",
                "`{key}` is a key as a whole, since its `：` is full-width"
            );
            let problem = Problem::error(Code::FullWidth, message);
            return problem.hint(text!(
                "改成半角冒号加一个空格：`{word}: …`",
                "write an ASCII colon and a space: `{word}: …`"
            ));
        }
        let fields: Vec<_> = self.known.iter().flat_map(|fields| fields()).collect();
        let names = fields.iter().map(|field| (field.name, Some(field.label())));
        let all = || fields.iter().map(|field| field.name).collect::<Vec<_>>();
        let hint = did_you_mean(key, names).unwrap_or_else(|| Text {
            zh: format!("可用的键：{}", all().join("、")),
            en: format!("known keys: {}", all().join(", ")),
        });
        Problem::error(
            Code::UnknownKey,
            text!("这里没有 `{key}` 这个键", "there is no key `{key}` here"),
        )
        .hint(hint)
    }
}

/// Whether a key is what storages call the keys to them.
fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let words = [
        "secret",
        "password",
        "access_key",
        "accesskey",
        "security_token",
        "session_token",
    ];
    words.iter().any(|word| key.contains(word))
}

/// The problem that a password or a key is written where everybody who has the site's files reads it.
pub(crate) fn secret(key: &str) -> Problem {
    let message = text!(
        "密钥不能写在这里：`{key}`",
        "no keys or passwords here: `{key}`"
    );
    let hint = text!(
        "删去这一行，把密钥写进环境变量（README 列出了变量名）；它已经写进过文件，应当作废换新的",
        "delete this line and put the key into the environment (README lists the variables); it has been in a file, so replace it by a new one"
    );
    Problem::error(Code::Secret, message).hint(hint)
}

/// The problem that a key is written twice.
pub(crate) fn written_twice(key: &str) -> Problem {
    let message = text!("`{key}` 写了两次", "`{key}` is written twice");
    let hint = text!("两处合并为一处", "merge the two into one");
    Problem::error(Code::DuplicateKey, message).hint(hint)
}

/// Reads a whole record from a mapping; used by the macro `record!`.
///
/// A scalar is taken for the value of the key `shorthand` unless that is empty.
pub fn read_record<R: Record + Value>(
    node: &Node,
    reader: &mut Reader<'_>,
    shorthand: &'static str,
) -> Option<R> {
    let whole;
    let pairs = match node {
        Node::Map(pairs) => pairs,
        Node::List(_) | Node::Null => {
            reader.wrong_type(node, &R::form());
            return None;
        }
        _ if shorthand.is_empty() => {
            reader.wrong_type(node, &R::form());
            return None;
        }
        scalar => {
            whole = vec![(shorthand.to_owned(), scalar.clone())];
            &whole
        }
    };
    let mut map = MapReader::new(reader, pairs);
    let record = map.record::<R>();
    map.finish();
    record
}
