//! Renders the pages that are not known yet.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::explain::Done;
use crate::assets::Assets;
use crate::diag::{Code, Diagnostic, Problem, SourcePath, Span, text};
use crate::link::{EntryId, Site};
use crate::model::digest::Fingerprint;
use crate::model::tree::{OutFile, OutPath, OutputTree, PageFile};
use crate::render::{Renderer, ViewKey, fold_errors, key};
use crate::theme::Theme;
use crate::view::{Cards, Page, View, view};

/// A page that was made in the same environment.
pub(super) struct Known {
    /// The fingerprint of its view and the path of its source.
    view: Fingerprint,
    /// The numbers of the entries whose cards it shows.
    shows: Box<[u32]>,
    /// The page, or what an earlier build wrote of it.
    file: OutFile,
}

/// How to look at pages.
pub(super) struct Look<'a> {
    pub(super) cards: &'a Cards<'a>,
    pub(super) theme: &'a Theme,
    pub(super) renderer: &'a Renderer,
    /// The entries that have changed, if nothing else of the site has.
    pub(super) changed: Option<&'a [EntryId]>,
    /// The assets of which known pages have the URLs, where they differ from the present ones.
    pub(super) old_assets: Option<&'a Assets>,
    pub(super) assets: &'a Assets,
}

/// What came of it.
pub(super) struct Made {
    pub(super) pages: HashMap<OutPath, Known>,
    pub(super) rendered: usize,
    /// What was done about each page, in their order.
    pub(super) done: Vec<Done>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

enum Outcome {
    /// The page is the known one, because the change cannot have reached it.
    Untouched,
    /// The page is the known one, with other numbers of the entries shown.
    Same(Box<[u32]>),
    /// The page is the known one with other URLs of assets.
    Dressed(Option<Box<[u32]>>, PageFile),
    Rendered(Known),
    Failed(Box<Diagnostic>),
}

/// Makes the pages, in their order, and puts them into `tree`.
pub(super) fn make(
    look: &Look<'_>,
    order: &[(Page, OutPath)],
    mut known: HashMap<OutPath, Known>,
    tree: &mut OutputTree,
) -> Made {
    let outcomes: Vec<Outcome> = order
        .par_iter()
        .map_init(Buffers::default, |buffers, (page, out)| {
            look.at(page, known.get(out), buffers)
        })
        .collect();
    let mut made = Made {
        pages: HashMap::with_capacity(order.len()),
        rendered: 0,
        done: outcomes.iter().map(Outcome::done).collect(),
        diagnostics: Vec::new(),
    };
    let mut errors = Vec::new();
    for ((page, out), outcome) in order.iter().zip(outcomes) {
        let before = known.remove(out);
        let (now, is_new) = match outcome {
            Outcome::Untouched => (before, false),
            Outcome::Same(shows) => (before.map(|known| known.showing(Some(shows))), false),
            Outcome::Dressed(shows, file) => {
                let file = OutFile::Page(Arc::new(file));
                let dressed = before.map(|known| Known {
                    file,
                    ..known.showing(shows)
                });
                (dressed, true)
            }
            Outcome::Rendered(page) => {
                made.rendered += 1;
                (Some(page), true)
            }
            Outcome::Failed(error) => {
                errors.push((error, entry_span(page, look.cards.site)));
                tree.remove(out);
                (None, false)
            }
        };
        let Some(now) = now else { continue };
        if is_new || look.changed.is_none() {
            tree.insert(out.clone(), now.file.clone());
        }
        made.pages.insert(out.clone(), now);
    }
    made.diagnostics = fold_errors(errors);
    made
}

impl Outcome {
    fn done(&self) -> Done {
        match self {
            Outcome::Untouched => Done::Untouched,
            Outcome::Same(_) => Done::SameView,
            Outcome::Dressed(..) => Done::Dressed,
            Outcome::Rendered(_) => Done::Rendered,
            Outcome::Failed(_) => Done::Failed,
        }
    }
}

impl Known {
    /// A page whose view had this fingerprint and of which an earlier build wrote `file`.
    pub(super) fn stored(view: Fingerprint, file: OutFile) -> Self {
        Known {
            view,
            shows: Box::default(),
            file,
        }
    }

    /// The fingerprint of the page's view.
    pub(super) fn view(&self) -> Fingerprint {
        self.view
    }

    fn showing(self, shows: Option<Box<[u32]>>) -> Self {
        let shows = shows.unwrap_or(self.shows);
        Known { shows, ..self }
    }
}

/// Working memory, reused from page to page, so that the pages, of which thousands are held at once,
/// have no slack.
#[derive(Default)]
struct Buffers {
    key: Vec<u8>,
    html: Vec<u8>,
}

impl Look<'_> {
    fn at(&self, page: &Page, known: Option<&Known>, buffers: &mut Buffers) -> Outcome {
        // Of a page that is only kept, the URLs of assets cannot be exchanged.
        let is_usable = |known: &&Known| {
            self.old_assets.is_none() || !matches!(known.file, OutFile::Kept { .. })
        };
        let known = known.filter(is_usable);
        if let Some(known) = known.filter(|known| self.is_untouched(page, known)) {
            return self.kept(known, None);
        }
        let view = view(page, self.cards, self.theme);
        let source = self.source(page);
        let key = key(&(&view, source.map(SourcePath::as_str)), &mut buffers.key);
        if let Some(known) = known.filter(|known| known.view == key.fingerprint) {
            return self.kept(known, Some(key.parts));
        }
        match self.render(page, &view, &mut buffers.html) {
            Ok(file) => Outcome::Rendered(known_as(key, file)),
            Err(error) => Outcome::Failed(error),
        }
    }

    /// Whether the change of the site cannot have changed the page's view.
    fn is_untouched(&self, page: &Page, known: &Known) -> bool {
        self.changed.is_some_and(|changed| {
            !changed.iter().any(|id| {
                *page == Page::Entry(*id) || known.shows.binary_search(&id.number()).is_ok()
            })
        })
    }

    fn kept(&self, known: &Known, shows: Option<Box<[u32]>>) -> Outcome {
        let (Some(old), OutFile::Page(page)) = (self.old_assets, &known.file) else {
            return shows.map_or(Outcome::Untouched, Outcome::Same);
        };
        if page.assets.is_empty() {
            return shows.map_or(Outcome::Untouched, Outcome::Same);
        }
        match self.assets.redress(page, old) {
            Ok(file) => Outcome::Dressed(shows, file),
            Err(name) => Outcome::Failed(Box::new(no_asset(&name, self.theme))),
        }
    }

    fn render(
        &self,
        page: &Page,
        view: &View<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<PageFile, Box<Diagnostic>> {
        let site = self.cards.site;
        self.renderer.render(page.template(site), view, buffer)?;
        let (html, assets) = self
            .assets
            .substitute(buffer)
            .map_err(|name| Box::new(no_asset(&name, self.theme)))?;
        Ok(PageFile {
            html,
            assets,
            source: self.source(page).cloned(),
        })
    }

    fn source(&self, page: &Page) -> Option<&SourcePath> {
        match page {
            Page::Entry(id) => Some(&self.cards.site.entry(*id).raw.source.path),
            _ => None,
        }
    }
}

fn known_as(key: ViewKey, file: PageFile) -> Known {
    Known {
        view: key.fingerprint,
        shows: key.parts,
        file: OutFile::Page(Arc::new(file)),
    }
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
