//! Reads the files of a [`Snapshot`] into typed entries.
//!
//! Input: file bytes. Output: [`RawSite`], whose references are ids not yet known to exist.
//! Steps: decode, split front matter, parse YAML, read the keys of the kind, check what one entry
//! can be checked for alone.
//!
//! Invariants: no I/O; one file never affects another; entries follow the order of their paths.

mod check;
mod decode;
mod document;
mod entry;
mod front_matter;
mod memo;
mod mend;
mod recall;
mod steps;
mod synonyms;
mod syntax;
mod targets;
mod vocabulary;
mod yaml;

pub use document::Document;
pub(crate) use document::more_problems;
pub use entry::{Body, RawEntry};
pub use memo::Memo;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diag::{
    Checked, Code, Diagnostic, Problem, SourcePath, SourceText, Span, Text, did_you_mean, text,
};
use crate::model::Kind;
use crate::model::config::SiteConfig;
use crate::model::node::Node;
use crate::model::snapshot::{InputFile, Snapshot};
use crate::model::value::{MapReader, Reader, Record};
use recall::Recall;
use vocabulary::Vocabulary;

/// Everything that was read, unlinked.
#[derive(Debug, Default)]
pub struct RawSite {
    /// `site.yaml`, when it could be read.
    pub config: Option<Arc<RawConfig>>,
    /// The entries, in path order; vocabulary terms last.
    pub entries: Vec<Arc<RawEntry>>,
    /// Groups of words that mean the same to the search.
    pub synonyms: Vec<Vec<String>>,
    /// What exists but could not be read.
    pub broken: Broken,
}

/// What exists but could not be read: references to it are not reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Broken {
    /// Entries by kind and id.
    pub entries: BTreeSet<(Kind, String)>,
    /// Kinds of which any entry may be missing.
    pub kinds: BTreeSet<Kind>,
}

/// Reads all content of a site; a file that has not changed since the last time is not parsed again.
pub fn read(snapshot: &Snapshot, memo: &mut Memo) -> Checked<RawSite> {
    let mut diagnostics = Vec::new();
    let config = memo.config(snapshot).drain_into(&mut diagnostics);
    let mut site = RawSite {
        config,
        ..RawSite::default()
    };
    let files: Vec<_> = snapshot.below("content").filter(is_entry).collect();
    if files.is_empty() {
        diagnostics.push(no_content());
    }
    for checked in memo.read(&files) {
        diagnostics.extend(checked.diagnostics.iter().cloned());
        match &checked.value {
            Outcome::Entry(entry) => site.entries.push(Arc::clone(entry)),
            Outcome::Vocabulary(vocabulary) => {
                site.entries.extend(vocabulary.terms.iter().cloned());
                site.broken.kinds.extend(&vocabulary.broken);
                site.synonyms.clone_from(&vocabulary.synonyms);
            }
            Outcome::Broken(kind, id) => drop(site.broken.entries.insert((*kind, id.clone()))),
            Outcome::Nothing => {}
        }
    }
    Checked {
        value: site,
        diagnostics,
    }
}

/// `site.yaml`, with the places of its keys.
#[derive(Debug)]
pub struct RawConfig {
    /// The settings.
    pub config: SiteConfig,
    /// Where they stand.
    pub document: Document,
}

/// A site without content is a folder that was moved or renamed, and must not replace a good one.
fn no_content() -> Diagnostic {
    let message = text!("content/ 里一篇内容也没有", "there is nothing in content/");
    let hint = text!(
        "检查文件夹 content 是否在网站文件夹里、名字是否小写；新网站先写 content/pages/about.md",
        "check that the folder `content` is in the site's folder; a new site begins with content/pages/about.md"
    );
    Problem::error(Code::MissingFile, message)
        .hint(hint)
        .nowhere()
}

/// Reads `site.yaml` alone; `None` after an error.
pub fn config(snapshot: &Snapshot) -> Checked<Option<RawConfig>> {
    // Its absence is reported by whoever made the snapshot.
    let Some(file) = snapshot.readable("site.yaml") else {
        return Checked::clean(None);
    };
    checked_record(&SourcePath::new("site.yaml"), file, check::config)
        .map(|read| read.map(|(config, document)| RawConfig { config, document }))
}

/// Decodes a text file; `None` after an error.
pub fn text(path: &SourcePath, file: &InputFile) -> Checked<Option<SourceText>> {
    decode::decode(path, file)
}

/// Reads a YAML file that is one record; `None` after an error.
pub fn record<R: Record>(path: &SourcePath, file: &InputFile) -> Checked<Option<R>> {
    checked_record(path, file, |_, _| {}).map(|read| read.map(|(record, _)| record))
}

/// Reads a YAML file without a type; `None` after an error.
pub fn free(path: &SourcePath, file: &InputFile) -> Checked<Option<Vec<(String, Node)>>> {
    decode::decode(path, file).and_then(|source| match source {
        Some(source) => document::parse(&source, 0..source.text.len(), &[])
            .map(|parsed| parsed.map(|(_, pairs)| pairs)),
        None => Checked::clean(None),
    })
}

/// Reads a YAML file that is one record, with the places of its keys; `None` after an error.
fn checked_record<R: Record>(
    path: &SourcePath,
    file: &InputFile,
    check: impl Fn(&R, &mut Reader<'_>),
) -> Checked<Option<(R, Document)>> {
    decode::decode(path, file).and_then(|source| {
        let Some(source) = source else {
            return Checked::clean(None);
        };
        document::parse(&source, 0..source.text.len(), &R::fields()).and_then(|parsed| {
            let Some((document, pairs)) = parsed else {
                return Checked::clean(None);
            };
            let as_written = |path: &[_]| document.written(path);
            let mut reader = Reader::new(&as_written);
            let mut map = MapReader::new(&mut reader, &pairs);
            let record = map.record::<R>();
            map.finish();
            if let Some(record) = &record {
                check(record, &mut reader);
            }
            let diagnostics = document.diagnose(reader.into_findings());
            Checked {
                value: record.map(|record| (record, document)),
                diagnostics,
            }
        })
    })
}

#[derive(Debug)]
enum Outcome {
    Entry(Arc<RawEntry>),
    Vocabulary(Vocabulary),
    Broken(Kind, String),
    Nothing,
}

/// Whether a file below `content/` is an entry, by its name.
pub(crate) fn is_entry_name(path: &SourcePath) -> bool {
    matches!(path.extension().as_str(), "md" | "yaml" | "yml")
}

fn is_entry((path, file): &(&SourcePath, &InputFile)) -> bool {
    is_entry_name(path) && !matches!(file, InputFile::Media(_))
}

fn file(path: &SourcePath, file: &InputFile, recall: &mut Recall<'_>) -> Checked<Outcome> {
    let below = path
        .as_str()
        .strip_prefix("content/")
        .unwrap_or(path.as_str());
    if below == "vocabulary.yaml" {
        return source(path, file).and_then(|source| match source {
            Some(source) => vocabulary::read(&source).map(Outcome::Vocabulary),
            None => Checked::clean(Outcome::Vocabulary(Vocabulary::unreadable())),
        });
    }
    let (kind, id) = match identify(path, below) {
        Ok(identity) => identity,
        Err(diagnostic) => {
            return Checked {
                value: Outcome::Nothing,
                diagnostics: vec![*diagnostic],
            };
        }
    };
    source(path, file)
        .and_then(|source| match source {
            Some(source) => entry::read(kind, &id, &source, recall),
            None => Checked::clean(None),
        })
        .map(|entry| match entry {
            Some(entry) => Outcome::Entry(Arc::new(entry)),
            None => Outcome::Broken(kind, id),
        })
}

/// The text of a content file; `None` after an error, also one that was reported before.
fn source(path: &SourcePath, file: &InputFile) -> Checked<Option<SourceText>> {
    match file {
        InputFile::Unreadable => Checked::clean(None),
        file => decode::decode(path, file),
    }
}

/// The kind and id that a path below `content/` stands for.
fn identify(path: &SourcePath, below: &str) -> Result<(Kind, String), Box<Diagnostic>> {
    let place = || Span::file(path.clone());
    let unexpected = |message: Text| Problem::error(Code::UnexpectedFile, message);
    let folders = || Kind::ALL.into_iter().filter(|kind| !kind.is_vocabulary());
    let Some((folder, rest)) = below.split_once('/') else {
        let problem = unexpected(text!(
            "内容文件要放在 content/ 下的栏目文件夹里",
            "content files live in a folder below content/"
        ));
        let names: Vec<_> = folders().map(Kind::collection).collect();
        let hint = Text {
            zh: format!(
                "栏目文件夹有：{}；词表文件名为 vocabulary.yaml",
                names.join("、")
            ),
            en: format!(
                "folders: {}; the vocabulary is vocabulary.yaml",
                names.join(", ")
            ),
        };
        return Err(Box::new(problem.hint(hint).at(place())));
    };
    let Some(kind) = Kind::of_folder(folder) else {
        let labels: Vec<_> = folders()
            .map(|kind| (kind.collection(), kind.label().zh))
            .collect();
        let known = labels
            .iter()
            .map(|(name, label)| (*name, Some(label.as_str())));
        let problem = unexpected(text!(
            "没有名为 `{folder}` 的栏目",
            "there is no collection `{folder}`"
        ));
        return Err(Box::new(
            problem.maybe_hint(did_you_mean(folder, known)).at(place()),
        ));
    };
    let stem = rest.rsplit_once('.').map_or(rest, |(stem, _)| stem);
    let id = stem.strip_suffix("/index").unwrap_or(stem);
    if id == "index" {
        let problem = unexpected(text!(
            "栏目首页自动生成，不需要 index 文件",
            "a collection's own page is made automatically"
        ));
        let hint = text!(
            "改个名字，如 content/pages/about.md",
            "give it another name, such as content/pages/about.md"
        );
        return Err(Box::new(problem.hint(hint).at(place())));
    }
    if kind.is_yearly() && !(id.len() == 4 && id.bytes().all(|byte| byte.is_ascii_digit())) {
        let message = text!(
            "每年一个文件，文件名应为年份，如 `2021.yaml`",
            "one file per year, named after it, such as `2021.yaml`"
        );
        let problem = Problem::error(Code::InvalidName, message);
        return Err(Box::new(problem.at(place())));
    }
    Ok((kind, id.to_owned()))
}
