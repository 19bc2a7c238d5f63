//! Puts everything together: rendered pages, feeds, assets, redirects and copied files.
//!
//! Input: the linked site, the theme, and what was made the last time. Output: the [`OutputTree`].
//! The asset URLs come last, so that pages do not depend on assets.
//!
//! A page is a function of the *environment* (templates, UI strings, `site.yaml`) and of its view. It
//! is taken over from the last time when neither has changed; its view is not even made when the
//! change of the site says that it cannot have. The result is always that of an empty [`Memo`].

mod fixed;
mod late;
mod pages;
mod stored;

use std::sync::Arc;

use rayon::prelude::*;

use crate::assets::{self, Assets, Shared};
use crate::diag::{Checked, Diagnostic};
use crate::link::{Change, EntryId, Site};
use crate::model::digest::Fingerprint;
use crate::model::snapshot::Snapshot;
use crate::model::tree::{OutFile, OutPath, OutputTree};
use crate::render::{Renderer, key};
use crate::theme::Theme;
use crate::view::{Cards, Page, PreparedCards, SiteView};
use late::Late;
use pages::{Look, Made, Pages};
pub use stored::Stored;

/// What was made the last time.
#[derive(Default)]
pub struct Memo {
    environment: Option<(Fingerprint, Renderer)>,
    /// The environment in which `pages` were made.
    made_in: Option<Fingerprint>,
    pages: Pages,
    assets: Arc<Assets>,
    asset_files: assets::Memo,
    shared: Option<Dressed>,
    /// What is true only of the site as it was the last time.
    site: Option<OfSite>,
    late: Late,
    rendered: usize,
    is_last: bool,
}

/// The parts that all pages share, and what they were made from.
struct Dressed {
    environment: Fingerprint,
    assets: Arc<Assets>,
    parts: Arc<[Shared]>,
}

struct OfSite {
    cards: PreparedCards,
    order: Vec<(Page, OutPath)>,
    /// Copies and redirects.
    fixed: OutputTree,
    tree: OutputTree,
}

impl Memo {
    /// How many pages the last call of [`assemble`] rendered.
    pub fn rendered(&self) -> usize {
        self.rendered
    }

    /// Keeps, from now on, only what can be [stored](Memo::store): no other build follows in this
    /// process.
    pub fn is_for_last_build(&mut self) {
        self.is_last = true;
    }

    /// Forgets what depends on the site having changed in a known way only.
    pub fn lose_track(&mut self) {
        self.site = None;
        self.rendered = 0;
    }

    /// Forgets the pages of another environment. Templates that cannot be compiled change no page: when they
    /// are repaired to what they were, every page is still what it was.
    fn leave_other_environment(&mut self) {
        let environment = self.environment.as_ref().map(|(known, _)| *known);
        if environment.is_some() && environment != self.made_in {
            self.pages.clear();
            self.site = None;
            self.made_in = environment;
        }
    }
}

impl Memo {
    /// Notes that the site that comes next differs by `change` from that before.
    pub fn note(&mut self, change: &Change) {
        self.late.note(change);
    }

    /// The files of the site that [`assemble`] leaves out: those for programs and the search index.
    pub fn finish(&mut self, site: &Site) -> OutputTree {
        self.late.finish(site)
    }
}

/// Makes the pages of the site and what they show, which differs by `change` from those of the call before;
/// [`Memo::finish`] makes the rest.
pub fn assemble(
    site: &Site,
    theme: &Theme,
    snapshot: &Snapshot,
    change: &Change,
    memo: &mut Memo,
) -> Checked<OutputTree> {
    memo.rendered = 0;
    let (mut diagnostics, assets) = rayon::join(
        || prepare(site, theme, &mut memo.environment),
        || Assets::publish(theme, &site.addresses, &mut memo.asset_files),
    );
    let assets = assets.drain_into(&mut diagnostics);
    memo.leave_other_environment();
    let Some((environment, renderer)) = &memo.environment else {
        memo.lose_track();
        return Checked {
            value: OutputTree::new(),
            diagnostics,
        };
    };
    let changed = match change {
        Change::Texts(ids) if memo.site.is_some() => Some(ids.as_slice()),
        _ => None,
    };
    let mut start = Start::of(site, snapshot, changed, memo.site.take());
    let missing = missing(site, theme, renderer, &start.order);
    if !missing.is_empty() {
        diagnostics.extend(missing);
        let value = start.fixed.into_iter().chain(files_of(&assets)).collect();
        return Checked { value, diagnostics };
    }
    let old_assets = std::mem::replace(&mut memo.assets, assets);
    let shared = dressed(&mut memo.shared, *environment, renderer, &memo.assets);
    let look = Look {
        cards: &start.cards,
        theme,
        renderer,
        changed,
        are_assets_new: !old_assets.is_same(&memo.assets),
        assets: &memo.assets,
        shared: &shared,
    };
    let made = memo.pages.make(&look, &start.order);
    let tree = start.tree(&made, (&old_assets, &memo.assets), &memo.pages);
    memo.rendered = made.rendered;
    diagnostics.extend(made.diagnostics);
    // Where two pages want one place, what is there does not tell which of them it is.
    let is_known = !memo.is_last && !made.has_twins;
    memo.site = start.into_of_site(is_known.then_some(&tree));
    Checked {
        value: tree,
        diagnostics,
    }
}

/// The parts that all pages share; those `known` where nothing of them has changed, so that pages of different
/// builds have the same.
fn dressed(
    known: &mut Option<Dressed>,
    environment: Fingerprint,
    renderer: &Renderer,
    assets: &Arc<Assets>,
) -> Arc<[Shared]> {
    let is_same =
        |known: &&Dressed| known.environment == environment && Arc::ptr_eq(&known.assets, assets);
    let parts = match known.as_ref().filter(is_same) {
        Some(known) => Arc::clone(&known.parts),
        None => assets.dress(renderer.shared()).into(),
    };
    *known = Some(Dressed {
        environment,
        assets: Arc::clone(assets),
        parts: Arc::clone(&parts),
    });
    parts
}

/// The diagnostics of templates that pages need and the theme lacks.
fn missing(
    site: &Site,
    theme: &Theme,
    renderer: &Renderer,
    order: &[(Page, OutPath)],
) -> Vec<Diagnostic> {
    let templates = order.iter().map(|(page, _)| page.template(site, theme));
    renderer.missing(templates, |name| {
        let mut pages = order.iter().map(|(page, _)| page);
        let page = pages.find(|page| page.template(site, theme) == name)?;
        pages::entry_span(page, site)
    })
}

/// What there is before any page is made.
struct Start<'a> {
    cards: Cards<'a>,
    order: Vec<(Page, OutPath)>,
    fixed: OutputTree,
    /// The finished tree of the last time, and the places of what is or was fixed that may differ.
    before: Option<(OutputTree, Vec<OutPath>)>,
}

impl<'a> Start<'a> {
    fn of(
        site: &'a Site,
        snapshot: &Snapshot,
        changed: Option<&[EntryId]>,
        before: Option<OfSite>,
    ) -> Self {
        match (changed, before) {
            (Some(changed), Some(before)) => Start {
                cards: Cards::renewed(site, before.cards, changed),
                order: before.order,
                fixed: before.fixed,
                before: Some((before.tree, Vec::new())),
            },
            (_, before) => Start::afresh(site, snapshot, before),
        }
    }

    fn afresh(site: &'a Site, snapshot: &Snapshot, before: Option<OfSite>) -> Self {
        let order = || {
            let pages = crate::view::pages(site).into_par_iter();
            let order = pages.map(|page| {
                let out = page.out(site);
                (page, out)
            });
            (order.collect(), fixed::files(site, snapshot))
        };
        let none = PreparedCards::new();
        let known = before.as_ref().map_or(&none, |before| &before.cards);
        let (cards, (order, fixed)) = rayon::join(|| Cards::new(site, known), order);
        let before = before.map(|before| {
            // Taking so many values apart takes time, and nothing needs to wait for it.
            rayon::spawn(move || drop((before.cards, before.order)));
            let places = before.fixed.into_keys().chain(fixed.keys().cloned());
            (before.tree, places.collect())
        });
        Start {
            cards,
            order,
            fixed,
            before,
        }
    }

    /// What the next call can use together with the finished tree, if it may.
    fn into_of_site(self, tree: Option<&OutputTree>) -> Option<OfSite> {
        let (cards, order) = (self.cards.into_prepared(), self.order);
        let Some(tree) = tree else {
            // What follows needs the memory; so many values are taken apart by several at once.
            cards.into_par_iter().for_each(drop);
            return None;
        };
        Some(OfSite {
            cards,
            order,
            fixed: self.fixed,
            tree: tree.clone(),
        })
    }

    /// The finished tree: a new one, or that of the last time in which every place that may differ
    /// gets what belongs there. What is fixed gives way to assets, both to pages; such conflicts are
    /// errors, reported elsewhere.
    fn tree(
        &mut self,
        made: &Made,
        (old_assets, assets): (&Assets, &Assets),
        pages: &Pages,
    ) -> OutputTree {
        let Some((mut tree, fixed)) = self.before.take() else {
            // In this order the last of those in one place stays.
            let fixed = self.fixed.clone().into_iter().chain(files_of(assets));
            let outs = self.order.iter().map(|(_, out)| out);
            let made = outs.filter_map(|out| Some((out.clone(), pages.file(out)?)));
            return fixed.chain(made).collect();
        };
        let assets_of = |assets: &Assets| assets.files().map(|(out, _)| out.clone()).collect();
        let places: [Vec<OutPath>; 2] = [assets_of(old_assets), assets_of(assets)];
        let places = places.iter().flatten().chain(&fixed);
        for place in places.chain(&made.gone).chain(&made.new) {
            let fixed = || self.fixed.get(place).cloned();
            match pages
                .file(place)
                .or_else(|| assets.file(place))
                .or_else(fixed)
            {
                Some(file) => tree.insert(place.clone(), file),
                None => tree.remove(place),
            };
        }
        tree
    }
}

fn files_of(assets: &Assets) -> impl Iterator<Item = (OutPath, OutFile)> {
    let files = assets.files();
    files.map(|(out, bytes)| (out.clone(), OutFile::Bytes(Arc::clone(bytes))))
}

/// Makes sure that the environment is that of the theme and the site; without one where templates
/// cannot be compiled.
fn prepare(
    site: &Site,
    theme: &Theme,
    known: &mut Option<(Fingerprint, Renderer)>,
) -> Vec<Diagnostic> {
    let site = SiteView::new(site);
    let templates = theme.templates.iter();
    let templates: Vec<_> = templates
        .map(|template| (&template.name, template.is_override, &*template.source.text))
        .collect();
    let lists = format!("{:?}", theme.config);
    let strings = (&theme.strings, &theme.missing_strings);
    let whole = (&theme.name, templates, strings, lists, &site);
    let environment = key(&whole, &mut Vec::new()).fingerprint;
    if known
        .as_ref()
        .is_some_and(|(known, _)| *known == environment)
    {
        return Vec::new();
    }
    let renderer = Renderer::new(theme, &site);
    *known = renderer.value.map(|renderer| (environment, renderer));
    renderer.diagnostics
}
