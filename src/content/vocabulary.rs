//! `content/vocabulary.yaml`: one entry for each term, and words that mean the same.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::document::{self, Document};
use super::entry::{Body, Home, RawEntry, entry};
use super::synonyms;
use crate::diag::{Checked, Code, Problem, SourceText, did_you_mean, text};
use crate::model::Kind;
use crate::model::form::{FieldForm, Form};
use crate::model::kinds::{Common, Term};
use crate::model::node::{Node, Step};
use crate::model::value::{Reader, Record, Value, written_twice};

/// The key of the words that mean the same; every other key is that of a kind.
const SYNONYMS: &str = "synonyms";

/// What the file holds.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// The terms, in the order of the file.
    pub(super) terms: Vec<Arc<RawEntry>>,
    /// The kinds of which some term could not be read.
    pub(super) broken: BTreeSet<Kind>,
    /// Groups of words that mean the same to the search.
    pub(super) synonyms: Vec<Vec<String>>,
}

impl Vocabulary {
    /// A vocabulary of which nothing is known.
    pub(super) fn unreadable() -> Self {
        let kinds = Kind::ALL.into_iter().filter(|kind| kind.is_vocabulary());
        Vocabulary {
            broken: kinds.collect(),
            ..Vocabulary::default()
        }
    }

    /// Adds the terms of one kind.
    fn add(&mut self, kind: Kind, node: &Node, document: &Arc<Document>, reader: &mut Reader<'_>) {
        let list = match node {
            Node::List(list) => list,
            Node::Null => return,
            other => {
                reader.wrong_type(other, &<Vec<Term> as Value>::form());
                self.broken.insert(kind);
                return;
            }
        };
        let mut seen = BTreeSet::new();
        for (index, term) in list.iter().enumerate() {
            let base = [Step::Key(kind.collection()), Step::Index(index)];
            let entry = reader.within(Step::Index(index), |reader| match term {
                Node::Map(pairs) => self::term(kind, pairs, (document, &base), reader),
                other => {
                    reader.wrong_type(other, &Term::form());
                    None
                }
            });
            match entry {
                None => drop(self.broken.insert(kind)),
                Some(entry) if seen.insert(entry.id.clone()) => self.terms.push(Arc::new(entry)),
                Some(entry) => reader.report_at(
                    &[Step::Index(index), Step::Key("id")],
                    used_twice(&entry.id),
                ),
            }
        }
    }
}

/// Reads the terms.
pub(super) fn read(source: &SourceText) -> Checked<Vocabulary> {
    document::parse(source, 0..source.text.len(), &fields()).and_then(|parsed| {
        let Some((document, pairs)) = parsed else {
            return Checked::clean(Vocabulary::unreadable());
        };
        let document = Arc::new(document);
        let as_written = |path: &[Step]| document.written(path);
        let mut reader = Reader::new(&as_written);
        let mut vocabulary = Vocabulary::default();
        let mut seen = BTreeSet::new();
        for (pair, (key, node)) in pairs.iter().enumerate() {
            let known = Kind::ALL
                .into_iter()
                .find(|kind| kind.is_vocabulary() && kind.collection() == key);
            if known.is_none() && key != SYNONYMS {
                reader.report_key(pair, unknown(key));
            } else if !seen.insert(known) {
                reader.report_key(pair, written_twice(key));
            } else if let Some(kind) = known {
                reader.within(Step::Key(kind.collection()), |reader| {
                    vocabulary.add(kind, node, &document, reader);
                });
            } else {
                vocabulary.synonyms =
                    reader.within(Step::Key(SYNONYMS), |reader| synonyms::read(node, reader));
            }
        }
        Checked {
            value: vocabulary,
            diagnostics: document.diagnose(reader.into_findings()),
        }
    })
}

/// The keys at the top, each the list of the terms of one kind.
fn fields() -> Vec<FieldForm> {
    let term = || [Common::fields(), Term::fields()].concat();
    let kinds = Kind::ALL.into_iter().filter(|kind| kind.is_vocabulary());
    let fields = kinds.map(|kind| FieldForm {
        name: kind.collection(),
        doc: kind.collection(),
        form: Form::List(Box::new(Form::Record(term))),
        required: false,
    });
    fields.collect()
}

fn unknown(key: &str) -> Problem {
    let kinds = Kind::ALL.into_iter().filter(|kind| kind.is_vocabulary());
    let names: Vec<&str> = kinds.map(Kind::collection).chain([SYNONYMS]).collect();
    let (zh, en) = (names.join("、"), names.join(", "));
    let message = text!("词表里没有 `{key}` 这一类", "the vocabulary has no `{key}`");
    let hint = text!("可用的类：{zh}", "known keys: {en}");
    Problem::error(Code::UnknownKey, message)
        .maybe_hint(did_you_mean(key, names.iter().map(|name| (*name, None))))
        .hint(hint)
}

fn term(
    kind: Kind,
    pairs: &[(String, Node)],
    (document, base): (&Arc<Document>, &[Step]),
    reader: &mut Reader<'_>,
) -> Option<RawEntry> {
    let written = pairs.iter().find(|(key, _)| key == "id");
    let id = match written.map(|(_, value)| value) {
        Some(Node::Text(text)) => text.clone(),
        Some(Node::Integer(_) | Node::Float(_)) => reader
            .within(Step::Key("id"), |reader| reader.as_written())
            .unwrap_or_default(),
        _ => String::new(),
    };
    let home = Home {
        kind,
        id: &id,
        document: Arc::clone(document),
        base,
    };
    entry(&home, pairs, Body::Key(String::new()), reader)
}

fn used_twice(id: &str) -> Problem {
    let message = text!("标识 `{id}` 用了两次", "the id `{id}` is used twice");
    let hint = text!("给其中一个改用别的标识", "give one of them another id");
    Problem::error(Code::DuplicateValue, message).hint(hint)
}
