//! What is no page of a template: copied files, redirects, feeds, data.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::diag::SourcePath;
use crate::feeds;
use crate::link::offers::Offer;
use crate::link::own_pages::OwnPage;
use crate::link::urls::UrlPath;
use crate::link::{EntryId, Site, alias_path};
use crate::model::picture::{ImageFile, Recipe};
use crate::model::snapshot::{InputFile, Snapshot};
use crate::model::tree::{OutFile, OutPath, OutputTree};
use crate::search;

/// Every file of the site that neither a template nor the theme's assets make.
pub(super) fn files(site: &Site, snapshot: &Snapshot) -> OutputTree {
    let mut tree = OutputTree::new();
    copies(site, snapshot, &mut tree);
    redirects(site, &mut tree);
    for (path, part) in feeds::sitemap(site) {
        put(&mut tree, path, part);
    }
    put(&mut tree, OutPath::new("robots.txt"), feeds::robots(site));
    let made = made(site, &site.offers);
    for (path, content) in made {
        put(&mut tree, path, content);
    }
    index(site, &mut tree);
    if site.own_pages.contains(&OwnPage::Search) {
        tree.extend(search::files(site));
    }
    tree
}

/// Puts in what tells of the titles and summaries of these entries, in the places that it returns.
pub(super) fn renew(site: &Site, changed: &[EntryId], tree: &mut OutputTree) -> Vec<OutPath> {
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
        let renewed = file.and_then(|file| feeds::with_renewed(file, *only, site));
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
    let offers = changed.iter().flat_map(|id| site.offers_with(*id));
    let places: BTreeSet<OutPath> = offers.map(|offer| offer.path(site)).collect();
    places.into_iter().collect()
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

/// Files beside entries, then those of the theme's and the site's `static/`, the site's winning.
fn copies(site: &Site, snapshot: &Snapshot, tree: &mut OutputTree) {
    for entry in &site.entries {
        for (source, copy) in &entry.files {
            if let Some(file) = snapshot.files.get(source) {
                let outputs = copy.outputs();
                tree.extend(
                    outputs.map(|(out, recipe)| (out.clone(), made_of(source, file, recipe))),
                );
            }
        }
    }
    for (out, source, file) in site.static_files(snapshot) {
        tree.insert(out, made_of(source, file, Recipe::Stripped));
    }
}

/// What `recipe` makes of an image, and a copy of any other file.
fn made_of(source: &SourcePath, file: &InputFile, recipe: Recipe) -> OutFile {
    match file {
        InputFile::Text(text) => OutFile::Bytes(text.as_bytes().into()),
        InputFile::Bytes(bytes) => OutFile::Bytes(Arc::clone(bytes)),
        // Nothing is published with it.
        InputFile::Unreadable => OutFile::Bytes(Arc::default()),
        InputFile::Media(media) => match ImageFile::new(source, media, recipe) {
            Some(image) => OutFile::Image(Arc::new(image)),
            None => OutFile::Copy {
                source: source.clone(),
                size: media.size,
                digest: media.digest,
            },
        },
    }
}

/// Pages at former URLs, and the page after the last full one of each list.
fn redirects(site: &Site, tree: &mut OutputTree) {
    let mut add = |out: OutPath, to: &UrlPath, title: &str| {
        tree.insert(
            out,
            OutFile::Bytes(redirect(site, to, title).into_bytes().into()),
        );
    };
    for entry in &site.entries {
        // A former URL that is not one is reported by the link stage.
        for out in entry
            .raw
            .common
            .aliases
            .iter()
            .filter_map(|alias| alias_path(alias, &site.addresses).ok())
        {
            add(OutPath::new(out), &entry.path, entry.title());
        }
    }
    for list in site.lists.iter().filter(|list| list.full_pages() > 0) {
        add(
            list.numbered(list.full_pages() + 1).index(),
            &list.path,
            &site.config.title,
        );
    }
}

/// A page that leads on at once, also without script and in the eyes of search engines.
fn redirect(site: &Site, to: &UrlPath, title: &str) -> String {
    let (url, title) = (
        feeds::escape(&site.addresses.page(to)),
        feeds::escape(title),
    );
    let canonical = feeds::escape(&site.addresses.absolute_page(to));
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <link rel=\"canonical\" href=\"{canonical}\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n</head>\n<body>\n\
         <p>页面已移到 <a href=\"{url}\">{title}</a></p>\n</body>\n</html>\n"
    )
}
