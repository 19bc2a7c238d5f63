//! Renders the pages that are not known yet.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::assets::{Assets, Misuse, Shared};
use crate::diag::{Code, Diagnostic, Problem, SourcePath, Span, text};
use crate::link::{EntryId, Site};
use crate::model::digest::Fingerprint;
use crate::model::tree::{OutFile, OutPath, PageFile};
use crate::render::{Failure, Renderer, ViewKey, fold_errors, key};
use crate::theme::Theme;
use crate::view::{Cards, Page, View, view};

/// How many pages are looked at before it is seen which templates are endless.
const BATCH: usize = 1_024;

/// What begins in templates what can only be inserted as it is.
const INSERTED: [&str; 3] = ["shared.", "asset(", "integrity("];

/// The pages that were made in one environment.
#[derive(Default)]
pub(super) struct Pages {
    known: HashMap<OutPath, Known>,
    /// Counts the calls of [`Pages::make`].
    turn: u32,
}

/// A page that was made.
struct Known {
    /// The fingerprint of its view and the path of its source.
    view: Fingerprint,
    /// The numbers of the cards that it shows.
    shows: Box<[u32]>,
    /// The page, or what an earlier build wrote of it.
    file: OutFile,
    /// The turn in which it was last wanted.
    turn: u32,
}

/// How to look at pages.
pub(super) struct Look<'a> {
    pub(super) cards: &'a Cards<'a>,
    pub(super) theme: &'a Theme,
    pub(super) renderer: &'a Renderer,
    /// The entries that have changed, if nothing else of the site has.
    pub(super) changed: Option<&'a [EntryId]>,
    /// Whether known pages have the URLs of other assets.
    pub(super) are_assets_new: bool,
    pub(super) assets: &'a Assets,
    /// The parts that all pages share.
    pub(super) shared: &'a [Shared],
}

/// What came of it.
#[derive(Default)]
pub(super) struct Made {
    pub(super) rendered: usize,
    /// Pages that are not as they were.
    pub(super) new: Vec<OutPath>,
    /// Pages that there are no more.
    pub(super) gone: Vec<OutPath>,
    /// Whether two pages want the same place.
    pub(super) has_twins: bool,
    pub(super) diagnostics: Vec<Diagnostic>,
}

enum Outcome {
    /// The page is the known one, because the change cannot have reached it.
    Untouched,
    /// The page is the known one, perhaps with other numbers of the entries shown.
    Same(Option<Box<[u32]>>),
    /// The page is the known one with other URLs of assets.
    Dressed(Option<Box<[u32]>>, Arc<PageFile>),
    Rendered(ViewKey, Arc<PageFile>),
    Failed(Failure),
}

impl Pages {
    /// The pages that an earlier process wrote, each with the fingerprint of its view.
    pub(super) fn restore(pages: impl Iterator<Item = (OutPath, Fingerprint, OutFile)>) -> Self {
        let known = pages.map(|(out, view, file)| {
            let known = Known {
                view,
                shows: Box::default(),
                file,
                turn: 0,
            };
            (out, known)
        });
        Pages {
            known: known.collect(),
            turn: 0,
        }
    }

    /// The fingerprints of the pages' views, in no order.
    pub(super) fn views(&self) -> impl Iterator<Item = (&OutPath, Fingerprint)> {
        self.known.iter().map(|(out, known)| (out, known.view))
    }

    /// The page at an output path.
    pub(super) fn file(&self, out: &OutPath) -> Option<OutFile> {
        self.known.get(out).map(|known| known.file.clone())
    }

    /// Forgets every page.
    pub(super) fn clear(&mut self) {
        self.known.clear();
    }

    /// Makes the pages, of which there are no others afterwards.
    pub(super) fn make(&mut self, look: &Look<'_>, order: &[(Page, OutPath)]) -> Made {
        let was_empty = self.known.is_empty();
        let outcomes = self.look_at_all(look, order);
        self.turn += 1;
        if was_empty {
            self.known.reserve(order.len());
        }
        let mut made = Made::default();
        let mut errors = Vec::new();
        let mut failed = Vec::new();
        for ((page, out), outcome) in order.iter().zip(outcomes) {
            if let Err(error) = self.take(out, outcome, &mut made) {
                errors.push((error, entry_span(page, look.cards.site)));
                failed.push(out);
            }
        }
        made.has_twins |= failed.iter().any(|out| self.known.contains_key(out));
        if made.has_twins && !was_empty {
            // What was known at their place was that of only one of them.
            let gone = self.known.drain().map(|(out, _)| out).collect();
            let again = self.make(look, order);
            return Made { gone, ..again };
        }
        if look.changed.is_none() {
            let turn = self.turn;
            let gone = self.known.extract_if(|_, known| known.turn != turn);
            made.gone.extend(gone.map(|(out, _)| out));
        }
        made.diagnostics = fold_errors(errors);
        made
    }

    /// Looks at every page. After a batch in which a template made a page without end, no page is made
    /// with that template: thousands would take minutes.
    fn look_at_all(&self, look: &Look<'_>, order: &[(Page, OutPath)]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(order.len());
        let mut endless: BTreeMap<&str, Failure> = BTreeMap::new();
        for batch in order.chunks(BATCH) {
            let pages = batch.par_iter();
            let looked_at = pages.map_init(Buffers::default, |buffers, (page, out)| match endless
                .get(page.template(look.cards.site, look.theme))
            {
                Some(failure) => Outcome::Failed(failure.clone()),
                None => look.at(page, self.known.get(out), buffers),
            });
            let looked_at: Vec<Outcome> = looked_at.collect();
            for ((page, _), outcome) in batch.iter().zip(&looked_at) {
                if let Outcome::Failed(failure) = outcome
                    && failure.is_endless
                {
                    endless.insert(page.template(look.cards.site, look.theme), failure.clone());
                }
            }
            outcomes.extend(looked_at);
        }
        outcomes
    }

    /// Takes what came of looking at the page at `out`.
    fn take(
        &mut self,
        out: &OutPath,
        outcome: Outcome,
        made: &mut Made,
    ) -> Result<(), Box<Diagnostic>> {
        let turn = self.turn;
        let known = match outcome {
            Outcome::Untouched => return Ok(()),
            Outcome::Failed(failure) => {
                made.has_twins |= self
                    .known
                    .remove(out)
                    .is_some_and(|known| known.turn == turn);
                made.gone.push(out.clone());
                return Err(failure.diagnostic);
            }
            Outcome::Rendered(key, file) => {
                made.rendered += 1;
                made.new.push(out.clone());
                let known = Known {
                    view: key.fingerprint,
                    shows: key.parts,
                    file: OutFile::Page(file),
                    turn,
                };
                let before = self.known.insert(out.clone(), known);
                made.has_twins |= before.is_some_and(|known| known.turn == turn);
                return Ok(());
            }
            Outcome::Same(_) | Outcome::Dressed(..) => self.known.get_mut(out),
        };
        let Some(known) = known else {
            // A page with the same place has failed.
            made.has_twins = true;
            return Ok(());
        };
        made.has_twins |= known.turn == turn;
        known.turn = turn;
        match outcome {
            Outcome::Same(Some(shows)) => known.shows = shows,
            Outcome::Dressed(shows, file) => {
                known.file = OutFile::Page(file);
                known.shows = shows.unwrap_or_else(|| std::mem::take(&mut known.shows));
                made.new.push(out.clone());
            }
            _ => {}
        }
        Ok(())
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
        let is_usable =
            |known: &&Known| !self.are_assets_new || !matches!(known.file, OutFile::Kept { .. });
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
        let shown = (self.cards).complete(&key.parts, self.renderer, &mut buffers.html);
        let file = shown.and_then(|()| self.render(page, &view, &mut buffers.html));
        match file {
            Ok(file) => Outcome::Rendered(key, Arc::new(file)),
            Err(failure) => Outcome::Failed(failure),
        }
    }

    /// Whether the change of the site cannot have changed the page's view.
    fn is_untouched(&self, page: &Page, known: &Known) -> bool {
        self.changed.is_some_and(|changed| {
            !changed.iter().any(|id| {
                let mut numbers = self.cards.numbers(*id).into_iter();
                *page == Page::Entry(*id)
                    || numbers.any(|number| known.shows.binary_search(&number).is_ok())
            })
        })
    }

    fn kept(&self, known: &Known, shows: Option<Box<[u32]>>) -> Outcome {
        let same = |shows: Box<[u32]>| Outcome::Same((shows != known.shows).then_some(shows));
        let page = match &known.file {
            OutFile::Page(page) if self.are_assets_new && page.html.has_assets() => page,
            _ => return shows.map_or(Outcome::Untouched, same),
        };
        match self.assets.redress(page, self.shared) {
            Ok(file) => Outcome::Dressed(shows, Arc::new(file)),
            Err(misuse) => Outcome::Failed(self.told(&misuse, "").into()),
        }
    }

    fn render(
        &self,
        page: &Page,
        view: &View<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<PageFile, Failure> {
        let site = self.cards.site;
        let template = page.template(site, self.theme);
        self.renderer.render(template, view, buffer)?;
        if let Page::Entry(id) = page {
            site.entry(*id).outline.release();
        }
        let html = self.assets.substitute(buffer, self.shared);
        let html = html.map_err(|misuse| Failure::from(self.told(&misuse, template)))?;
        self.renderer.check_size(template, &html)?;
        Ok(PageFile {
            html,
            source: self.source(page).cloned(),
        })
    }

    /// The diagnostic of what is wrong with what the page of `template` (without `.html`) inserts.
    fn told(&self, misuse: &Misuse, template: &str) -> Diagnostic {
        let Misuse::Asset { path: name, .. } = misuse else {
            return self.changed(template);
        };
        let theme = self.theme;
        let folder = format!("themes/{}/assets/", theme.name);
        let message = if self.assets.urls().any(|(path, _)| path == name) {
            text!(
                "`{folder}{name}` 没有 integrity，只有样式表和脚本才有",
                "`{folder}{name}` has no integrity: only style sheets and scripts have"
            )
        } else {
            text!(
                "没有资源文件 `{folder}{name}`",
                "there is no asset `{folder}{name}`"
            )
        };
        let known = self.assets.urls().map(|(path, _)| (path, None));
        let known = known.filter(|(path, _)| path != name);
        let problem = Problem::error(Code::Template, message)
            .maybe_hint(crate::diag::did_you_mean(name, known));
        let mut places = theme.templates.iter().filter_map(|template| {
            let at = template.source.text.find(name)?;
            Some(template.source.span(at..at + name.len()))
        });
        match places.next() {
            Some(span) => problem.at(span),
            None => problem.nowhere(),
        }
    }

    /// The diagnostic that the page of `template` has changed what can only be inserted as it is.
    fn changed(&self, template: &str) -> Diagnostic {
        let problem = Problem::error(
            Code::Template,
            text!(
                "`asset(…)`、`integrity(…)` 和 `shared.…` 只能原样插入，不能再用过滤器改动",
                "`asset(…)`, `integrity(…)` and `shared.…` can only be inserted as they are, without filters"
            ),
        );
        let name = format!("{template}.html");
        let (own, others): (Vec<_>, Vec<_>) =
            (self.theme.templates.iter()).partition(|template| template.name == name);
        let mut places = own.into_iter().chain(others).filter_map(|template| {
            let text = &template.source.text;
            let mut calls = INSERTED.iter().flat_map(|call| text.match_indices(call));
            let (at, call) = calls.find(|(at, _)| is_changed_at(text, *at))?;
            Some(template.source.span(at..at + call.len()))
        });
        match places.next() {
            Some(span) => problem.at(span),
            None => problem.nowhere(),
        }
    }

    fn source(&self, page: &Page) -> Option<&SourcePath> {
        match page {
            Page::Entry(id) => Some(&self.cards.site.entry(*id).raw.source.path),
            _ => None,
        }
    }
}

/// Whether what stands at a place in a template goes through a filter, a loop or a variable.
fn is_changed_at(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end();
    let rest = text[at..].split(['}', '%']).next().unwrap_or_default();
    rest.contains('|') || before.ends_with(" in") || before.ends_with('=')
}

/// The place of the title of the entry that a page shows.
pub(super) fn entry_span(page: &Page, site: &Site) -> Option<Span> {
    match page {
        Page::Entry(id) => Some(site.entry(*id).raw.title_span()),
        _ => None,
    }
}
