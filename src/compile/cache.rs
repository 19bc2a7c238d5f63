//! What a build leaves on disk for the next one.
//!
//! Input: a [`Memo`] and what was written. Output: bytes, and back. Two things are kept: the fingerprint of
//! everything the build looked at, with all it wrote and said, so that nothing at all is compiled when
//! nothing has changed; and for each page the fingerprint of its view, for each body what other stages must
//! know of it, so that only what has changed is parsed and rendered. Without these parts one edit at ten
//! thousand reports takes a new process twice as long.
//!
//! Invariants: a cache that is damaged, or was made by another program, is refused as a whole; what
//! is taken from one is found by the fingerprint of what it was made from, so that no page is ever wrong.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use jiff::civil::DateTime;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Memo, Options};
use crate::content;
use crate::diag::{Checked, Diagnostic, SourcePath};
use crate::markdown::Outline;
use crate::model::digest::{Digest, Fingerprint};
use crate::model::snapshot::{InputFile, Snapshot};
use crate::model::tree::{OutFile, OutPath, OutputTree};
use crate::output;

/// What the file begins with; a program of other sources begins its own differently.
const MARK: &str = concat!(
    "yugang cache ",
    env!("CARGO_PKG_VERSION"),
    " ",
    env!("YUGANG_SOURCES"),
    "\n"
);

/// Most diagnostics that are kept.
const MOST_TOLD: usize = 10_000;

/// Length of the digest at the end.
const SEAL: usize = 32;

/// Why a stored cache cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It was made by another version of the program, or by none.
    Foreign,
    /// It is not as it was written.
    Damaged,
}

/// The files of a finished site: digest and size in bytes.
pub type Files = BTreeMap<OutPath, (Digest, u64)>;

/// What an earlier build left.
#[derive(Debug)]
pub struct Cache<'a> {
    whole: Whole<'a>,
    parts: &'a [u8],
}

/// The build as a whole.
#[derive(Debug, Serialize, Deserialize)]
struct Whole<'a> {
    inputs: Fingerprint,
    /// The moment for which it was built.
    as_of: String,
    /// The first moment for which it would have come out differently.
    until: Option<String>,
    diagnostics: Cow<'a, [Diagnostic]>,
    #[serde(borrow)]
    files: Vec<(&'a str, Digest, u64)>,
}

/// The build piece by piece: what precedes the batches of content files. Each batch is a list of
/// [`StoredFile`]s, and all can be read at the same time.
#[derive(Serialize, Deserialize)]
struct Parts {
    pages: output::Stored,
    /// The length of each batch in bytes.
    batches: Vec<usize>,
}

/// How many files are in a batch.
const BATCH: usize = 512;

/// A content file: what it was made of, and what was made of it.
#[derive(Serialize, Deserialize)]
struct StoredFile<'a, O> {
    path: &'a str,
    content: Fingerprint,
    yaml: &'a [u8],
    body: O,
}

/// What a build looks at, but for the time.
#[derive(Debug)]
pub struct Inputs {
    /// The fingerprint of everything.
    whole: Fingerprint,
    files: BTreeMap<SourcePath, Fingerprint>,
}

impl Inputs {
    /// What a build of `snapshot` with `options` looks at.
    pub fn of(snapshot: &Snapshot, options: &Options) -> Self {
        let files: Vec<_> = snapshot.files.iter().collect();
        let prints: Vec<Fingerprint> = files
            .par_iter()
            .map(|(_, file)| match file {
                InputFile::Text(text) => Fingerprint::of(text.as_bytes()),
                InputFile::Bytes(bytes) => Fingerprint::of(bytes),
                InputFile::Media(media) => Fingerprint::of(format!("{media:?}").as_bytes()),
                InputFile::Unreadable => Fingerprint::of(b"unreadable"),
            })
            .collect();
        let mut whole = Vec::with_capacity(128 * files.len());
        for ((path, file), print) in files.iter().zip(&prints) {
            whole.extend_from_slice(path.as_str().as_bytes());
            whole.push(u8::from(file.bytes().is_some()));
            whole.extend_from_slice(&print.to_bytes());
        }
        whole.extend_from_slice(
            format!(
                "{}\n{:?}\n{:?}",
                options.drafts, options.base_url, options.links
            )
            .as_bytes(),
        );
        let paths = files.into_iter().map(|(path, _)| path.clone());
        Inputs {
            whole: Fingerprint::of(&whole),
            files: paths.zip(prints).collect(),
        }
    }
}

impl<'a> Cache<'a> {
    /// Reads what [`encode`] wrote.
    ///
    /// # Errors
    /// When it is damaged or of another program.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let content = bytes.strip_prefix(MARK.as_bytes()).ok_or(Flaw::Foreign)?;
        let (content, seal) = content
            .split_at_checked(content.len().wrapping_sub(SEAL))
            .ok_or(Flaw::Damaged)?;
        if *seal != sealed(&[content]) {
            return Err(Flaw::Damaged);
        }
        let (whole, parts) = postcard::take_from_bytes(content).map_err(|_| Flaw::Damaged)?;
        Ok(Cache { whole, parts })
    }

    /// What compiling would yield, if nothing that it looks at has changed; every file is
    /// [kept](OutFile::Kept).
    pub fn unchanged(&self, inputs: &Inputs, as_of: DateTime) -> Option<Checked<OutputTree>> {
        let whole = &self.whole;
        let moment = |text: &str| text.parse::<DateTime>().ok();
        let since = moment(&whole.as_of)?;
        let is_still = match &whole.until {
            None => true,
            Some(until) => as_of < moment(until)?,
        };
        let is_same = since <= as_of && is_still && whole.inputs == inputs.whole;
        is_same.then(|| {
            let files = whole.files.iter();
            let kept = files.map(|(path, digest, size)| {
                let (digest, size) = (*digest, *size);
                (OutPath::new(*path), OutFile::Kept { digest, size })
            });
            Checked {
                value: kept.collect(),
                diagnostics: whole.diagnostics.to_vec(),
            }
        })
    }

    /// The memo of a build that knows all this and now has these `inputs`.
    ///
    /// # Errors
    /// When the cache is damaged in spite of its seal.
    pub fn into_memo(self, inputs: &Inputs) -> Result<Memo, Flaw> {
        let (parts, mut rest) =
            postcard::take_from_bytes::<Parts>(self.parts).map_err(|_| Flaw::Damaged)?;
        let mut batches = Vec::with_capacity(parts.batches.len());
        for length in parts.batches {
            let (batch, after) = rest.split_at_checked(length).ok_or(Flaw::Damaged)?;
            batches.push(batch);
            rest = after;
        }
        let files = self.whole.files.into_iter();
        let files: Files = files
            .map(|(path, digest, size)| (OutPath::new(path), (digest, size)))
            .collect();
        let batches: Vec<Vec<Known>> = batches
            .into_par_iter()
            .map(|batch| unchanged_files(batch, inputs))
            .collect::<Result<_, Flaw>>()?;
        let (mut yaml, mut bodies) = (HashMap::new(), HashMap::new());
        for (path, known, body) in batches.into_iter().flatten() {
            bodies.extend(body.map(|body| (path.clone(), body)));
            yaml.insert(path, known);
        }
        Ok(Memo::restored(
            content::Memo::restore(yaml),
            bodies,
            output::Memo::restore(parts.pages, &files),
        ))
    }
}

/// A file, its YAML and its body.
type Known = (SourcePath, Vec<u8>, Option<Outline>);

/// The files of a batch that are as they were.
fn unchanged_files(batch: &[u8], inputs: &Inputs) -> Result<Vec<Known>, Flaw> {
    let files: Vec<StoredFile<'_, Option<Outline>>> =
        postcard::from_bytes(batch).map_err(|_| Flaw::Damaged)?;
    let known = files.into_iter().map(|file| {
        let path = SourcePath::new(file.path);
        let is_same = inputs.files.get(&path) == Some(&file.content);
        is_same.then(|| (path, file.yaml.to_vec(), file.body))
    });
    Ok(known.flatten().collect())
}

/// What a build leaves, before it is known what was written.
#[derive(Debug)]
pub struct Leavings {
    /// [`Parts`] and the batches.
    pieces: Vec<Box<[u8]>>,
    until: Option<DateTime>,
}

impl Leavings {
    /// What the build that `memo` has seen leaves; it looked at `inputs`.
    pub fn of(memo: Memo, inputs: &Inputs) -> Self {
        let pieces = pieces(&memo, inputs).unwrap_or_default();
        let until = memo.linked().and_then(|linked| linked.next_change());
        // Taking a large site apart takes time, and nothing needs to wait for it.
        rayon::spawn(move || drop(memo));
        Leavings { pieces, until }
    }
}

/// The cache of a build for the moment `as_of`, without errors, that wrote `files`, in pieces that
/// are to be written one after the other; `None` when it would not be worth it.
pub fn encode<'a>(
    leavings: &'a Leavings,
    (inputs, as_of): (&Inputs, DateTime),
    files: impl Iterator<Item = (&'a OutPath, Digest, u64)>,
    diagnostics: &[Diagnostic],
) -> Option<Vec<Cow<'a, [u8]>>> {
    if diagnostics.len() > MOST_TOLD || leavings.pieces.is_empty() {
        return None;
    }
    let whole = Whole {
        inputs: inputs.whole,
        as_of: as_of.to_string(),
        until: leavings.until.map(|until| until.to_string()),
        diagnostics: diagnostics.into(),
        files: files
            .map(|(path, digest, size)| (path.as_str(), digest, size))
            .collect(),
    };
    let head = postcard::to_stdvec(&whole).ok()?;
    let mut pieces = vec![Cow::from(MARK.as_bytes()), Cow::from(head)];
    pieces.extend(leavings.pieces.iter().map(|piece| Cow::from(&**piece)));
    let content: Vec<&[u8]> = pieces[1..].iter().map(|piece| &**piece).collect();
    let seal = sealed(&content).to_vec();
    pieces.push(seal.into());
    Some(pieces)
}

/// [`Parts`] and the batches.
fn pieces(memo: &Memo, inputs: &Inputs) -> Option<Vec<Box<[u8]>>> {
    let bodies = memo.bodies().filter(|(_, body)| body.is_storable());
    let bodies: HashMap<&SourcePath, &Outline> = bodies.collect();
    let stored = memo.content.store().filter_map(|(path, yaml)| {
        Some(StoredFile {
            path: path.as_str(),
            content: *inputs.files.get(path)?,
            yaml,
            body: bodies.get(path).copied(),
        })
    });
    let stored: Vec<StoredFile<'_, Option<&Outline>>> = stored.collect();
    let batches = stored
        .par_chunks(BATCH)
        .map_init(Vec::new, |buffer, batch| {
            buffer.clear();
            *buffer = postcard::to_extend(batch, std::mem::take(buffer)).ok()?;
            Some(buffer.as_slice().into())
        });
    let batches: Vec<Box<[u8]>> = batches.collect::<Option<_>>()?;
    let parts = Parts {
        pages: memo.output.store(),
        batches: batches.iter().map(|batch| batch.len()).collect(),
    };
    let parts = postcard::to_stdvec(&parts).ok()?.into();
    Some(std::iter::once(parts).chain(batches).collect())
}

/// The digest of the content, of which there are one or more pieces.
fn sealed(content: &[&[u8]]) -> [u8; SEAL] {
    *Digest::of_pieces(content).as_bytes()
}
