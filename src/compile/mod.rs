//! The whole pipeline as one pure function.
//!
//! Input: a [`Snapshot`] and [`Options`]. Output: the finished site and everything there is to
//! say about it. The same input gives the same bytes on any machine, whatever is in the [`Memo`],
//! which only saves time.

pub mod cache;
mod memo;

pub use memo::Memo;

use jiff::civil::DateTime;

use crate::content;
use crate::diag::{Checked, has_errors, sort};
use crate::link::{Change, Inputs, Publicity};
use crate::model::config::{Links, SiteConfig};
use crate::model::snapshot::Snapshot;
use crate::model::tree::OutputTree;
use crate::output;
use crate::theme::{self, Theme};

/// What a build is told beyond its files.
#[derive(Debug, Clone)]
pub struct Options {
    /// The local date and minute of the site's time zone for which it is built.
    pub as_of: DateTime,
    /// Whether drafts and entries not yet due are shown too.
    pub drafts: bool,
    /// Replaces `base_url` of `site.yaml`.
    pub base_url: Option<String>,
    /// Replaces `links` of `site.yaml`.
    pub links: Option<Links>,
}

/// What a build does, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the files' text into entries.
    Content,
    /// Turning Markdown into HTML.
    Markdown,
    /// Resolving references, links and URLs.
    Link,
    /// Rendering pages and putting the site together.
    Render,
}

/// Compiles a site; what `memo` knows of an earlier call is not done again.
///
/// The tree is complete only when no diagnostic is an error; with errors it holds what could
/// still be made, and must not be published. Diagnostics are sorted by file and place.
pub fn compile(snapshot: &Snapshot, options: &Options, memo: &mut Memo) -> Checked<OutputTree> {
    let mut diagnostics = Vec::new();
    let linked = link(snapshot, options, memo, &mut |_| {}).drain_into(&mut diagnostics);
    let mut told = memo.linked.iter().map(|linked| &*linked.diagnostics);
    let is_broken = has_errors(&diagnostics) || told.any(has_errors);
    // Made before the pages, each of which lets the HTML of its body go.
    let late = match is_broken {
        true => OutputTree::new(),
        false => memo.finish(),
    };
    let mut tree = pages(snapshot, &linked, memo).drain_into(&mut diagnostics);
    for (path, file) in late {
        // Where two files want one place, which has been reported, the page stays.
        tree.entry(path).or_insert(file);
    }
    sort(&mut diagnostics);
    Checked {
        value: tree,
        diagnostics,
    }
}

/// The same as [`compile`], but for the files that [`Memo::finish`] makes afterwards, which no page shows;
/// calls `at` when a stage begins.
pub fn compile_pages(
    snapshot: &Snapshot,
    options: &Options,
    memo: &mut Memo,
    at: &mut dyn FnMut(Stage),
) -> Checked<OutputTree> {
    let mut diagnostics = Vec::new();
    let linked = link(snapshot, options, memo, at).drain_into(&mut diagnostics);
    at(Stage::Render);
    let tree = pages(snapshot, &linked, memo).drain_into(&mut diagnostics);
    sort(&mut diagnostics);
    Checked {
        value: tree,
        diagnostics,
    }
}

/// What linking the site, which the memo then knows, came to.
struct LinkedUp {
    change: Change,
    /// The theme; `None` where there is none, its `theme.yaml` cannot be read, or nobody has named one.
    theme: Option<Theme>,
}

fn link(
    snapshot: &Snapshot,
    options: &Options,
    memo: &mut Memo,
    at: &mut dyn FnMut(Stage),
) -> Checked<LinkedUp> {
    at(Stage::Content);
    let read = content::read(snapshot, &mut memo.content);
    let (raw, mut diagnostics) = (read.value, read.diagnostics);
    let readable = raw.config.as_ref().map(|raw| raw.config.clone());
    let has_config = readable.is_some();
    let config = with_options(readable.unwrap_or_else(SiteConfig::stand_in), options);
    let theme = config.theme().to_owned();
    at(Stage::Markdown);
    let entries = memo.parse(raw.entries);
    at(Stage::Link);
    let inputs = Inputs {
        config,
        settings: raw.config,
        entries,
        synonyms: raw.synonyms,
        broken: raw.broken,
        snapshot: snapshot.clone(),
        publicity: Publicity {
            as_of: options.as_of,
            drafts: options.drafts,
        },
    };
    // Without `site.yaml` nobody has said which theme there should be.
    let has_theme = has_config || theme::exists(snapshot, &theme);
    let load = || has_theme.then(|| theme::load(snapshot, &theme));
    let (change, theme) = rayon::join(|| memo.link(inputs), load);
    memo.output.note(&change);
    let theme = theme.and_then(|theme| theme.drain_into(&mut diagnostics));
    Checked {
        value: LinkedUp { change, theme },
        diagnostics,
    }
}

/// The pages of the linked site, what they show, and what linking had to say.
fn pages(snapshot: &Snapshot, linked_up: &LinkedUp, memo: &mut Memo) -> Checked<OutputTree> {
    let mut diagnostics = Vec::new();
    let linked = memo.linked.as_ref();
    let told = linked.iter().flat_map(|linked| &linked.diagnostics);
    diagnostics.extend(told.cloned());
    let value = match (linked, &linked_up.theme) {
        (Some(linked), Some(theme)) => {
            let (site, change) = (&linked.site, &linked_up.change);
            output::assemble(site, theme, snapshot, change, &mut memo.output)
                .drain_into(&mut diagnostics)
        }
        _ => {
            memo.output.lose_track();
            OutputTree::new()
        }
    };
    Checked { value, diagnostics }
}

/// What `site.yaml` says, with what the options replace.
fn with_options(config: SiteConfig, options: &Options) -> SiteConfig {
    SiteConfig {
        base_url: options.base_url.clone().unwrap_or(config.base_url),
        links: options.links.or(config.links),
        ..config
    }
}
