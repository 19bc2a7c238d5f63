//! What a build leaves on disk for the next one.
//!
//! Input: a [`Memo`] and what was written. Output: bytes, and back. Two things are kept: the digest of
//! everything the build looked at, with all it wrote and said, so that nothing at all is compiled when
//! nothing has changed; and for each page the digest of its view, for each body what other stages must
//! know of it, so that only what has changed is parsed and rendered.
//!
//! Invariants: a cache that is damaged, or was made by another program, is refused as a whole; what
//! is taken from one is found by the digest of what it was made from, so that no page is ever wrong.

use std::collections::BTreeMap;
use std::collections::HashMap;

use jiff::civil::DateTime;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Memo, Options};
use crate::diag::{Checked, Diagnostic};
use crate::markdown::Outline;
use crate::model::digest::Digest;
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
    whole: Whole,
    parts: &'a [u8],
}

/// The build as a whole.
#[derive(Debug, Serialize, Deserialize)]
struct Whole {
    inputs: Digest,
    /// The moment for which it was built.
    as_of: String,
    /// The first moment for which it would have come out differently.
    until: Option<String>,
    diagnostics: Vec<Diagnostic>,
    files: Vec<(String, Digest, u64)>,
}

/// The build piece by piece.
#[derive(Serialize, Deserialize)]
struct Parts {
    pages: output::Stored,
    bodies: Vec<Outline>,
}

/// The same, for writing.
#[derive(Serialize)]
struct PartsOf<'a> {
    pages: output::Stored,
    bodies: Vec<&'a Outline>,
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
        if *seal != sealed(content) {
            return Err(Flaw::Damaged);
        }
        let (whole, parts) = postcard::take_from_bytes(content).map_err(|_| Flaw::Damaged)?;
        Ok(Cache { whole, parts })
    }

    /// What compiling would yield, if nothing that it looks at has changed; every file is
    /// [kept](OutFile::Kept).
    pub fn unchanged(&self, snapshot: &Snapshot, options: &Options) -> Option<Checked<OutputTree>> {
        let whole = &self.whole;
        let moment = |text: &str| text.parse::<DateTime>().ok();
        let since = moment(&whole.as_of)?;
        let is_still = match &whole.until {
            None => true,
            Some(until) => options.as_of < moment(until)?,
        };
        let is_same =
            since <= options.as_of && is_still && whole.inputs == inputs(snapshot, options);
        is_same.then(|| {
            let files = whole.files.iter();
            let kept = files.map(|(path, digest, size)| {
                let (digest, size) = (*digest, *size);
                (OutPath::new(path.as_str()), OutFile::Kept { digest, size })
            });
            Checked {
                value: kept.collect(),
                diagnostics: whole.diagnostics.clone(),
            }
        })
    }

    /// The memo of a build that knows all this.
    ///
    /// # Errors
    /// When the cache is damaged in spite of its seal.
    pub fn into_memo(self) -> Result<Memo, Flaw> {
        let parts: Parts = postcard::from_bytes(self.parts).map_err(|_| Flaw::Damaged)?;
        let files = self.whole.files.into_iter();
        let files: Files = files
            .map(|(path, digest, size)| (OutPath::new(path), (digest, size)))
            .collect();
        let bodies = parts.bodies.into_iter();
        let stored: HashMap<Digest, Outline> =
            bodies.map(|outline| (outline.digest, outline)).collect();
        Ok(Memo::restored(
            stored,
            output::Memo::restore(parts.pages, &files),
        ))
    }
}

/// The cache of a build without errors that wrote `files`; `None` when it would not be worth it.
pub fn encode(
    memo: &Memo,
    (snapshot, options): (&Snapshot, &Options),
    files: &Files,
    diagnostics: &[Diagnostic],
) -> Option<Vec<u8>> {
    if diagnostics.len() > MOST_TOLD {
        return None;
    }
    let until = memo.linked().and_then(|linked| linked.next_due());
    let files = files.iter();
    let whole = Whole {
        inputs: inputs(snapshot, options),
        as_of: options.as_of.to_string(),
        until: until.map(|until| until.to_string()),
        diagnostics: diagnostics.to_vec(),
        files: files
            .map(|(path, (digest, size))| (path.to_string(), *digest, *size))
            .collect(),
    };
    let parts = PartsOf {
        pages: memo.output.store(),
        bodies: memo.bodies().filter(|body| body.is_storable()).collect(),
    };
    let mut bytes = postcard::to_extend(&whole, MARK.as_bytes().to_vec()).ok()?;
    bytes = postcard::to_extend(&parts, bytes).ok()?;
    let seal = sealed(&bytes[MARK.len()..]);
    bytes.extend_from_slice(&seal);
    Some(bytes)
}

fn sealed(content: &[u8]) -> [u8; SEAL] {
    *Digest::of(content).as_bytes()
}

/// The digest of everything that a build looks at, but for the time.
fn inputs(snapshot: &Snapshot, options: &Options) -> Digest {
    let files: Vec<_> = snapshot.files.iter().collect();
    let digests: Vec<Digest> = files
        .par_iter()
        .map(|(path, file)| {
            let content = match file {
                InputFile::Text(text) => Digest::of(text.as_bytes()),
                InputFile::Bytes(bytes) => Digest::of(bytes),
                InputFile::Media(media) => media.digest,
                InputFile::Unreadable => Digest::of(b""),
            };
            let media = match file {
                InputFile::Media(media) => format!("{media:?}"),
                other => format!("{}", other.bytes().is_some()),
            };
            Digest::of(format!("{path}\n{content}\n{media}").as_bytes())
        })
        .collect();
    let mut whole = Vec::with_capacity(SEAL * digests.len());
    for digest in &digests {
        whole.extend_from_slice(digest.as_bytes());
    }
    whole.extend_from_slice(format!("{}\n{:?}", options.drafts, options.base_url).as_bytes());
    Digest::of(&whole)
}
