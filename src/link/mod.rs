//! Resolves references, links and URLs between entries.
//!
//! Input: the raw entries and their outlines. Output: [`Site`], in which every reference is an
//! [`EntryId`], every page has its URL, and back-references and lists are known.
//!
//! Invariants: no I/O; every `EntryId` in a `Site` exists in it; entries that are drafts, not yet
//! due or expired are not in it; order follows dates and source paths, never chance.
//!
//! Linking always starts from nothing: it is cheap, and it is what makes rebuilds sound.

mod collisions;
pub mod hierarchy;
pub mod lists;
pub mod occurrences;
pub mod offers;
pub mod own_pages;
mod pages;
mod pictures;
mod publicity;
mod publishing;
mod references;
mod relink;
mod resolve;
mod site;
mod targets;
mod told;
mod unused;
pub mod urls;
mod verify;

pub(crate) use collisions::alias_path;
pub use pictures::{FileCopy, Picture};
pub use publicity::{Publicity, Withheld, withheld};
pub use references::Reference;
pub use relink::{Change, Inputs, Linked};
pub use site::{Entry, EntryId, NavigationLink, Site};

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::content::{Broken, RawEntry};
use crate::diag::{Checked, Known, Text};
use crate::markdown::Outline;
use crate::model::Kind;
use occurrences::Window;
use urls::Addresses;

/// What is found under an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// An entry of the site.
    Public(EntryId),
    /// An entry that is not public, or whose file could not be read.
    Hidden,
    /// Nothing.
    Unknown,
}

/// An entry and its Markdown.
type Parsed = (Arc<RawEntry>, Arc<Outline>);

/// Entries by kind and id.
pub(crate) struct Index<'a> {
    ids: HashMap<(Kind, &'a str), Lookup>,
    entries: &'a [Parsed],
    known: BTreeMap<Kind, OnceLock<Known<'a>>>,
    /// Kinds of which there may be more than is known.
    unsure: &'a BTreeSet<Kind>,
}

impl<'a> Index<'a> {
    fn find(&self, kind: Kind, id: &str) -> Lookup {
        let unknown = if self.unsure.contains(&kind) {
            Lookup::Hidden
        } else {
            Lookup::Unknown
        };
        self.ids.get(&(kind, id)).copied().unwrap_or(unknown)
    }

    /// The ids and titles of a kind, and the last segments of the ids.
    fn known(&self, kind: Kind) -> Option<&Known<'a>> {
        let known = || {
            let entries = self.entries.iter().map(|(entry, _)| entry);
            let of_kind = entries.filter(move |entry| entry.kind == kind);
            Known::new(of_kind.flat_map(|entry| {
                let (id, title) = (entry.id.as_str(), Some(entry.common.title.as_str()));
                let name = id.rsplit_once('/').map(|(_, name)| (name, title));
                [Some((id, title)), name].into_iter().flatten()
            }))
        };
        Some(self.known.get(&kind)?.get_or_init(known))
    }

    /// The remedy "did you mean …" for an id of this kind, or for the last segment of one.
    fn did_you_mean(&self, kind: Kind, written: &str) -> Option<Text> {
        self.known(kind)?.did_you_mean(written)
    }

    /// The entry of this kind, from a file of its own, whose id or last segment of it is `name`, or
    /// nearly so.
    fn nearest(&self, kind: Kind, name: &str) -> Option<&'a RawEntry> {
        let (id, _) = self.known(kind)?.nearest(name)?;
        let entries = self.entries.iter().map(|(entry, _)| &**entry);
        let mut of_kind = entries.filter(|entry| entry.kind == kind && !kind.is_vocabulary());
        of_kind.find(|entry| entry.id == id || entry.id.rsplit('/').next() == Some(id))
    }
}

/// Links a site from nothing.
fn link(inputs: &Inputs) -> Checked<Site> {
    let Inputs {
        config,
        settings,
        snapshot,
        broken,
        publicity,
        ..
    } = inputs;
    let publicity = *publicity;
    let addresses = Addresses::of(config);
    let all = inputs.entries.iter().cloned();
    let (entries, hidden): (Vec<_>, Vec<_>) =
        all.partition(|(entry, _)| withheld(entry, publicity).is_none());
    let told = inputs.entries.par_iter();
    let told: Vec<_> = told
        .filter_map(|(entry, _)| publicity::told(entry, publicity))
        .collect();
    let mut diagnostics = collisions::ids(entries.iter().chain(&hidden).map(|(entry, _)| &**entry));
    diagnostics.extend(told);
    let linked = resolve_all((&entries, &hidden), &addresses, inputs).drain_into(&mut diagnostics);
    let entries = entries
        .into_iter()
        .zip(linked)
        .map(|((raw, outline), resolved)| Entry::new(raw, outline, resolved, &addresses));
    let entries: Vec<Entry> = entries.collect();
    let window = Window::around(publicity.as_of.date());
    let mut site = Site::new((config.clone(), addresses), entries, window);
    site.synonyms.clone_from(&inputs.synonyms);
    site.own_pages = own_pages::own_pages(&site, snapshot);
    site.offers = offers::offers(&site);
    let unseen = || hidden.iter().map(|(entry, _)| &**entry);
    let (found, pages) = rayon::join(
        || {
            let mut found = collisions::urls(&site, snapshot);
            found.extend(unused::files(&site, snapshot, unseen(), broken));
            found
        },
        || pages::Pages::new(&site, snapshot, unseen(), &broken.entries),
    );
    diagnostics.extend(found);
    let links = verify::links(&site, &pages).drain_into(&mut diagnostics);
    let navigation = verify::navigation(
        &site.config,
        &pages,
        settings.as_ref().map(|raw| &raw.document),
    );
    let navigation = navigation.drain_into(&mut diagnostics);
    drop(pages);
    site.finish(links, navigation);
    Checked {
        value: site,
        diagnostics,
    }
}

/// Resolves what each of the public entries refers to.
fn resolve_all(
    (entries, hidden): (&[Parsed], &[Parsed]),
    addresses: &Addresses,
    inputs: &Inputs,
) -> Checked<Vec<resolve::Resolved>> {
    let index = index(entries, hidden, &inputs.broken);
    let raw_entries: Vec<&RawEntry> = entries.iter().map(|(entry, _)| &**entry).collect();
    let mut diagnostics = hierarchy::check(&raw_entries, &index);
    let by_file = by_file(entries.iter().chain(hidden));
    let world = targets::World {
        snapshot: &inputs.snapshot,
        addresses,
        by_file: &by_file,
    };
    let resolved: Vec<Checked<resolve::Resolved>> = entries
        .par_iter()
        .map(|(entry, outline)| resolve::resolve(entry, outline, &index, &world))
        .collect();
    let resolved = resolved.into_iter();
    let value = resolved.map(|checked| checked.drain_into(&mut diagnostics));
    Checked {
        value: value.collect(),
        diagnostics,
    }
}

fn index<'a>(entries: &'a [Parsed], hidden: &'a [Parsed], broken: &'a Broken) -> Index<'a> {
    let hidden = hidden
        .iter()
        .map(|(entry, _)| (entry.kind, entry.id.as_str()));
    let unread = broken.entries.iter();
    let unread = unread.map(|(kind, id)| (*kind, id.as_str()));
    let mut ids: HashMap<_, _> = hidden
        .chain(unread)
        .map(|key| (key, Lookup::Hidden))
        .collect();
    for (at, (entry, _)) in entries.iter().enumerate() {
        ids.insert(
            (entry.kind, entry.id.as_str()),
            Lookup::Public(EntryId::new(at)),
        );
    }
    let known = Kind::ALL.map(|kind| (kind, OnceLock::new()));
    Index {
        ids,
        entries,
        known: known.into(),
        unsure: &broken.kinds,
    }
}

fn by_file<'a>(entries: impl Iterator<Item = &'a Parsed>) -> HashMap<&'a str, (Kind, &'a str)> {
    entries
        .filter(|(entry, _)| !entry.kind.is_vocabulary())
        .map(|(entry, _)| (entry.source.path.as_str(), (entry.kind, entry.id.as_str())))
        .collect()
}
