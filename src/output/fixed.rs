//! What is no page of a template and does not wait for one: copied files and redirects.

use std::sync::Arc;

use crate::diag::SourcePath;
use crate::feeds;
use crate::link::urls::UrlPath;
use crate::link::{Site, alias_path};
use crate::model::picture::{ImageFile, Recipe};
use crate::model::snapshot::{InputFile, Snapshot};
use crate::model::tree::{OutFile, OutPath, OutputTree};

/// The copies and redirects of a site.
pub(super) fn files(site: &Site, snapshot: &Snapshot) -> OutputTree {
    let mut tree = OutputTree::new();
    copies(site, snapshot, &mut tree);
    redirects(site, &mut tree);
    tree
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
