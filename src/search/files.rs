//! The files of an index: what each is called and what it holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::bits::BitWriter;
use super::fold::VARIANTS;
use super::names::names;
use super::segment::{Memo, Segment, segments};
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

impl Memo {
    /// Every file of the search index of a site.
    pub fn files(&mut self, site: &Site) -> OutputTree {
        let mut files = OutputTree::new();
        let segments = segments(site);
        let shards = self.shards(&segments, site);
        let told = segments.iter().zip(&shards);
        let told: Vec<Value> = told
            .map(|(segment, shards)| tell(segment, shards, site, &mut files))
            .collect();
        let names = names(site).into_bytes();
        let index = json!({
            "version": VERSION,
            "segments": told,
            "names": put(&mut files, "json", names).1,
            "synonyms": site.synonyms,
            "variants": put(&mut files, "txt", VARIANTS.as_bytes().to_vec()).1,
        });
        let index = index.to_string().into_bytes();
        files.insert(index_path(), OutFile::Bytes(index.into()));
        files
    }
}

/// Puts in the files of a segment and returns what the index tells of it.
fn tell(segment: &Segment, shards: &[Shard], site: &Site, files: &mut OutputTree) -> Value {
    for shard in shards {
        let place = place(&shard.digest, "bin").1;
        files.insert(place, OutFile::Bytes(Arc::clone(&shard.bytes)));
    }
    let chunks = segment.documents.par_chunks(CHUNK);
    let chunks: Vec<Vec<u8>> = chunks.map(|chunk| documents(chunk, site)).collect();
    let chunks: Vec<Digest> = chunks
        .into_iter()
        .map(|chunk| put(files, "json", chunk).0)
        .collect();
    let manifest = manifest(segment.documents.len(), shards, &chunks);
    let filters = filters(segment, site).to_string().into_bytes();
    json!({
        "name": segment.name,
        "documents": segment.documents.len(),
        "manifest": put(files, "bin", manifest).1,
        "filters": put(files, "json", filters).1,
    })
}

/// The one file whose name stays.
pub fn index_path() -> OutPath {
    OutPath::new("search/index.json")
}

/// Puts in a file and returns its digest and its name.
fn put(files: &mut OutputTree, extension: &str, content: Vec<u8>) -> (Digest, String) {
    let digest = Digest::of(&content);
    let (name, place) = place(&digest, extension);
    files.insert(place, OutFile::Bytes(content.into()));
    (digest, name)
}

/// The name and the place of a file.
fn place(digest: &Digest, extension: &str) -> (String, OutPath) {
    let name = format!("{}.{extension}", digest.short());
    let place = OutPath::new(format!("search/{name}"));
    (name, place)
}

fn manifest(documents: usize, shards: &[Shard], chunks: &[Digest]) -> Vec<u8> {
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
    for digest in chunks {
        push_digest(&mut out, digest);
    }
    out.finish()
}

/// The five bytes of a digest by which its file is named.
fn push_digest(out: &mut BitWriter, digest: &Digest) {
    for byte in &digest.as_bytes()[..5] {
        out.bits(u32::from(*byte), 8);
    }
}

/// What a reader is shown of documents before their pages are there.
fn documents(ids: &[EntryId], site: &Site) -> Vec<u8> {
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
    Value::from_iter(ids.iter().map(document))
        .to_string()
        .into_bytes()
}

/// What the documents of a segment are filed under.
fn filters(segment: &Segment, site: &Site) -> Value {
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
    json!({
        "kinds": Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "kind": digits,
        "years": years,
        "organizations": organizations.collect::<serde_json::Map<_, _>>(),
    })
}
