//! Checks links once all pages are known: paths below the root, fragments, the navigation.

use rayon::prelude::*;

use super::pages::{Pages, check_fragment, inside};
use super::site::{Entry, NavigationLink, Site};
use super::targets::{LinkTo, scheme, split};
use super::told::Told;
use crate::content::Document;
use crate::diag::{Checked, Code, Problem, text};
use crate::markdown::LinkTarget;
use crate::model::config::{NavigationItem, SiteConfig};
use crate::model::node::{Part, Step};

/// What each link of each entry leads to; one that leads nowhere is reported and becomes plain
/// text.
pub(super) fn links(site: &Site, pages: &Pages<'_>) -> Checked<Vec<Vec<Option<LinkTarget>>>> {
    let check = |entry: &Entry| entry_links(entry, site, pages);
    let checked: Vec<_> = site.entries.par_iter().map(check).collect();
    let mut diagnostics = Vec::new();
    let links = checked
        .into_iter()
        .map(|checked| checked.drain_into(&mut diagnostics));
    Checked {
        value: links.collect(),
        diagnostics,
    }
}

fn entry_links(entry: &Entry, site: &Site, pages: &Pages<'_>) -> Checked<Vec<Option<LinkTarget>>> {
    let mut told = Told::of(&entry.raw);
    let pending = entry.pending.iter().zip(&entry.outline.links);
    let links = pending.map(|(to, link)| {
        if told.is_full() {
            return None;
        }
        final_link(to, entry, site, pages).unwrap_or_else(|problem| {
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

fn final_link(
    to: &LinkTo,
    entry: &Entry,
    site: &Site,
    pages: &Pages<'_>,
) -> Result<Option<LinkTarget>, Problem> {
    match to {
        LinkTo::Hidden => Ok(None),
        LinkTo::Outside(href) => Ok(Some(LinkTarget {
            href: href.clone(),
            external: href.starts_with("http"),
        })),
        LinkTo::Here(fragment) => {
            check_fragment(fragment, entry)?;
            Ok(Some(inside(fragment.clone())))
        }
        LinkTo::Entry(id, fragment) => pages.entry(*id, fragment).map(Some),
        LinkTo::File(source) => {
            let copy = entry.files.get(source);
            Ok(copy.map(|copy| inside(site.addresses.file(copy.file()))))
        }
        LinkTo::Path(path, fragment) => pages.find(path, fragment),
    }
}

/// The items of the main navigation and of the footer that lead somewhere; one that leads to a page
/// that is not public, such as an empty collection, is left out, one that leads nowhere is reported in
/// `settings`.
pub(super) fn navigation(
    config: &SiteConfig,
    pages: &Pages<'_>,
    settings: Option<&Document>,
) -> Checked<(Vec<NavigationLink>, Vec<NavigationLink>)> {
    let footer = config.footer.as_ref();
    let footer = footer.map_or(&[][..], |footer| &footer.links);
    let main = links_of(
        &config.navigation,
        &[Step::Key("navigation")],
        pages,
        settings,
    );
    let below = [Step::Key("footer"), Step::Key("links")];
    let below = links_of(footer, &below, pages, settings);
    let mut diagnostics = Vec::new();
    let value = (
        main.drain_into(&mut diagnostics),
        below.drain_into(&mut diagnostics),
    );
    Checked { value, diagnostics }
}

/// The items of a list at `place` in `site.yaml` that lead somewhere.
fn links_of(
    items: &[NavigationItem],
    place: &[Step],
    pages: &Pages<'_>,
    settings: Option<&Document>,
) -> Checked<Vec<NavigationLink>> {
    let mut links = Vec::new();
    let mut diagnostics = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match navigation_target(&item.url, pages) {
            Ok(Some(target)) => links.push(NavigationLink {
                title: item.title.clone(),
                href: target.href,
            }),
            Ok(None) => {}
            Err(problem) => {
                let path = [place, &[Step::Index(index), Step::Key("url")]].concat();
                diagnostics.push(match settings {
                    Some(document) => problem.at(document.span(&path, Part::Value)),
                    None => problem.nowhere(),
                });
            }
        }
    }
    Checked {
        value: links,
        diagnostics,
    }
}

fn navigation_target(url: &str, pages: &Pages<'_>) -> Result<Option<LinkTarget>, Problem> {
    let url = url.trim();
    match scheme(url).map(str::to_ascii_lowercase).as_deref() {
        Some("http" | "https" | "mailto" | "tel") => Ok(Some(LinkTarget {
            href: url.to_owned(),
            external: true,
        })),
        None if url.starts_with('/') && !url.starts_with("//") => {
            let (path, fragment) = split(url)?;
            pages.find_from_root(&path, &fragment)
        }
        _ => Err(Problem::error(
            Code::BrokenLink,
            text!(
                "`{url}` 不能用作导航链接",
                "`{url}` cannot be a link of the navigation"
            ),
        )
        .hint(text!(
            "写站内路径，如 `/reports/`，或写全网址 `https://…`",
            "write a path of this site such as `/reports/`, or a full address"
        ))),
    }
}
