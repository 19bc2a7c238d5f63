//! Puts everything together: rendered pages, feeds, assets, redirects and copied files.
//!
//! Input: the linked site and a compiled theme. Output: the [`OutputTree`].
//! The asset URLs come last, so that pages do not depend on assets.

use std::sync::Arc;

use rayon::prelude::*;

use crate::assets::Assets;
use crate::diag::{Checked, Code, Diagnostic, Problem, SourcePath, Span, text};
use crate::feeds;
use crate::link::urls::UrlPath;
use crate::link::{Site, alias_path};
use crate::model::snapshot::{InputFile, Snapshot};
use crate::model::tree::{OutFile, OutPath, OutputTree, PageFile};
use crate::render::{Renderer, fold_errors};
use crate::theme::Theme;
use crate::view::{Cards, Page, pages, view};

/// Makes every file of the site.
pub fn assemble(
    site: &Site,
    theme: &Theme,
    renderer: &Renderer,
    snapshot: &Snapshot,
) -> Checked<OutputTree> {
    let mut tree = OutputTree::new();
    copies(site, snapshot, &mut tree);
    redirects(site, &mut tree);
    let assets = Assets::publish(theme, &site.addresses, &mut tree);
    let (diagnostics, feeds) = rayon::join(
        || render(site, theme, renderer, &assets, &mut tree),
        || {
            [
                ("atom.xml", feeds::atom(site)),
                ("sitemap.xml", Some(feeds::sitemap(site))),
                ("robots.txt", Some(feeds::robots(site))),
            ]
        },
    );
    for (name, content) in feeds {
        if let Some(content) = content {
            tree.insert(
                OutPath::new(name),
                OutFile::Bytes(content.into_bytes().into()),
            );
        }
    }
    Checked {
        value: tree,
        diagnostics,
    }
}

fn render(
    site: &Site,
    theme: &Theme,
    renderer: &Renderer,
    assets: &Assets,
    tree: &mut OutputTree,
) -> Vec<Diagnostic> {
    let pages = pages(site);
    let missing = renderer.missing(pages.iter().map(|page| page.template(site)));
    if !missing.is_empty() {
        return missing;
    }
    let cards = Cards::new(site);
    let rendered: Vec<_> = pages
        .par_iter()
        .map_init(Vec::new, |buffer, page| {
            render_page(page, (&cards, theme, renderer), assets, buffer)
                .map_err(|error| (error, entry_span(page, site)))
        })
        .collect();
    let mut errors = Vec::new();
    for (page, html) in pages.iter().zip(rendered) {
        match html {
            Ok(html) => drop(tree.insert(page.out(site), OutFile::Page(Arc::new(html)))),
            Err(error) => errors.push(error),
        }
    }
    fold_errors(errors)
}

/// The finished page. `buffer` is reused from page to page, so that the pages, of which thousands
/// are held at once, have no slack.
fn render_page(
    page: &Page,
    (cards, theme, renderer): (&Cards<'_>, &Theme, &Renderer),
    assets: &Assets,
    buffer: &mut Vec<u8>,
) -> Result<PageFile, Box<Diagnostic>> {
    let view = view(page, cards, theme);
    renderer.render(page.template(cards.site), &view, buffer)?;
    let (html, assets) = assets
        .substitute(buffer)
        .map_err(|name| Box::new(no_asset(&name, theme)))?;
    let source = match page {
        Page::Entry(id) => Some(cards.site.entry(*id).raw.source.path.clone()),
        _ => None,
    };
    Ok(PageFile {
        html,
        assets,
        source,
    })
}

fn entry_span(page: &Page, site: &Site) -> Option<Span> {
    match page {
        Page::Entry(id) => Some(site.entry(*id).raw.title_span()),
        _ => None,
    }
}

fn no_asset(name: &str, theme: &Theme) -> Diagnostic {
    let folder = format!("themes/{}/assets/", theme.name);
    let problem = Problem::error(
        Code::Template,
        text!(
            "没有资源文件 `{folder}{name}`",
            "there is no asset `{folder}{name}`"
        ),
    );
    let known = theme.assets.keys().map(|path| (path.as_str(), None));
    let problem = problem.maybe_hint(crate::diag::did_you_mean(name, known));
    let place = theme.templates.iter().find_map(|template| {
        let at = template.source.text.find(name)?;
        Some(template.source.span(at..at + name.len()))
    });
    match place {
        Some(span) => problem.at(span),
        None => problem.nowhere(),
    }
}

/// Files beside entries, then those of the theme's and the site's `static/`, the site's winning.
fn copies(site: &Site, snapshot: &Snapshot, tree: &mut OutputTree) {
    for entry in &site.entries {
        for (source, copy) in &entry.files {
            if let Some(file) = snapshot.files.get(source) {
                tree.insert(copy.out.clone(), copied(source, file));
            }
        }
    }
    for (out, source, file) in site.static_files(snapshot) {
        tree.insert(out, copied(source, file));
    }
}

fn copied(source: &SourcePath, file: &InputFile) -> OutFile {
    match file {
        InputFile::Text(text) => OutFile::Bytes(text.as_bytes().into()),
        InputFile::Bytes(bytes) => OutFile::Bytes(Arc::clone(bytes)),
        // Nothing is published with it.
        InputFile::Unreadable => OutFile::Bytes(Arc::default()),
        InputFile::Media(media) => OutFile::Copy {
            source: source.clone(),
            size: media.size,
            digest: media.digest,
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
