//! Checks links once all pages are known: paths below the root, and fragments.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::site::{Entry, EntryId, Site};
use super::targets::LinkTo;
use super::told::Told;
use super::urls::UrlPath;
use crate::diag::{Checked, Code, Diagnostic, Problem, SourcePath, did_you_mean, text};
use crate::markdown::LinkTarget;
use crate::model::snapshot::Snapshot;
use crate::model::tree::OutPath;

/// Fills in [`Entry::links`] and makes image sources full links; a link that leads nowhere is
/// reported and becomes plain text.
pub(super) fn links(site: &mut Site, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let pages = pages(site);
    let check = |entry: &Entry| entry_links(entry, site, &pages, snapshot);
    let checked: Vec<_> = site.entries.par_iter().map(check).collect();
    let mut diagnostics = Vec::new();
    for (entry, checked) in site.entries.iter_mut().zip(checked) {
        entry.links = checked.drain_into(&mut diagnostics);
        entry.pending = Vec::new();
        for image in entry.images.iter_mut().flatten() {
            image.src = site
                .addresses
                .file(&OutPath::new(std::mem::take(&mut image.src)));
        }
    }
    diagnostics
}

fn entry_links(
    entry: &Entry,
    site: &Site,
    pages: &BTreeMap<String, Option<EntryId>>,
    snapshot: &Snapshot,
) -> Checked<Vec<Option<LinkTarget>>> {
    let mut told = Told::of(&entry.raw);
    let links = entry
        .pending
        .iter()
        .zip(&entry.outline.links)
        .map(|(to, link)| {
            if told.is_full() {
                return None;
            }
            final_link(to, entry, site, pages, snapshot).unwrap_or_else(|problem| {
                told.push(link.range.clone(), problem);
                None
            })
        });
    let value = links.collect();
    Checked {
        value,
        diagnostics: told.into_diagnostics(),
    }
}

/// Every page by its path without the final `/`.
fn pages(site: &Site) -> BTreeMap<String, Option<EntryId>> {
    let entries = site.ids().map(|id| (&site.entry(id).path, Some(id)));
    let lists = site.lists.iter().map(|list| (&list.path, None));
    let mut pages: BTreeMap<_, _> = lists
        .chain(entries)
        .map(|(path, id)| (path.as_str().trim_end_matches('/').to_owned(), id))
        .collect();
    pages.insert(String::new(), None);
    pages
}

fn final_link(
    to: &LinkTo,
    entry: &Entry,
    site: &Site,
    pages: &BTreeMap<String, Option<EntryId>>,
    snapshot: &Snapshot,
) -> Result<Option<LinkTarget>, Problem> {
    let inside = |href: String| {
        Ok(Some(LinkTarget {
            href,
            external: false,
        }))
    };
    match to {
        LinkTo::Hidden => Ok(None),
        LinkTo::Outside(href) => Ok(Some(LinkTarget {
            href: href.clone(),
            external: href.starts_with("http"),
        })),
        LinkTo::Here(fragment) => {
            check_fragment(fragment, entry)?;
            inside(fragment.clone())
        }
        LinkTo::Entry(id, fragment) => {
            let target = site.entry(*id);
            check_fragment(fragment, target)?;
            inside(site.addresses.page(&target.path) + fragment)
        }
        LinkTo::File(source) => match entry.files.get(source) {
            Some(copy) => inside(site.addresses.file(&copy.out)),
            None => Ok(None),
        },
        LinkTo::Path(path, fragment) => {
            let page = path.trim_end_matches("index.html").trim_end_matches('/');
            match pages.get(page) {
                Some(Some(id)) => final_link(
                    &LinkTo::Entry(*id, fragment.clone()),
                    entry,
                    site,
                    pages,
                    snapshot,
                ),
                Some(None) => inside(
                    site.addresses.page(&if page.is_empty() {
                        UrlPath::home()
                    } else {
                        UrlPath::home().join(page)
                    }) + fragment,
                ),
                None if is_static(path, snapshot) => {
                    inside(site.addresses.file(&OutPath::new(path.clone())) + fragment)
                }
                None => Err(no_page(path, pages)),
            }
        }
    }
}

fn is_static(path: &str, snapshot: &Snapshot) -> bool {
    snapshot
        .files
        .contains_key(&SourcePath::new(format!("static/{path}")))
        || matches!(path, "atom.xml" | "sitemap.xml" | "robots.txt")
}

fn no_page(path: &str, pages: &BTreeMap<String, Option<EntryId>>) -> Problem {
    let known = pages.keys().map(|page| (page.as_str(), None));
    Problem::error(
        Code::BrokenLink,
        text!(
            "站内没有 `/{path}` 这一页",
            "the site has no page `/{path}`"
        ),
    )
    .maybe_hint(did_you_mean(path.trim_end_matches('/'), known))
    .hint(text!(
        "链接到条目时写它的文件，如 `../stations/x.md`，改名后也不会断",
        "link to an entry by its file, such as `../stations/x.md`"
    ))
}

fn check_fragment(fragment: &str, target: &Entry) -> Result<(), Problem> {
    let id = fragment.trim_start_matches('#');
    if id.is_empty() || target.outline.ids.contains(id) {
        return Ok(());
    }
    let title = target.title();
    let ids = target.outline.ids.iter().map(|id| (id.as_str(), None));
    Err(Problem::error(
        Code::MissingFragment,
        text!(
            "《{title}》里没有 `#{id}` 这一处",
            "`{title}` has no place `#{id}`"
        ),
    )
    .maybe_hint(did_you_mean(id, ids))
    .hint(text!(
        "标题的锚点就是标题文字，如 `#工作目标`",
        "a heading's fragment is its text, such as `#工作目标`"
    )))
}
