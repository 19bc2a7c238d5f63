//! The linked site.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::lists::{List, ListOf, is_dated, lists};
use super::occurrences::{Occurrence, Window, occurrences};
use super::offers::Offer;
use super::own_pages::OwnPage;
use super::pictures::FileCopy;
use super::references::Reference;
use super::resolve::Resolved;
use super::targets::{self, LinkTo};
use super::urls::{Addresses, UrlPath};
use crate::content::RawEntry;
use crate::diag::SourcePath;
use crate::markdown::{ImageTarget, LinkTarget, Outline};
use crate::model::Kind;
use crate::model::config::SiteConfig;
use crate::model::date::Moment;
use crate::model::kinds::{Data, KindData, OrganizationKind, Status};
use crate::model::leaf::Sample;
use crate::model::reference::{Ref, Target};
use crate::model::snapshot::{InputFile, Snapshot};
use crate::model::tree::OutPath;

/// The place of an entry in [`Site::entries`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(u32);

impl EntryId {
    /// The id of the entry at `index`.
    pub fn new(index: usize) -> Self {
        EntryId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The place as a number.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The place as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A linked entry.
#[derive(Debug)]
pub struct Entry {
    /// The entry as read.
    pub raw: Arc<RawEntry>,
    /// Its Markdown, parsed.
    pub outline: Arc<Outline>,
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
    pub(super) pending: Vec<LinkTo>,
}

impl Entry {
    pub(super) fn new(
        raw: Arc<RawEntry>,
        outline: Arc<Outline>,
        resolved: Resolved,
        addresses: &Addresses,
    ) -> Self {
        let Resolved {
            path,
            references,
            links,
            images,
            outside_images,
            files,
        } = resolved;
        let image = |(index, source): (usize, &Option<SourcePath>)| match source {
            Some(source) => files.get(source).map(|copy| copy.target(addresses)),
            None => outside_images.get(&index).map(|src| ImageTarget {
                src: addresses.file(&OutPath::new(src.as_str())),
                srcset: None,
                dimensions: None,
            }),
        };
        let images = images.iter().enumerate().map(image).collect();
        Entry {
            raw,
            outline,
            path,
            references,
            links: Vec::new(),
            images,
            files,
            pending: links,
        }
    }

    /// The date by which the entry is sorted and filed.
    pub fn date(&self) -> Option<Moment> {
        self.dated().map(|(_, date)| date)
    }

    /// The key that holds [`Entry::date`].
    pub fn date_key(&self) -> Option<&'static str> {
        self.dated().map(|(key, _)| key)
    }

    fn dated(&self) -> Option<(&'static str, Moment)> {
        let own = match &self.raw.data {
            Data::Document(document) => document
                .issued_on
                .map(|day| ("issued_on", Moment::day(day))),
            Data::Event(event) => Some(("start", event.start)),
            Data::Response(response) => {
                let answered = response.answered_on.map(|moment| ("answered_on", moment));
                answered.or(Some(("asked_on", response.asked_on)))
            }
            _ => None,
        };
        own.or(self.raw.common.date.map(|date| ("date", date)))
    }

    /// When it was published on the site, for machines: only where that is written and a fact. The day that
    /// a document bears, that of an answer and that of an event say nothing of when they were published, and
    /// a publication date is never made up (国办发〔2017〕47号, `PubDate`).
    pub fn published_on(&self) -> Option<Moment> {
        self.raw.common.published_on()
    }

    /// When a feed says that there was something new: the date of publication where that is written and
    /// no sample key, else the one by which it is filed.
    pub fn told_on(&self) -> Option<Moment> {
        let written = self.raw.common.date.filter(|_| !self.is_sample("date"));
        written.or_else(|| self.date().filter(|_| self.has_real_date()))
    }

    /// Whether the value of `key` is marked as illustrative.
    pub fn is_sample(&self, key: &str) -> bool {
        self.raw.common.sample.names(key)
    }

    /// Whether the summary is illustrative: as a key of its own, or taken from an illustrative body.
    pub fn has_sample_summary(&self) -> bool {
        let written = self.raw.common.summary.is_some();
        self.is_sample(if written { "summary" } else { "body" })
    }

    /// Whether the date by which it is filed is a fact.
    pub fn has_real_date(&self) -> bool {
        !self.date_key().is_some_and(|key| self.is_sample(key))
    }

    /// The keys whose values are illustrative; none where nothing or all of it is.
    pub fn sample_keys(&self) -> Vec<&str> {
        match &self.raw.common.sample {
            Sample::Keys(keys) => keys.iter().map(String::as_str).collect(),
            Sample::Nothing | Sample::Whole => Vec::new(),
        }
    }

    /// Whether the search of the site finds it.
    pub fn is_searched(&self) -> bool {
        self.raw.common.search.0
    }

    /// The title.
    pub fn title(&self) -> &str {
        &self.raw.common.title
    }

    /// The file that one of its keys names, with what is published of it.
    pub fn file(&self, name: &str) -> Option<&FileCopy> {
        let mut paths = targets::candidates(&self.raw, name);
        paths.find_map(|path| self.files.get(&path))
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

/// Where an organization stands among others.
fn rank(data: &Data) -> Option<(bool, OrganizationKind)> {
    match data {
        Data::Organization(organization) => Some((
            organization.status == Some(Status::Planned),
            organization.kind,
        )),
        _ => None,
    }
}

/// An item of the main navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavigationLink {
    /// What it is called.
    pub title: String,
    /// The link, not yet escaped.
    pub href: String,
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
    /// The entries of each kind: dated kinds oldest first, organizations by what they are, those
    /// that are planned last, others in path order.
    pub collections: BTreeMap<Kind, Vec<EntryId>>,
    /// Every list with pages of its own.
    pub lists: Vec<List>,
    /// Every time that an event takes place, ordered by time.
    pub occurrences: Vec<Occurrence>,
    /// The days over which events that repeat are unrolled.
    pub window: Window,
    /// The pages of the site as a whole, beyond the home page and that for missing URLs.
    pub own_pages: Vec<OwnPage>,
    /// The files for programs: feeds, calendars and data, in order.
    pub offers: Vec<Offer>,
    /// Groups of words that mean the same to the search.
    pub synonyms: Vec<Vec<String>>,
    /// The main navigation.
    pub navigation: Vec<NavigationLink>,
    /// The links of the footer that `site.yaml` asks for.
    pub footer_links: Vec<NavigationLink>,
    /// For each entry the entries that refer to it: kind, key, in collection order.
    back: Vec<Vec<(EntryId, &'static str)>>,
    positions: Vec<usize>,
    /// The entries of each kind by the ids that officers write.
    by_id: BTreeMap<Kind, HashMap<Box<str>, EntryId>>,
    report_lists: BTreeMap<EntryId, usize>,
}

impl Site {
    pub(super) fn new(
        (config, addresses): (SiteConfig, Addresses),
        entries: Vec<Entry>,
        window: Window,
    ) -> Self {
        let mut site = Site {
            config,
            addresses,
            collections: BTreeMap::new(),
            lists: Vec::new(),
            occurrences: occurrences(&entries, window),
            window,
            own_pages: Vec::new(),
            offers: Vec::new(),
            synonyms: Vec::new(),
            navigation: Vec::new(),
            footer_links: Vec::new(),
            back: vec![Vec::new(); entries.len()],
            positions: vec![0; entries.len()],
            by_id: BTreeMap::new(),
            report_lists: BTreeMap::new(),
            entries,
        };
        for id in (0..site.entries.len()).map(EntryId::new) {
            let raw = &site.entries[id.index()].raw;
            site.collections.entry(raw.kind).or_default().push(id);
            let named = site.by_id.entry(raw.kind).or_default();
            named.entry(raw.id.as_str().into()).or_insert(id);
        }
        let entries = &site.entries;
        for (kind, ids) in &mut site.collections {
            if is_dated(*kind) && !kind.is_yearly() {
                ids.sort_by_cached_key(|id| entries[id.index()].date());
            }
            if *kind == Kind::Organization {
                ids.sort_by_key(|id| rank(&entries[id.index()].raw.data));
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

    /// Puts another text of the same entry in the place of the old one.
    pub(super) fn replace_text(
        &mut self,
        id: EntryId,
        raw: &Arc<RawEntry>,
        outline: &Arc<Outline>,
    ) {
        let entry = &mut self.entries[id.index()];
        entry.raw = Arc::clone(raw);
        entry.outline = Arc::clone(outline);
    }

    /// The files of the theme's and the site's `static/` with their output paths, the site's
    /// winning.
    pub fn static_files<'a>(
        &self,
        snapshot: &'a Snapshot,
    ) -> impl Iterator<Item = (OutPath, &'a SourcePath, &'a InputFile)> {
        let mut files = BTreeMap::new();
        for folder in [
            format!("themes/{}/static", self.config.theme()),
            "static".into(),
        ] {
            for (path, file) in snapshot.below(&folder) {
                files.insert(
                    OutPath::new(&path.as_str()[folder.len() + 1..]),
                    (path, file),
                );
            }
        }
        files
            .into_iter()
            .map(|(out, (path, file))| (out, path, file))
    }

    /// Takes the checked links of the entries and of the navigation.
    pub(super) fn finish(
        &mut self,
        links: Vec<Vec<Option<LinkTarget>>>,
        (navigation, footer): (Vec<NavigationLink>, Vec<NavigationLink>),
    ) {
        for (entry, links) in self.entries.iter_mut().zip(links) {
            entry.links = links;
            entry.pending = Vec::new();
        }
        self.navigation = navigation;
        self.footer_links = footer;
    }

    /// What the list of all entries of a kind is called: what the navigation calls it, so that people find
    /// above a page the word that led them there, or else the name of the kind.
    pub fn collection_title(&self, kind: Kind) -> String {
        let url = self.addresses.page(&UrlPath::collection(kind));
        let item = self.navigation.iter().find(|item| item.href == url);
        item.map_or_else(|| kind.label().zh, |item| item.title.clone())
    }

    /// Every entry's id.
    pub fn ids(&self) -> impl Iterator<Item = EntryId> + use<> {
        (0..self.entries.len()).map(EntryId::new)
    }

    /// The entry with this id.
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.index()]
    }

    /// The entries of one kind, in the order of their collection.
    pub fn of_kind(&self, kind: Kind) -> &[EntryId] {
        self.collections.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The entries of the kind that a type stands for, each with its keys, in the order of their collection.
    pub fn all<T: KindData + 'static>(&self) -> impl DoubleEndedIterator<Item = (EntryId, &T)> {
        let keys = |&id: &EntryId| Some((id, T::of(&self.entry(id).raw.data)?));
        self.of_kind(T::KIND).iter().filter_map(keys)
    }

    /// The entries that references lead to; without those that are not public.
    pub fn targets<'r, T: Target + 'r>(
        &self,
        references: impl IntoIterator<Item = &'r Ref<T>>,
    ) -> impl Iterator<Item = EntryId> {
        let references = references.into_iter();
        references.filter_map(|to| self.find(T::KIND, &to.id))
    }

    /// The link to a page of the site as a whole, where there is one.
    pub fn own_page(&self, page: OwnPage) -> Option<String> {
        let is_there = self.own_pages.contains(&page);
        is_there.then(|| self.addresses.page(&page.path()))
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

    /// The entries of one kind that refer to `id`, each with the key under which they do.
    pub fn referring_of(&self, id: EntryId, kind: Kind) -> &[(EntryId, &'static str)] {
        // They are in collection order, that is, by kind.
        let all = self.referring_to(id);
        let kind_of = |(from, _): &(EntryId, &str)| self.entry(*from).raw.kind;
        let from = all.partition_point(|tie| kind_of(tie) < kind);
        let to = all.partition_point(|tie| kind_of(tie) <= kind);
        &all[from..to]
    }

    /// The entries of one kind that refer to `id`, each once, in collection order.
    pub fn referring(&self, id: EntryId, kind: Kind) -> impl Iterator<Item = EntryId> {
        let mut last = None;
        let ties = self.referring_of(id, kind).iter();
        ties.map(|(from, _)| *from)
            .filter(move |from| last.replace(*from) != Some(*from))
    }
}
