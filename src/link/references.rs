//! Resolves the references between entries.

use std::collections::BTreeSet;

use super::pictures::{self, Use};
use super::{EntryId, Index, Lookup, targets};
use crate::content::RawEntry;
use crate::diag::{Checked, Code, Problem, SourcePath, Text, text};
use crate::model::Kind;
use crate::model::node::{Part, Step};
use crate::model::shape::Shape;
use crate::model::snapshot::Snapshot;
use crate::model::value::{Finding, Findings, Record};

/// One reference that was found to exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The key it stands under, such as `organizations`.
    pub key: &'static str,
    /// The entry referred to.
    pub to: EntryId,
}

/// What the keys of an entry refer to.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The references that exist, in the order of the keys, each target once per key.
    pub(super) references: Vec<Reference>,
    /// The input files that keys name, and what for.
    pub(super) files: Vec<(SourcePath, Use)>,
    seen: BTreeSet<(&'static str, EntryId)>,
}

/// Resolves every reference and file name in the keys of an entry, with a diagnostic for each that
/// leads nowhere. References to entries that are not public (or could not be read, which is
/// reported elsewhere) are left out silently.
pub(super) fn resolve(entry: &RawEntry, index: &Index<'_>, snapshot: &Snapshot) -> Checked<Found> {
    let mut found = Found::default();
    let mut findings = Findings::default();
    let mut visit = |path: &[Step], tie: &Shape<'_>| {
        // A list of a million wrong ids must not cost a million searches for a likely one.
        if findings.is_full() {
            return;
        }
        let problem = match (tie, path.first()) {
            (Shape::Reference(kind, id), Some(Step::Key(key))) => {
                found.add_reference(key, (*kind, id), index)
            }
            (Shape::File(name), _) => match targets::file(name, entry, snapshot) {
                Ok(source) => {
                    let is_image = path.iter().any(|step| IMAGES.contains(step));
                    let (usage, problem) = if is_image {
                        (Use::Shown, pictures::unshowable(&source, snapshot))
                    } else {
                        (Use::Offered, pictures::unofferable(&source, snapshot))
                    };
                    found.files.push((source, usage));
                    problem
                }
                Err(problem) => Some(problem),
            },
            _ => None,
        };
        if let Some(problem) = problem {
            findings.push(Finding {
                path: path.to_vec(),
                part: Part::Value,
                problem,
            });
        }
    };
    let mut path = Vec::new();
    entry.common.field_ties(&mut path, &mut visit);
    entry.data.field_ties(&mut path, &mut visit);
    Checked {
        value: found,
        diagnostics: entry.diagnose(findings),
    }
}

impl Found {
    fn add_reference(
        &mut self,
        key: &'static str,
        (kind, id): (Kind, &str),
        index: &Index<'_>,
    ) -> Option<Problem> {
        match index.find(kind, id) {
            Lookup::Public(to) => {
                if self.seen.insert((key, to)) {
                    self.references.push(Reference { key, to });
                }
                None
            }
            Lookup::Hidden => None,
            Lookup::Unknown => Some(unknown(kind, id, index)),
        }
    }
}

/// The keys whose files are images.
const IMAGES: [Step; 3] = [Step::Key("cover"), Step::Key("photo"), Step::Key("photos")];

/// What officers write between the items of a list.
const SEPARATORS: [char; 5] = [',', '，', '、', ';', '；'];

/// The problem that no entry of `kind` has this id.
pub(super) fn unknown(kind: Kind, id: &str, index: &Index<'_>) -> Problem {
    let label = kind.label();
    let problem = Problem::error(
        Code::UnknownReference,
        Text {
            zh: format!("没有名为 `{id}` 的{}", label.zh),
            en: format!("no {} called `{id}`", label.en),
        },
    );
    let parts: Vec<&str> = id.split(SEPARATORS).map(str::trim).collect();
    if parts.len() > 1 {
        let better = parts.join(", ");
        return problem.hint(text!(
            "几项之间用半角逗号，整个放进方括号：`[{better}]`",
            "separate items by ASCII commas, in brackets: `[{better}]`"
        ));
    }
    let near = index.did_you_mean(kind, id);
    let remedy = if near.is_some() {
        None
    } else if kind.is_vocabulary() {
        Some(text!(
            "先在 content/vocabulary.yaml 的 `{0}` 里加上它",
            "add it to `{0}` in content/vocabulary.yaml",
            kind.collection()
        ))
    } else {
        Some(text!(
            "先建立 content/{0}/{id}.md，或改正这里",
            "create content/{0}/{id}.md or correct this",
            kind.collection()
        ))
    };
    problem.maybe_hint(near).maybe_hint(remedy)
}
