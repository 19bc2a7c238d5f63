//! Every page and file that a path below the site's root can lead to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::site::{Entry, EntryId, Site};
use super::urls::{UrlPath, entry_path};
use super::{alias_path, collisions::OWN_FILES};
use crate::content::RawEntry;
use crate::diag::{Code, Known, Problem, did_you_mean, text};
use crate::markdown::LinkTarget;
use crate::model::Kind;
use crate::model::snapshot::Snapshot;
use crate::model::tree::OutPath;

/// The pages of a site by path, without a final `/`.
pub(super) struct Pages<'a> {
    site: &'a Site,
    entries: BTreeMap<String, EntryId>,
    lists: BTreeSet<String>,
    files: BTreeSet<OutPath>,
    /// Those of entries that are not public or could not be read, of collections that are empty,
    /// and of everything above these.
    hidden: BTreeSet<String>,
    known: OnceLock<Known<'a>>,
}

/// Where an output path leads as a link: without `index.html` and the final `/`.
fn trimmed(path: &str) -> &str {
    path.strip_suffix("index.html")
        .unwrap_or(path)
        .trim_end_matches('/')
}

impl<'a> Pages<'a> {
    /// Those of a site, of whose entries `hidden` are not public and `broken` could not be read.
    pub(super) fn new<'h>(
        site: &'a Site,
        snapshot: &Snapshot,
        hidden: impl Iterator<Item = &'h RawEntry>,
        broken: &BTreeSet<(Kind, String)>,
    ) -> Self {
        let mut entries = BTreeMap::new();
        for id in site.ids() {
            let entry = site.entry(id);
            let aliases = entry.raw.common.aliases.iter();
            for alias in aliases.filter_map(|alias| alias_path(alias, &site.addresses).ok()) {
                entries.insert(trimmed(&alias).to_owned(), id);
            }
        }
        for id in site.ids() {
            entries.insert(trimmed(site.entry(id).path.as_str()).to_owned(), id);
        }
        let mut lists = BTreeSet::from([String::new()]);
        for list in &site.lists {
            lists.insert(trimmed(list.path.as_str()).to_owned());
            let numbers = 1..=list.full_pages();
            lists.extend(numbers.map(|n| trimmed(list.numbered(n).as_str()).to_owned()));
        }
        let own = site.own_pages.iter().map(|page| page.path());
        lists.extend(own.map(|path| trimmed(path.as_str()).to_owned()));
        let own = OWN_FILES.iter().map(|name| OutPath::new(*name));
        let own = own.chain(site.offers.iter().map(|offer| offer.path(site)));
        let files = site.static_files(snapshot).map(|(out, ..)| out).chain(own);
        Pages {
            site,
            entries,
            lists,
            files: files.collect(),
            hidden: hidden_paths(hidden, broken),
            known: OnceLock::new(),
        }
    }

    /// What a path below the root and a `#fragment` (or nothing) lead to; `None` for a page that
    /// is not public.
    ///
    /// # Errors
    /// A problem when there is no such page, or no such place on it.
    pub(super) fn find(&self, path: &str, fragment: &str) -> Result<Option<LinkTarget>, Problem> {
        let page = trimmed(path);
        let addresses = &self.site.addresses;
        if let Some(id) = self.entries.get(page) {
            return self.entry(*id, fragment).map(Some);
        }
        let file = OutPath::new(path);
        let href = if self.lists.contains(page) {
            let path = match page {
                "" => UrlPath::home(),
                page => UrlPath::home().join(page),
            };
            addresses.page(&path)
        } else if self.files.contains(&file) {
            addresses.file(&file)
        } else if self.hidden.contains(page) {
            return Ok(None);
        } else {
            return Err(self.no_page(path));
        };
        if !is_everywhere(fragment) {
            return Err(no_fragment(path, fragment));
        }
        Ok(Some(inside(href + fragment)))
    }

    /// The same for a path that an officer wrote with a leading `/`, with or without the base path.
    ///
    /// # Errors
    /// As for [`Pages::find`].
    pub(super) fn find_from_root(
        &self,
        path: &str,
        fragment: &str,
    ) -> Result<Option<LinkTarget>, Problem> {
        self.find(self.site.addresses.strip_base(path), fragment)
    }

    /// The link to an entry's page and a place on it.
    ///
    /// # Errors
    /// A problem when the page has no such place.
    pub(super) fn entry(&self, id: EntryId, fragment: &str) -> Result<LinkTarget, Problem> {
        let entry = self.site.entry(id);
        check_fragment(fragment, entry)?;
        Ok(inside(self.site.addresses.page(&entry.path) + fragment))
    }

    fn no_page(&self, path: &str) -> Problem {
        let site = self.site;
        let known = || {
            let entries = site.entries.iter().map(|entry| entry.path.as_str());
            let lists = site.lists.iter().map(|list| list.path.as_str());
            let pages = entries.chain(lists).map(|path| (trimmed(path), None));
            Known::new(pages.filter(|(page, _)| !page.is_empty()))
        };
        let known = self.known.get_or_init(known);
        let message = text!(
            "站内没有 `/{path}` 这一页",
            "the site has no page `/{path}`"
        );
        let hint = text!(
            "链接到条目时写它的文件，如 `../stations/x.md`，改名后也不会断",
            "link to an entry by its file, such as `../stations/x.md`"
        );
        Problem::error(Code::BrokenLink, message)
            .maybe_hint(known.did_you_mean(path.trim_end_matches('/')))
            .hint(hint)
    }
}

/// A link within the site.
pub(super) fn inside(href: String) -> LinkTarget {
    LinkTarget {
        href,
        external: false,
    }
}

/// Paths that a link may have although nothing is there now: a site built tomorrow must not break
/// when something expires tonight.
fn hidden_paths<'h>(
    hidden: impl Iterator<Item = &'h RawEntry>,
    broken: &BTreeSet<(Kind, String)>,
) -> BTreeSet<String> {
    let hidden = hidden.map(|entry| {
        let slug = entry.common.slug.as_deref();
        entry_path(entry.kind, &entry.id, slug)
    });
    let broken = broken.iter().map(|(kind, id)| entry_path(*kind, id, None));
    let collections = Kind::ALL.into_iter().map(UrlPath::collection);
    let mut paths = BTreeSet::new();
    for path in hidden.chain(broken).flatten().chain(collections) {
        let mut here = trimmed(path.as_str());
        while !here.is_empty() && paths.insert(here.to_owned()) {
            here = here.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    paths
}

/// Whether every page has the place that a `#fragment` (or nothing) names: `#top` is the top of any
/// page (HTML Living Standard, "the indicated part").
fn is_everywhere(fragment: &str) -> bool {
    matches!(fragment, "" | "#" | "#top")
}

fn no_fragment(path: &str, fragment: &str) -> Problem {
    let message = text!(
        "`/{path}` 里没有 `{fragment}` 这一处",
        "`/{path}` has no place `{fragment}`"
    );
    let hint = text!(
        "栏目页和文件没有锚点：删去 `{fragment}`",
        "lists and files have no fragments: delete `{fragment}`"
    );
    Problem::error(Code::MissingFragment, message).hint(hint)
}

/// Whether a page has the place that a `#fragment` names.
///
/// # Errors
/// A problem with the nearest place that there is.
pub(super) fn check_fragment(fragment: &str, target: &Entry) -> Result<(), Problem> {
    let id = fragment.trim_start_matches('#');
    if is_everywhere(fragment) || target.outline.ids.contains(id) {
        return Ok(());
    }
    let title = target.title();
    let ids = target.outline.ids.iter().map(|id| (id.as_str(), None));
    let message = text!(
        "《{title}》里没有 `#{id}` 这一处",
        "`{title}` has no place `#{id}`"
    );
    let hint = text!(
        "标题的锚点就是标题文字，如 `#工作目标`",
        "a heading's fragment is its text, such as `#工作目标`"
    );
    Err(Problem::error(Code::MissingFragment, message)
        .maybe_hint(did_you_mean(id, ids))
        .hint(hint))
}
