//! The linked site.

use std::collections::BTreeMap;

use super::lists::{List, ListOf, is_dated, lists};
use super::references::{self, Reference};
use super::targets::{self, LinkTo, World};
use super::urls::{Addresses, UrlPath, entry_path};
use super::{Index, at_body};
use crate::content::RawEntry;
use crate::diag::{Checked, Code, Diagnostic, Problem, SourcePath, did_you_mean, text};
use crate::markdown::{ImageTarget, LinkTarget, Outline};
use crate::model::Kind;
use crate::model::config::SiteConfig;
use crate::model::date::Moment;
use crate::model::kinds::Data;
use crate::model::node::{Part, Step};
use crate::model::shape::Shape;
use crate::model::snapshot::{Dimensions, InputFile, Snapshot};
use crate::model::tree::OutPath;
use crate::model::value::Finding;

/// The place of an entry in [`Site::entries`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(u32);

impl EntryId {
    /// The id of the entry at `index`.
    pub fn new(index: usize) -> Self {
        EntryId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The place as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A file beside an entry that is published with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCopy {
    /// Where it is published.
    pub out: OutPath,
    /// Width and height, for images whose header could be read.
    pub dimensions: Option<Dimensions>,
    /// Size in bytes.
    pub size: u64,
}

/// A linked entry.
#[derive(Debug)]
pub struct Entry {
    /// The entry as read.
    pub raw: RawEntry,
    /// Its Markdown, parsed.
    pub outline: Outline,
    /// The URL of its page.
    pub path: UrlPath,
    /// Its references, each target once per key.
    pub references: Vec<Reference>,
    /// What each link of the outline leads to; `None` for plain text.
    pub links: Vec<Option<LinkTarget>>,
    /// The source of each image of the outline.
    pub images: Vec<Option<ImageTarget>>,
    /// The files published with it, by input path.
    pub files: BTreeMap<SourcePath, FileCopy>,
    pending: Vec<PendingLink>,
}

/// What resolving one entry yields.
pub(super) struct Resolved {
    path: UrlPath,
    references: Vec<Reference>,
    links: Vec<LinkTo>,
    images: Vec<Option<SourcePath>>,
    outside_images: BTreeMap<usize, String>,
    files: BTreeMap<SourcePath, FileCopy>,
}

/// A link whose target can be checked only when all pages are known.
#[derive(Debug)]
struct PendingLink {
    index: usize,
    to: LinkTo,
}

impl Entry {
    pub(super) fn new(raw: RawEntry, outline: Outline, resolved: Resolved) -> Self {
        let Resolved {
            path,
            references,
            links,
            images,
            outside_images,
            files,
        } = resolved;
        let image = |(index, source): (usize, &Option<SourcePath>)| match source {
            Some(source) => files.get(source).map(|copy| ImageTarget {
                src: copy.out.as_str().to_owned(),
                dimensions: copy.dimensions,
            }),
            None => outside_images.get(&index).map(|src| ImageTarget {
                src: src.clone(),
                dimensions: None,
            }),
        };
        let images = images.iter().enumerate().map(image).collect();
        let pending = links
            .into_iter()
            .enumerate()
            .map(|(index, to)| PendingLink { index, to })
            .collect::<Vec<_>>();
        let links = Vec::new();
        Entry {
            raw,
            outline,
            path,
            references,
            links,
            images,
            files,
            pending,
        }
    }

    /// The date by which the entry is sorted and filed.
    pub fn date(&self) -> Option<Moment> {
        let own = match &self.raw.data {
            Data::Document(document) => document.issued_on.map(Moment::day),
            Data::Event(event) => Some(event.start),
            Data::Response(response) => response.answered_on.or(Some(response.asked_on)),
            _ => None,
        };
        own.or(self.raw.common.date)
    }

    /// The title.
    pub fn title(&self) -> &str {
        &self.raw.common.title
    }

    /// The published file that one of its keys names.
    pub fn file(&self, name: &str) -> Option<&FileCopy> {
        let source = targets::beside(&self.raw, name)?;
        self.files.get(&SourcePath::new(source))
    }

    /// The summary as written, or the first sentences of the body.
    pub fn summary(&self) -> &str {
        self.raw
            .common
            .summary
            .as_deref()
            .unwrap_or(&self.outline.summary)
    }
}

/// Every entry, linked.
#[derive(Debug)]
pub struct Site {
    /// `site.yaml`.
    pub config: SiteConfig,
    /// How its pages are addressed.
    pub addresses: Addresses,
    /// The entries, in path order.
    pub entries: Vec<Entry>,
    /// The entries of each kind: dated kinds oldest first, others in path order.
    pub collections: BTreeMap<Kind, Vec<EntryId>>,
    /// Every list with pages of its own.
    pub lists: Vec<List>,
    /// For each entry the entries that refer to it: kind, key, in collection order.
    back: Vec<Vec<(EntryId, &'static str)>>,
    positions: Vec<usize>,
    by_id: BTreeMap<Kind, BTreeMap<String, EntryId>>,
    report_lists: BTreeMap<EntryId, usize>,
}

impl Site {
    pub(super) fn new(config: SiteConfig, addresses: Addresses, entries: Vec<Entry>) -> Self {
        let mut site = Site {
            config,
            addresses,
            collections: BTreeMap::new(),
            lists: Vec::new(),
            back: vec![Vec::new(); entries.len()],
            positions: vec![0; entries.len()],
            by_id: BTreeMap::new(),
            report_lists: BTreeMap::new(),
            entries,
        };
        for id in (0..site.entries.len()).map(EntryId::new) {
            let raw = &site.entries[id.index()].raw;
            site.collections.entry(raw.kind).or_default().push(id);
            site.by_id
                .entry(raw.kind)
                .or_default()
                .insert(raw.id.clone(), id);
        }
        let entries = &site.entries;
        for (kind, ids) in &mut site.collections {
            if is_dated(*kind) && !kind.is_yearly() {
                ids.sort_by_key(|id| entries[id.index()].date());
            }
        }
        for (position, &id) in site
            .collections
            .values()
            .flat_map(|ids| ids.iter().enumerate())
        {
            site.positions[id.index()] = position;
            for reference in &entries[id.index()].references {
                site.back[reference.to.index()].push((id, reference.key));
            }
        }
        site.lists = lists(&site);
        for (index, list) in site.lists.iter().enumerate() {
            if let ListOf::ReportsOf(id) = list.of {
                site.report_lists.insert(id, index);
            }
        }
        site
    }

    /// Every entry's id.
    pub fn ids(&self) -> impl Iterator<Item = EntryId> + use<> {
        (0..self.entries.len()).map(EntryId::new)
    }

    /// The entry with this id.
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.index()]
    }

    /// The place of an entry in the collection of its kind.
    pub fn position(&self, id: EntryId) -> Option<usize> {
        self.positions.get(id.index()).copied()
    }

    /// The public entry of a kind under the id that officers write.
    pub fn find(&self, kind: Kind, id: &str) -> Option<EntryId> {
        self.by_id.get(&kind)?.get(id).copied()
    }

    /// The list of the reports that refer to an entry, if there are any.
    pub fn reports_of(&self, id: EntryId) -> Option<&List> {
        self.report_lists.get(&id).map(|index| &self.lists[*index])
    }

    /// The entries that refer to `id`, each with the key under which they do.
    pub fn referring_to(&self, id: EntryId) -> &[(EntryId, &'static str)] {
        &self.back[id.index()]
    }

    /// The entries of one kind that refer to `id`, each once, in collection order.
    pub fn referring(&self, id: EntryId, kind: Kind) -> impl Iterator<Item = EntryId> {
        let mut last = None;
        self.referring_to(id)
            .iter()
            .map(|(from, _)| *from)
            .filter(move |from| {
                let is_new = last != Some(*from);
                last = Some(*from);
                is_new && self.entry(*from).raw.kind == kind
            })
    }
}

/// Resolves what an entry refers to; a broken reference is reported and left out.
pub(super) fn resolve(
    entry: &RawEntry,
    outline: &Outline,
    index: &Index<'_>,
    world: &World<'_>,
) -> Checked<Resolved> {
    let mut diagnostics = Vec::new();
    for (range, problem) in &outline.problems {
        diagnostics.push(at_body(entry, range.clone(), problem.clone()));
    }
    let slug = entry.common.slug.as_deref();
    let path = entry_path(entry.kind, &entry.id, slug).unwrap_or_else(|problem| {
        let key = if slug.is_some() { "slug" } else { "title" };
        diagnostics.push(problem.at(entry.span(&[Step::Key(key)], Part::Value)));
        UrlPath::collection(entry.kind).join("-")
    });
    let (references, problems) = references::resolve(entry, index);
    diagnostics.extend(problems);
    let mut files = Files {
        entry,
        path: &path,
        snapshot: world.snapshot,
        found: BTreeMap::new(),
    };
    diagnostics.extend(files.keys());
    let links = outline.links.iter().map(|link| {
        targets::resolve(&link.target, entry, index, world).unwrap_or_else(|problem| {
            diagnostics.push(at_body(entry, link.range.clone(), problem));
            LinkTo::Hidden
        })
    });
    let links: Vec<LinkTo> = links.collect();
    for link in &links {
        if let LinkTo::File(source) = link {
            files.add(source.clone());
        }
    }
    let (images, outside_images) = images(outline, entry, world).drain_into(&mut diagnostics);
    for source in images.iter().flatten() {
        files.add(source.clone());
    }
    let files = files.found;
    let value = Resolved {
        path,
        references,
        links,
        images,
        outside_images,
        files,
    };
    Checked { value, diagnostics }
}

type Images = (Vec<Option<SourcePath>>, BTreeMap<usize, String>);

/// The source file of each image, and the paths of those in `static/` by their place.
fn images(outline: &Outline, entry: &RawEntry, world: &World<'_>) -> Checked<Images> {
    let mut diagnostics = Vec::new();
    let mut elsewhere = BTreeMap::new();
    let mut beside = Vec::new();
    for (at, image) in outline.images.iter().enumerate() {
        let source = match image_source(&image.src, entry, world) {
            Ok(ImageFrom::Beside(source)) => Some(source),
            Ok(ImageFrom::Elsewhere(src)) => {
                elsewhere.insert(at, src);
                None
            }
            Err(problem) => {
                diagnostics.push(at_body(entry, image.range.clone(), problem));
                None
            }
        };
        beside.push(source);
    }
    Checked {
        value: (beside, elsewhere),
        diagnostics,
    }
}

enum ImageFrom {
    Beside(SourcePath),
    Elsewhere(String),
}

fn image_source(src: &str, entry: &RawEntry, world: &World<'_>) -> Result<ImageFrom, Problem> {
    if src.starts_with("https://") || src.starts_with("http://") {
        return Err(Problem::error(
            Code::BrokenLink,
            text!(
                "图片 `{src}` 在别的网站上",
                "the image `{src}` is on another site"
            ),
        )
        .hint(text!(
            "下载图片，放在文章旁边，只写文件名",
            "download it, put it beside the entry and write its file name"
        )));
    }
    if src.starts_with('/') {
        let below = world.addresses.strip_base(src);
        let exists = world
            .snapshot
            .files
            .contains_key(&SourcePath::new(format!("static/{below}")));
        return if exists {
            Ok(ImageFrom::Elsewhere(below.to_owned()))
        } else {
            let problem = Problem::error(
                Code::MissingFile,
                text!("找不到图片 `{src}`", "there is no image `{src}`"),
            );
            Err(problem.hint(text!(
                "把图片放到 static/{below}",
                "put the image at static/{below}"
            )))
        };
    }
    targets::file(src, entry, world.snapshot).map(ImageFrom::Beside)
}

/// Collects the files that are published with an entry.
struct Files<'a> {
    entry: &'a RawEntry,
    path: &'a UrlPath,
    snapshot: &'a Snapshot,
    found: BTreeMap<SourcePath, FileCopy>,
}

impl Files<'_> {
    fn add(&mut self, source: SourcePath) {
        let folder = format!("{}/", self.entry.source.path.folder());
        let below = source
            .as_str()
            .strip_prefix(&folder)
            .unwrap_or(source.name());
        let (dimensions, size) = match self.snapshot.files.get(&source) {
            Some(InputFile::Media(media)) => (media.dimensions, media.size),
            Some(InputFile::Bytes(bytes)) => (None, bytes.len() as u64),
            None => (None, 0),
        };
        let copy = FileCopy {
            out: self.path.file(below),
            dimensions,
            size,
        };
        self.found.insert(source, copy);
    }

    /// Adds the files that keys name; returns a diagnostic for each that is missing.
    fn keys(&mut self) -> Vec<Diagnostic> {
        use crate::model::value::Record;
        let entry = self.entry;
        let fields = entry
            .common
            .inspect_fields()
            .into_iter()
            .chain(entry.data.inspect_fields());
        let mut findings = Vec::new();
        for (key, shape) in fields {
            shape.walk(&mut vec![Step::Key(key)], &mut |path, leaf| {
                let Shape::File(name) = leaf else { return };
                match targets::file(name, entry, self.snapshot) {
                    Ok(source) => self.add(source),
                    Err(problem) => {
                        findings.push(Finding {
                            path: path.to_vec(),
                            part: Part::Value,
                            problem,
                        });
                    }
                }
            });
        }
        entry.diagnose(findings)
    }
}

/// Checks what could not be checked before all pages were known: fragments and paths below the
/// root; fills in [`Entry::links`] and makes image sources full links.
pub(super) fn check_paths(site: &mut Site, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let pages: BTreeMap<String, Option<EntryId>> = pages(site);
    let mut diagnostics = Vec::new();
    let mut all_links = Vec::with_capacity(site.entries.len());
    for entry in &site.entries {
        let mut links = Vec::with_capacity(entry.pending.len());
        for pending in &entry.pending {
            let resolved = final_link(&pending.to, entry, site, &pages, snapshot);
            links.push(resolved.unwrap_or_else(|problem| {
                let range = entry.outline.links[pending.index].range.clone();
                diagnostics.push(at_body(&entry.raw, range, problem));
                None
            }));
        }
        all_links.push(links);
    }
    let addresses = site.addresses.clone();
    for (entry, links) in site.entries.iter_mut().zip(all_links) {
        entry.links = links;
        entry.pending = Vec::new();
        for image in entry.images.iter_mut().flatten() {
            image.src = addresses.file(&OutPath::new(std::mem::take(&mut image.src)));
        }
    }
    diagnostics
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
