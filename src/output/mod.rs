//! Puts everything together: rendered pages, feeds, assets, redirects and copied files.
//!
//! Input: the linked site, the theme, and what was made the last time. Output: the [`OutputTree`].
//! The asset URLs come last, so that pages do not depend on assets.
//!
//! A page is a function of the *environment* (templates, UI strings, `site.yaml`) and of its view. It
//! is taken over from the last time when neither has changed; its view is not even made when the
//! change of the site says that it cannot have. The result is always that of an empty [`Memo`].

mod explain;
mod fixed;
mod pages;
mod stored;

use std::collections::HashMap;

use crate::assets::Assets;
use crate::diag::{Checked, Diagnostic, Text};
use crate::link::{Change, EntryId, Site};
use crate::model::digest::Fingerprint;
use crate::model::snapshot::Snapshot;
use crate::model::tree::{OutFile, OutPath, OutputTree};
use crate::render::{Renderer, key};
use crate::theme::Theme;
use crate::view::{Cards, Page, PreparedCards, SiteView};
use explain::{Before, Explain};
use pages::{Known, Look};
pub use stored::Stored;

/// What was made the last time.
#[derive(Default)]
pub struct Memo {
    environment: Option<(Fingerprint, Renderer)>,
    /// The environment in which `pages` were made.
    made_in: Option<Fingerprint>,
    pages: HashMap<OutPath, Known>,
    assets: Assets,
    /// What is true only of the site as it was the last time.
    site: Option<OfSite>,
    rendered: usize,
    explain: Option<Explain>,
    is_last: bool,
}

struct OfSite {
    cards: PreparedCards,
    order: Vec<(Page, OutPath)>,
    tree: OutputTree,
}

impl Memo {
    /// How many pages the last call of [`assemble`] rendered.
    pub fn rendered(&self) -> usize {
        self.rendered
    }

    /// From now on, keeps track of why the page at this output path is or is not rendered.
    pub fn explain(&mut self, path: &str) {
        self.explain = Some(Explain::new(path));
    }

    /// Why the page asked about was or was not rendered by the last call of [`assemble`].
    pub fn explanation(&self) -> Option<Text> {
        self.explain.as_ref()?.told()
    }

    /// Keeps, from now on, only what can be [stored](Memo::store): no other build follows in this
    /// process.
    pub fn is_for_last_build(&mut self) {
        self.is_last = true;
    }

    /// Forgets what depends on the site having changed in a known way only.
    pub fn lose_track(&mut self) {
        self.site = None;
    }
}

/// Makes every file of the site, which differs by `change` from that of the call before.
pub fn assemble(
    site: &Site,
    theme: &Theme,
    snapshot: &Snapshot,
    change: &Change,
    memo: &mut Memo,
) -> Checked<OutputTree> {
    memo.rendered = 0;
    let was_empty = memo.made_in.is_none();
    let mut diagnostics = prepare(site, theme, memo);
    let Some((_, renderer)) = &memo.environment else {
        memo.lose_track();
        return Checked {
            value: OutputTree::new(),
            diagnostics,
        };
    };
    let followed = match change {
        Change::Texts(ids) => memo.site.take().map(|before| (before, ids.as_slice())),
        Change::Everything => None,
    };
    let changed = followed.as_ref().map(|(_, ids)| *ids);
    let (cards, order, mut tree) = start(site, snapshot, followed);
    let missing = renderer.missing(order.iter().map(|(page, _)| page.template(site)));
    if !missing.is_empty() {
        diagnostics.extend(missing);
        memo.lose_track();
        return Checked {
            value: tree,
            diagnostics,
        };
    }
    let old_assets = std::mem::replace(&mut memo.assets, Assets::publish(theme, &site.addresses));
    exchange(&old_assets, &memo.assets, &mut tree);
    let look = Look {
        cards: &cards,
        theme,
        renderer,
        changed,
        old_assets: (!old_assets.is_same(&memo.assets)).then_some(&old_assets),
        assets: &memo.assets,
    };
    let before = match (was_empty, memo.pages.is_empty()) {
        (true, _) => Before::Nothing,
        (false, true) => Before::OtherEnvironment,
        (false, false) => Before::Known,
    };
    let made = pages::make(&look, &order, std::mem::take(&mut memo.pages), &mut tree);
    if let Some(explain) = &mut memo.explain {
        let asked = order.iter().position(|(_, out)| *out == explain.path);
        let view = asked.map(|asked| crate::view::view(&order[asked].0, &cards, theme));
        let view = view.and_then(|view| serde_json::to_value(&view).ok());
        explain.note(asked.map(|asked| made.done[asked]), before, view);
    }
    (memo.pages, memo.rendered) = (made.pages, made.rendered);
    diagnostics.extend(made.diagnostics);
    memo.site = (!memo.is_last).then(|| OfSite {
        cards: cards.into_prepared(),
        order,
        tree: tree.clone(),
    });
    Checked {
        value: tree,
        diagnostics,
    }
}

fn exchange(old: &Assets, new: &Assets, tree: &mut OutputTree) {
    for (out, _) in old.files() {
        tree.remove(out);
    }
    let files = new.files();
    tree.extend(files.map(|(out, bytes)| (out.clone(), OutFile::Bytes(bytes.clone()))));
}

/// The cards, the pages and the files to start from.
type Start<'a> = (Cards<'a>, Vec<(Page, OutPath)>, OutputTree);

fn start<'a>(
    site: &'a Site,
    snapshot: &Snapshot,
    followed: Option<(OfSite, &[EntryId])>,
) -> Start<'a> {
    match followed {
        Some((before, changed)) => {
            let mut tree = before.tree;
            fixed::news(site, &mut tree);
            let cards = Cards::renewed(site, before.cards, changed);
            (cards, before.order, tree)
        }
        None => {
            let (cards, tree) = rayon::join(|| Cards::new(site), || fixed::files(site, snapshot));
            let pages = crate::view::pages(site).into_iter();
            let order = pages.map(|page| {
                let out = page.out(site);
                (page, out)
            });
            (cards, order.collect(), tree)
        }
    }
}

/// Makes sure that the environment is that of the theme and the site; without one where templates
/// cannot be compiled.
fn prepare(site: &Site, theme: &Theme, memo: &mut Memo) -> Vec<Diagnostic> {
    let site = SiteView::new(site);
    let templates = theme.templates.iter();
    let templates: Vec<_> = templates
        .map(|template| (&template.name, template.is_override, &*template.source.text))
        .collect();
    let lists = format!("{:?}", theme.config);
    let whole = (&theme.name, templates, &theme.strings, lists, &site);
    let environment = key(&whole, &mut Vec::new()).fingerprint;
    if memo
        .environment
        .as_ref()
        .is_some_and(|(known, _)| *known == environment)
    {
        return Vec::new();
    }
    let renderer = Renderer::new(theme, &site);
    // Templates that cannot be compiled change no page: when they are repaired to what they were,
    // every page is still what it was.
    memo.environment = renderer.value.map(|renderer| {
        if memo.made_in != Some(environment) {
            memo.pages.clear();
            memo.site = None;
        }
        memo.made_in = Some(environment);
        (environment, renderer)
    });
    renderer.diagnostics
}
