//! What programs read and no page shows: feeds, calendars, data, the site map, the search index.
//!
//! An edit of one entry touches many of these files, and nobody looks at them while editing. So they are
//! made when the pages are there: a preview first has its pages load again.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::feeds;
use crate::link::offers::Offer;
use crate::link::own_pages::OwnPage;
use crate::link::{Change, EntryId, Site};
use crate::model::tree::{OutFile, OutPath, OutputTree};
use crate::search;

/// What was made the last time.
#[derive(Default)]
pub(super) struct Late {
    /// The files but for the search index.
    files: OutputTree,
    index: OutputTree,
    search: search::Memo,
    /// What may differ from the site of which these are the files.
    pending: Option<Change>,
}

impl Late {
    /// Notes that the site differs by `change` from that of the call before.
    pub(super) fn note(&mut self, change: &Change) {
        self.pending = Some(match (self.pending.take(), change) {
            (Some(Change::Texts(mut ids)), Change::Texts(more)) => {
                ids.extend(more);
                ids.sort_unstable();
                ids.dedup();
                Change::Texts(ids)
            }
            (None, change) => change.clone(),
            _ => Change::Everything,
        });
    }

    /// The files of the site.
    pub(super) fn finish(&mut self, site: &Site) -> OutputTree {
        let pending = self.pending.take();
        let has_search = site.own_pages.contains(&OwnPage::Search);
        match &pending {
            Some(change) if has_search => self.index = self.search.files(site, change),
            Some(_) => {
                self.index = OutputTree::new();
                // It would miss what changes while there is no search.
                self.search = search::Memo::default();
            }
            None => {}
        }
        match pending {
            Some(Change::Everything) => self.files = files(site),
            Some(Change::Texts(changed)) => renew(site, &changed, &mut self.files),
            None => {}
        }
        let files = self.files.iter().chain(&self.index);
        files
            .map(|(path, file)| (path.clone(), file.clone()))
            .collect()
    }
}

fn files(site: &Site) -> OutputTree {
    let mut tree = OutputTree::new();
    for (path, part) in feeds::sitemap(site) {
        put(&mut tree, path, part);
    }
    put(&mut tree, OutPath::new("robots.txt"), feeds::robots(site));
    for (path, content) in made(site, &site.offers) {
        put(&mut tree, path, content);
    }
    index(site, &mut tree);
    tree
}

/// Puts in what tells of the titles and summaries of these entries.
fn renew(site: &Site, changed: &[EntryId], tree: &mut OutputTree) {
    let mut affected: BTreeMap<Offer, Vec<EntryId>> = BTreeMap::new();
    for id in changed {
        for offer in site.offers_with(*id) {
            affected.entry(offer).or_default().push(*id);
        }
    }
    // Of a year's data with a thousand entries one line is exchanged sooner than all are made.
    affected.retain(|offer, changed| {
        let path = offer.path(site);
        let (Offer::Data(..), [only]) = (offer, &changed[..]) else {
            return true;
        };
        let file = tree.get(&path).and_then(OutFile::bytes);
        let renewed = file.and_then(|file| feeds::with_renewed(&file, *only, site));
        renewed.is_none_or(|renewed| {
            tree.insert(path, OutFile::Bytes(renewed.into()));
            false
        })
    });
    let remade: Vec<Offer> = affected.into_keys().collect();
    for (path, content) in made(site, &remade) {
        put(tree, path, content);
    }
    index(site, tree);
}

fn made(site: &Site, offers: &[Offer]) -> Vec<(OutPath, String)> {
    let made = offers.par_iter();
    let made = made.filter_map(|offer| Some((offer.path(site), feeds::content(*offer, site)?)));
    made.collect()
}

/// Puts in the index of the data files, which tells their sizes, where the site has it.
fn index(site: &Site, tree: &mut OutputTree) {
    if !site.has(Offer::Index) {
        return;
    }
    let size = |path: &OutPath| Some(tree.get(path)?.bytes()?.len());
    let index = feeds::index(site, size);
    put(tree, Offer::Index.path(site), index);
}

fn put(tree: &mut OutputTree, path: OutPath, content: String) {
    tree.insert(path, OutFile::Bytes(content.into_bytes().into()));
}
