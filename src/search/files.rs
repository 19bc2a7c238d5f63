//! The files of an index: what each is called and what it holds.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::bits::BitWriter;
use super::fold::VARIANTS;
use super::segment::{Segment, segments};
use super::terms::Term;
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::digest::Digest;
use crate::model::tree::OutPath;

/// The version of the files' form: raised when a script that knows an older one could not read them.
const VERSION: u32 = 1;

/// How many documents a chunk tells of.
const CHUNK: usize = 64;

/// How characters are written that tell of which kind a document is.
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Every file of the index, by place.
pub(super) type Files = BTreeMap<OutPath, Vec<u8>>;

/// Makes the index of a site.
pub(super) fn files(site: &Site) -> Files {
    let mut files = Files::new();
    let mut told = Vec::new();
    for segment in segments(site) {
        let shards = segment.shards(site).into_iter();
        let shards: Vec<(Term, Digest)> = shards
            .map(|shard| (shard.first, put(&mut files, "bin", shard.bytes).0))
            .collect();
        let chunks = segment.documents.chunks(CHUNK);
        let chunks: Vec<Digest> = chunks
            .map(|chunk| put(&mut files, "json", documents(chunk, site)).0)
            .collect();
        let manifest = manifest(segment.documents.len(), &shards, &chunks);
        let filters = filters(&segment, site).to_string().into_bytes();
        told.push(json!({
            "name": segment.name,
            "documents": segment.documents.len(),
            "manifest": put(&mut files, "bin", manifest).1,
            "filters": put(&mut files, "json", filters).1,
        }));
    }
    let index = json!({
        "version": VERSION,
        "segments": told,
        "variants": put(&mut files, "txt", VARIANTS.as_bytes().to_vec()).1,
    });
    files.insert(index_path(), index.to_string().into_bytes());
    files
}

/// The one file whose name stays.
pub fn index_path() -> OutPath {
    OutPath::new("search/index.json")
}

/// Puts in a file and returns its digest and its name.
fn put(files: &mut Files, extension: &str, content: Vec<u8>) -> (Digest, String) {
    let digest = Digest::of(&content);
    let name = format!("{}.{extension}", digest.short());
    files.insert(OutPath::new(format!("search/{name}")), content);
    (digest, name)
}

fn manifest(documents: usize, shards: &[(Term, Digest)], chunks: &[Digest]) -> Vec<u8> {
    let mut out = BitWriter::default();
    for count in [documents, shards.len(), chunks.len()] {
        out.bits(count as u32, 32);
    }
    let mut before = 0;
    for ((first, second), digest) in shards {
        out.rice(first - before, 4);
        out.bits(*second, 21);
        push_digest(&mut out, digest);
        before = *first;
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
    let kinds: Vec<Kind> = Kind::ALL.to_vec();
    let mut digits = String::new();
    let mut years: Vec<(i16, usize)> = Vec::new();
    let mut organizations: BTreeMap<EntryId, Vec<usize>> = BTreeMap::new();
    for (number, id) in segment.documents.iter().enumerate() {
        let entry = site.entry(*id);
        let kind = kinds.iter().position(|kind| *kind == entry.raw.kind);
        digits.push(char::from(DIGITS[kind.unwrap_or_default()]));
        if let Some(year) = entry.date().map(|date| date.date.0.year())
            && years.last().is_none_or(|(last, _)| *last != year)
        {
            years.push((year, number));
        }
        for reference in &entry.references {
            let of = organizations.entry(reference.to).or_default();
            let is_organization = site.entry(reference.to).raw.kind == Kind::Organization;
            if is_organization && of.last() != Some(&number) {
                of.push(number);
            }
        }
    }
    organizations.retain(|_, numbers| !numbers.is_empty());
    let organizations = organizations.into_iter().map(|(id, numbers)| {
        let url = site.addresses.page(&site.entry(id).path);
        let mut before = 0;
        let gaps = numbers
            .into_iter()
            .map(|number| number - std::mem::replace(&mut before, number));
        (url, Value::from_iter(gaps))
    });
    json!({
        "kinds": kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "kind": digits,
        "years": years,
        "organizations": organizations.collect::<serde_json::Map<_, _>>(),
    })
}
