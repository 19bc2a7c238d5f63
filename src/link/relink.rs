//! Links a site again after some of its files have changed.
//!
//! Linking from nothing is cheap, but not for free: for ten thousand entries it takes as long as the
//! eye needs to notice. The most frequent edit by far, however, changes the text of an entry and
//! nothing that any other entry or the link stage looks at; then the site stays as it is, with the
//! one entry replaced. Everything else links from nothing.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::DateTime;

use super::occurrences::Window;
use super::publicity::{Publicity, dated_ahead, withheld};
use super::{EntryId, Parsed, Site, link};
use crate::content::{Broken, RawConfig, RawEntry};
use crate::diag::{Diagnostic, Severity, SourcePath};
use crate::markdown::Outline;
use crate::model::config::SiteConfig;
use crate::model::snapshot::Snapshot;

/// Everything that linking looks at.
#[derive(Debug)]
pub struct Inputs {
    /// `site.yaml` as it is meant for this build.
    pub config: SiteConfig,
    /// `site.yaml` as it was read.
    pub settings: Option<Arc<RawConfig>>,
    /// Every entry that could be read, with its body.
    pub entries: Vec<(Arc<RawEntry>, Arc<Outline>)>,
    /// Groups of words that mean the same to the search.
    pub synonyms: Vec<Vec<String>>,
    /// What could not be read.
    pub broken: Broken,
    /// Every input file.
    pub snapshot: Snapshot,
    /// What decides which entries are public.
    pub publicity: Publicity,
}

/// A linked site, what it was made from, and what there was to say.
#[derive(Debug)]
pub struct Linked {
    /// The site.
    pub site: Site,
    /// Everything that linking had to say.
    pub diagnostics: Vec<Diagnostic>,
    inputs: Inputs,
}

/// What may differ between two sites, one linked after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Anything, the numbers of the entries included.
    Everything,
    /// Of these entries the title, the summary and the body; everything else is as it was.
    Texts(Vec<EntryId>),
}

impl Linked {
    /// Links a site from nothing.
    pub fn new(inputs: Inputs) -> Self {
        let linked = link(&inputs);
        Linked {
            site: linked.value,
            diagnostics: linked.diagnostics,
            inputs,
        }
    }

    /// Links the site again: the result is the same as that of [`Linked::new`].
    pub fn update(&mut self, inputs: Inputs) -> Change {
        match self.changed_texts(&inputs) {
            Some(changed) => {
                for (id, (entry, outline)) in &changed {
                    self.site.replace_text(*id, entry, outline);
                }
                let ids = changed.into_iter().map(|(id, _)| id).collect();
                self.inputs = inputs;
                Change::Texts(ids)
            }
            None => {
                let before = std::mem::replace(self, Linked::new(inputs));
                // Taking a large site apart takes time, and nothing needs to wait for it.
                rayon::spawn(move || drop(before));
                Change::Everything
            }
        }
    }

    /// Every entry that was read, public or not.
    pub fn entries(&self) -> impl Iterator<Item = &RawEntry> {
        self.inputs.entries.iter().map(|(entry, _)| &**entry)
    }

    /// The body of every entry that has a file of its own, with the path of the file.
    pub fn bodies(&self) -> impl Iterator<Item = (&SourcePath, &Outline)> {
        let entries = self.inputs.entries.iter();
        let own = entries.filter(|(entry, _)| !entry.kind.is_vocabulary());
        own.map(|(entry, outline)| (&entry.source.path, &**outline))
    }

    /// What decided which entries are public.
    pub fn publicity(&self) -> Publicity {
        self.inputs.publicity
    }

    /// The first moment at which another set of entries will be public.
    pub fn next_due(&self) -> Option<DateTime> {
        let as_of = self.inputs.publicity.as_of;
        let moments = self.entries().flat_map(|entry| {
            let common = &entry.common;
            [common.publish_on, common.expire_on]
        });
        let moments = moments.flatten().map(|moment| moment.start());
        moments.filter(|moment| *moment > as_of).min()
    }

    /// The first moment at which the site, or what is said of it, may come out differently though no file
    /// has changed.
    pub fn next_change(&self) -> Option<DateTime> {
        // With the month, the window moves on: what is listed as coming, whose turns are shown, which
        // meetings were due.
        let month = self.inputs.publicity.as_of.last_of_month().tomorrow().ok();
        let month = month.map(|day| day.start_of_day());
        let publicity = self.inputs.publicity;
        let ahead = self.entries();
        let ahead = ahead.filter_map(|entry| dated_ahead(entry, publicity));
        let ahead = ahead.map(|date| date.start());
        ahead.chain(self.next_due()).chain(month).min()
    }

    /// The entries of which only the text differs, if nothing else does.
    fn changed_texts<'n>(&self, next: &'n Inputs) -> Option<Vec<(EntryId, &'n Parsed)>> {
        let before = &self.inputs;
        let same_settings = match (&before.settings, &next.settings) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        let is_same = same_settings
            && before.config == next.config
            && before.synonyms == next.synonyms
            && before.broken == next.broken
            && self.site.window == Window::around(next.publicity.as_of.date())
            && before.entries.len() == next.entries.len()
            && self.has_same_files(&next.snapshot);
        if !is_same {
            return None;
        }
        let mut changed = Vec::new();
        let mut id = 0;
        for (old, new) in before.entries.iter().zip(&next.entries) {
            let standing = withheld(&new.0, next.publicity);
            let is_as_before = standing == withheld(&old.0, before.publicity)
                && dated_ahead(&new.0, next.publicity) == dated_ahead(&old.0, before.publicity);
            if !is_as_before {
                return None;
            }
            if !Arc::ptr_eq(&old.0, &new.0) {
                if !self.differs_in_text_only(old, new, EntryId::new(id)) {
                    return None;
                }
                changed.push((EntryId::new(id), new));
            }
            id += usize::from(standing.is_none());
        }
        Some(changed)
    }

    /// Whether nobody but the pages that show an entry, its own and those with its card, can tell
    /// `new` from `old`.
    fn differs_in_text_only(&self, old: &Parsed, new: &Parsed, id: EntryId) -> bool {
        let ((old, old_outline), (new, new_outline)) = (old, new);
        let is_retitled = old.common.title != new.common.title;
        let mut common = new.common.clone();
        common.title.clone_from(&old.common.title);
        common.summary.clone_from(&old.common.summary);
        let path = &new.source.path;
        let is_same_entry = (old.kind, &old.id, &old.source.path) == (new.kind, &new.id, path)
            && old.common == common
            && old.data == new.data;
        is_same_entry
            && withheld(new, self.inputs.publicity).is_none()
            && has_same_ties(old_outline, new_outline)
            && !self.is_talked_about(path.as_str(), is_retitled)
            && !(is_retitled && self.is_named_elsewhere(id))
    }

    /// Whether `next` has the same files as far as anything but the content of entries can tell: of
    /// those that are published as they are, such as a vocabulary that an entry links to, the content
    /// counts too.
    fn has_same_files(&self, next: &Snapshot) -> bool {
        let before = &self.inputs.snapshot;
        let pairs = || before.files.iter().zip(&next.files);
        let copied = LazyCell::new(|| -> HashSet<&SourcePath> {
            let beside = self
                .site
                .entries
                .iter()
                .flat_map(|entry| entry.files.keys());
            let fixed = self.site.static_files(before).map(|(_, path, _)| path);
            beside.chain(fixed).collect()
        });
        before.files.len() == next.files.len()
            && pairs().all(|((one, _), (other, _))| one == other)
            && pairs().all(|((path, one), (_, other))| {
                one.is_alike(other)
                    && (one.bytes().is_none() || one.is_same_text(other) || !copied.contains(path))
            })
    }

    /// Whether a diagnostic names a place in the file, or perhaps its title.
    fn is_talked_about(&self, path: &str, is_retitled: bool) -> bool {
        self.diagnostics.iter().any(|told| {
            let related = told.related.iter().map(|(span, _)| span);
            let mut spans = told.span.iter().chain(related);
            let names_title = is_retitled && told.severity != Severity::Note;
            names_title || spans.any(|span| span.file.as_str() == path)
        })
    }

    /// Whether the title of an entry stands anywhere but on its own page and on its card.
    fn is_named_elsewhere(&self, id: EntryId) -> bool {
        let entry = self.site.entry(id);
        !self.site.referring_to(id).is_empty() || !entry.raw.common.aliases.is_empty()
    }
}

/// Whether two bodies have the same links, images and places to link to, and nothing to say.
fn has_same_ties(old: &Outline, new: &Outline) -> bool {
    let links = |outline: &Outline| -> Vec<String> {
        let links = outline.links.iter().map(|link| link.target.clone());
        let images = outline.images.iter().map(|image| image.src.clone());
        links.chain([String::new()]).chain(images).collect()
    };
    old.ids == new.ids
        && old.problems.is_empty()
        && new.problems.is_empty()
        && links(old) == links(new)
}
