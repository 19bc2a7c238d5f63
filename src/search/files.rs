//! The files of an index: what each is called and what it holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::bits::BitWriter;
use super::fold::{Folder, variants_of};
use super::memo::Known;
use super::names::names;
use super::segment::Segment;
use super::shard::Shard;
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::digest::Digest;
use crate::model::tree::{OutFile, OutPath, OutputTree};

/// The version of the files' form: raised when a script that knows an older one could not read them.
const VERSION: u32 = 1;

/// How many documents a chunk tells of.
const CHUNK: usize = 64;

/// How characters are written that tell of which kind a document is.
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// What a file holds.
#[derive(Debug)]
pub(super) struct Content {
    digest: Digest,
    bytes: Arc<[u8]>,
}

impl Content {
    fn new(bytes: Vec<u8>) -> Self {
        Content {
            digest: Digest::of(&bytes),
            bytes: bytes.into(),
        }
    }

    /// Puts in the file and returns its name.
    fn put(&self, files: &mut OutputTree, extension: &str) -> String {
        put(files, extension, &self.digest, &self.bytes)
    }
}

/// All files of an index.
pub(super) fn tree(segments: &[Known], site: &Site) -> OutputTree {
    let mut files = OutputTree::new();
    let told: Vec<Value> = segments
        .iter()
        .map(|known| tell(known, &mut files))
        .collect();
    let variants = Content::new(variants(segments, site).into_bytes());
    let names = Content::new(names(site).into_bytes());
    let index = json!({
        "version": VERSION,
        "segments": told,
        "names": names.put(&mut files, "json"),
        "synonyms": site.synonyms,
        "variants": variants.put(&mut files, "txt"),
    });
    let index = index.to_string().into_bytes();
    files.insert(index_path(), OutFile::Bytes(index.into()));
    files
}

/// Puts in the files of a segment and returns what the index tells of it.
fn tell(known: &Known, files: &mut OutputTree) -> Value {
    for shard in &*known.shards {
        put(files, "bin", &shard.digest, &shard.bytes);
    }
    for chunk in &known.chunks {
        chunk.put(files, "json");
    }
    let documents = known.segment.documents.len();
    let manifest = Content::new(manifest(documents, &known.shards, &known.chunks));
    json!({
        "name": known.segment.name,
        "documents": documents,
        "manifest": manifest.put(files, "bin"),
        "filters": known.filters.put(files, "json"),
    })
}

/// The variants of the characters of a site and of its synonyms.
fn variants(segments: &[Known], site: &Site) -> String {
    let shards = segments.iter().flat_map(|known| &*known.shards);
    let mut known: Vec<u32> = shards
        .flat_map(|shard| &*shard.characters)
        .copied()
        .collect();
    let mut folder = Folder::default();
    for word in site.synonyms.iter().flatten() {
        known.extend(folder.fold(word).iter().map(|c| u32::from(*c)));
    }
    known.sort_unstable();
    variants_of(|c| known.binary_search(&u32::from(c)).is_ok())
}

/// The one file whose name stays.
pub fn index_path() -> OutPath {
    OutPath::new("search/index.json")
}

/// Puts in a file and returns its name.
fn put(files: &mut OutputTree, extension: &str, digest: &Digest, bytes: &Arc<[u8]>) -> String {
    let name = format!("{}.{extension}", digest.short());
    let place = OutPath::new(format!("search/{name}"));
    files.insert(place, OutFile::Bytes(Arc::clone(bytes)));
    name
}

fn manifest(documents: usize, shards: &[Shard], chunks: &[Content]) -> Vec<u8> {
    let mut out = BitWriter::default();
    for count in [documents, shards.len(), chunks.len()] {
        out.bits(count as u32, 32);
    }
    let mut before = 0;
    for shard in shards {
        let (first, second) = shard.first;
        out.rice(first - before, 4);
        out.bits(second, 21);
        push_digest(&mut out, &shard.digest);
        before = first;
    }
    for chunk in chunks {
        push_digest(&mut out, &chunk.digest);
    }
    out.finish()
}

/// The five bytes of a digest by which its file is named.
fn push_digest(out: &mut BitWriter, digest: &Digest) {
    for byte in &digest.as_bytes()[..5] {
        out.bits(u32::from(*byte), 8);
    }
}

/// The chunks of a segment.
pub(super) fn chunks(segment: &Segment, site: &Site) -> Vec<Content> {
    let chunks = segment.documents.par_chunks(CHUNK);
    chunks.map(|ids| documents(ids, site)).collect()
}

/// The number of the chunk that has a document.
pub(super) fn chunk_of(document: &u32) -> usize {
    *document as usize / CHUNK
}

/// One of the chunks of a segment.
pub(super) fn chunk(segment: &Segment, at: usize, site: &Site) -> Content {
    let mut chunks = segment.documents.chunks(CHUNK);
    documents(chunks.nth(at).unwrap_or_default(), site)
}

/// What a reader is shown of documents before their pages are there.
fn documents(ids: &[EntryId], site: &Site) -> Content {
    let document = |id: &EntryId| -> Value {
        let entry = site.entry(*id);
        let common = &entry.raw.common;
        let is_sample = common.sample.is_whole() || entry.is_sample("title");
        json!([
            site.addresses.page(&entry.path),
            entry.title(),
            entry.raw.kind.name(),
            entry.date().map(|date| date.date.to_string()),
            u8::from(is_sample),
        ])
    };
    let documents = Value::from_iter(ids.iter().map(document));
    Content::new(documents.to_string().into_bytes())
}

/// What the documents of a segment are filed under.
pub(super) fn filters(segment: &Segment, site: &Site) -> Content {
    let mut digits = String::new();
    let mut years: Vec<(i16, usize)> = Vec::new();
    let mut organizations: BTreeMap<EntryId, Vec<usize>> = BTreeMap::new();
    for (number, id) in segment.documents.iter().enumerate() {
        let entry = site.entry(*id);
        let kind = Kind::ALL.iter().position(|kind| *kind == entry.raw.kind);
        digits.push(char::from(DIGITS[kind.unwrap_or_default()]));
        if let Some(year) = entry.date().map(|date| date.date.0.year())
            && years.last().is_none_or(|(last, _)| *last != year)
        {
            years.push((year, number));
        }
        let targets = entry.references.iter().map(|reference| reference.to);
        for to in targets.filter(|to| site.entry(*to).raw.kind == Kind::Organization) {
            let of = organizations.entry(to).or_default();
            if of.last() != Some(&number) {
                of.push(number);
            }
        }
    }
    let organizations = organizations.into_iter().map(|(id, numbers)| {
        let url = site.addresses.page(&site.entry(id).path);
        let mut before = 0;
        let gaps = numbers
            .into_iter()
            .map(|number| number - std::mem::replace(&mut before, number));
        (url, Value::from_iter(gaps))
    });
    let filters = json!({
        "kinds": Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "kind": digits,
        "years": years,
        "organizations": organizations.collect::<serde_json::Map<_, _>>(),
    });
    Content::new(filters.to_string().into_bytes())
}
