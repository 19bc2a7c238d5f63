//! The index of a site, renewed where the site has changed.

use std::sync::Arc;

use super::files::{self, Content};
use super::patch::{Patch, patch};
use super::segment::{Segment, segments, shards_of};
use super::shard::{self, Shard};
use super::terms::{Finder, Posting, put_in_order, without};
use super::text::Document;
use crate::link::{Change, EntryId, Site};
use crate::model::tree::OutputTree;

/// The index of a site as it was the last time.
#[derive(Debug, Default)]
pub struct Memo {
    /// The segments; none before there has been an index.
    known: Option<Vec<Known>>,
}

/// A segment and what its files hold.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) segment: Segment,
    /// What each document was made of.
    texts: Vec<Document>,
    pub(super) shards: Arc<[Shard]>,
    pub(super) chunks: Vec<Content>,
    pub(super) filters: Content,
}

/// Most documents of a segment that are exchanged one by one.
const MOST_CHANGED: usize = 64;

impl Memo {
    /// Every file of the search index of a site, which differs by `change` from that of the call before.
    pub fn files(&mut self, site: &Site, change: &Change) -> OutputTree {
        let known = match (self.known.take(), change) {
            (Some(known), Change::Texts(ids)) => renewed(known, ids, site),
            (before, _) => made(&before.unwrap_or_default(), site),
        };
        files::tree(self.known.insert(known), site)
    }
}

/// All segments; of one with the same documents as one before the shards are not made again.
fn made(before: &[Known], site: &Site) -> Vec<Known> {
    let known = segments(site).into_iter().map(|segment| {
        let texts = segment.documents.iter();
        let texts: Vec<Document> = texts.map(|id| Document::of(site.entry(*id))).collect();
        let shards = before.iter().find_map(|known| known.with(&texts));
        Known {
            shards: shards.unwrap_or_else(|| shards_of(&texts).into()),
            chunks: files::chunks(&segment, site),
            filters: files::filters(&segment, site),
            segment,
            texts,
        }
    });
    known.collect()
}

/// The segments, with what tells of these entries, of which the title and the text may be others.
fn renewed(mut segments: Vec<Known>, ids: &[EntryId], site: &Site) -> Vec<Known> {
    for known in &mut segments {
        let documents = (0..).zip(&known.segment.documents);
        let changed = documents.filter(|(_, id)| ids.contains(id));
        let changed: Vec<u32> = changed.map(|(number, _)| number).collect();
        if !changed.is_empty() {
            known.renew(&changed, site);
        }
    }
    segments
}

impl Known {
    /// The shards with these texts, which differ in a few from what is known at most.
    fn with(&self, texts: &[Document]) -> Option<Arc<[Shard]>> {
        if self.texts.len() != texts.len() {
            return None;
        }
        let pairs = (0..).zip(self.texts.iter().zip(texts));
        let changed = pairs.filter(|(_, (before, now))| !before.is_same(now));
        let changed: Vec<u32> = changed
            .map(|(number, _)| number)
            .take(MOST_CHANGED + 1)
            .collect();
        self.exchanged(&changed, |number| &texts[number as usize])
    }

    /// The shards with these documents as they are now; `None` where it is as well to make all of them.
    fn exchanged<'n>(
        &self,
        changed: &[u32],
        now: impl Fn(u32) -> &'n Document,
    ) -> Option<Arc<[Shard]>> {
        if changed.is_empty() {
            return Some(Arc::clone(&self.shards));
        }
        // Of a small segment everything is made as soon.
        if changed.len() > MOST_CHANGED.min(self.texts.len() / 4) {
            return None;
        }
        let before = |number: u32| &self.texts[number as usize];
        let size: usize = self.texts.iter().map(Document::size).sum();
        let old: usize = changed.iter().map(|number| before(*number).size()).sum();
        let new: usize = changed.iter().map(|number| now(*number).size()).sum();
        let enough = shard::enough(size);
        if enough != shard::enough(size - old + new) {
            return None;
        }
        let old = postings(changed, before);
        let new = postings(changed, now);
        let change = Patch {
            gone: &without(&old, &new),
            fresh: &without(&new, &old),
            of: self.texts.len() as u32,
            enough,
        };
        patch(&self.shards, &change).map(Arc::from)
    }

    fn renew(&mut self, changed: &[u32], site: &Site) {
        let new = |number: &u32| site.entry(self.segment.documents[*number as usize]);
        let new: Vec<Document> = changed.iter().map(|at| Document::of(new(at))).collect();
        let now = |number: u32| &new[changed.partition_point(|other| *other < number)];
        let shards = self.exchanged(changed, now);
        for (number, text) in changed.iter().zip(new) {
            self.texts[*number as usize] = text;
        }
        self.shards = shards.unwrap_or_else(|| shards_of(&self.texts).into());
        let mut chunks: Vec<usize> = changed.iter().map(files::chunk_of).collect();
        chunks.dedup();
        for at in chunks {
            self.chunks[at] = files::chunk(&self.segment, at, site);
        }
    }
}

/// The postings of documents, in order.
fn postings<'d>(numbers: &[u32], text: impl Fn(u32) -> &'d Document) -> Vec<Posting> {
    let mut finder = Finder::default();
    let mut found = Vec::new();
    for number in numbers {
        finder.find(text(*number), *number, &mut found);
    }
    put_in_order(&mut found);
    found
}
