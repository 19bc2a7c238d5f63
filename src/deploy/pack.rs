//! Packs: what a run is about to do and the contents that it sends, in one file.
//!
//! A run writes its packs before it changes anything public. So the next run knows what an interrupted one
//! may have changed, and a later one can go back to these contents.
//!
//! Form: one line of JSON (`version`, `release`, `touches`, `bodies`), then the bodies, each compressed for
//! itself (DEFLATE, RFC 1951). A body is `[digest, offset after the line, length]`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::codec::decompressed;
use super::headers::Headers;
use super::manifest::{Object, is_inside};
use crate::model::digest::Digest;
use crate::model::tree::OutPath;

const VERSION: u64 = 1;

/// What a run is about to change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// The number of the release that it makes.
    pub release: u64,
    /// Each place, with what will be there; `None` for what will be removed.
    pub touches: BTreeMap<OutPath, Option<Object>>,
    /// Places that no record has yet and of which it is known all the same that what is there is ours, from
    /// an earlier run that did not finish.
    pub ours: BTreeSet<OutPath>,
    /// Whether it publishes an earlier release again.
    pub goes_back: bool,
}

/// A pack that has been read.
#[derive(Debug)]
pub struct Pack<'a> {
    /// What the run was about to change; of further packs of a run, nothing.
    pub journal: Journal,
    bodies: BTreeMap<Digest, &'a [u8]>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    version: u64,
    release: u64,
    touches: BTreeMap<String, Option<(String, u64, Headers)>>,
    ours: Vec<String>,
    goes_back: bool,
    bodies: Vec<(String, u64, u64)>,
}

/// The bytes of a pack with these bodies, [`compressed`](super::codec::compressed).
pub fn write(journal: &Journal, bodies: &[(Digest, Vec<u8>)]) -> Vec<u8> {
    let mut offset = 0;
    let places = bodies.iter().map(|(digest, body)| {
        let length = body.len() as u64;
        offset += length;
        (digest.to_string(), offset - length, length)
    });
    let touches = journal.touches.iter().map(|(path, object)| {
        let object = object.as_ref();
        let object = object.map(|object| {
            (
                object.digest.to_string(),
                object.size,
                object.headers.clone(),
            )
        });
        (path.as_str().to_owned(), object)
    });
    let line = Line {
        version: VERSION,
        release: journal.release,
        touches: touches.collect(),
        ours: journal
            .ours
            .iter()
            .map(|path| path.as_str().to_owned())
            .collect(),
        goes_back: journal.goes_back,
        bodies: places.collect(),
    };
    // Maps of strings to strings and numbers always serialise.
    let mut pack = serde_json::to_vec(&line).unwrap_or_default();
    pack.push(b'\n');
    for (_, body) in bodies {
        pack.extend_from_slice(body);
    }
    pack
}

/// Reads what [`write()`] wrote; `None` for anything else.
pub fn read(pack: &[u8]) -> Option<Pack<'_>> {
    let end = pack.iter().position(|byte| *byte == b'\n')?;
    let line: Line = serde_json::from_slice(&pack[..end]).ok()?;
    if line.version != VERSION {
        return None;
    }
    let rest = &pack[end + 1..];
    let bodies = line.bodies.into_iter().map(|(digest, offset, length)| {
        let start = usize::try_from(offset).ok()?;
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        Some((Digest::from_hex(&digest)?, rest.get(start..end)?))
    });
    let touches = line.touches.into_iter().map(|(path, object)| {
        let object = match object {
            Some((digest, size, headers)) => Some(Object {
                digest: Digest::from_hex(&digest)?,
                size,
                headers,
            }),
            None => None,
        };
        Some((inside(path)?, object))
    });
    let ours = line.ours.into_iter().map(inside);
    Some(Pack {
        journal: Journal {
            release: line.release,
            touches: touches.collect::<Option<_>>()?,
            ours: ours.collect::<Option<_>>()?,
            goes_back: line.goes_back,
        },
        bodies: bodies.collect::<Option<_>>()?,
    })
}

fn inside(path: String) -> Option<OutPath> {
    is_inside(&path).then(|| OutPath::new(path))
}

impl Pack<'_> {
    /// The bytes with this digest, [`compressed`](super::codec::compressed); `None` where the pack does not have
    /// them whole.
    pub fn body(&self, digest: &Digest) -> Option<&[u8]> {
        let body = self.bodies.get(digest)?;
        let is_whole = Digest::of(&decompressed(body)?) == *digest;
        is_whole.then_some(*body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::codec::compressed;

    fn sample() -> (Journal, Vec<u8>) {
        let object = Object {
            digest: Digest::of(b"x"),
            size: 1,
            headers: Headers::default(),
        };
        let touches = [(OutPath::new("a"), Some(object)), (OutPath::new("b"), None)];
        let journal = Journal {
            release: 3,
            touches: touches.into(),
            ours: [OutPath::new("c")].into(),
            goes_back: true,
        };
        let bodies = ["渔港".repeat(50), String::new(), "x".to_owned()];
        let bodies = bodies.map(|body| (Digest::of(body.as_bytes()), compressed(body.as_bytes())));
        let pack = write(&journal, &bodies);
        (journal, pack)
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let (journal, pack) = sample();
        let read = read(&pack).unwrap();
        assert_eq!(read.journal, journal);
        for body in ["渔港".repeat(50), String::new(), "x".to_owned()] {
            let found = read.body(&Digest::of(body.as_bytes())).unwrap();
            assert_eq!(decompressed(found).unwrap(), body.as_bytes());
        }
        assert_eq!(read.body(&Digest::of(b"other")), None);
    }

    #[test]
    fn a_truncated_pack_gives_nothing_or_whole_bodies_and_never_panics() {
        let (_, pack) = sample();
        for end in 0..pack.len() {
            assert!(read(&pack[..end]).is_none(), "{end}");
        }
    }
}
