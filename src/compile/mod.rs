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
use crate::diag::{Checked, sort};
use crate::link::{Inputs, Publicity};
use crate::model::config::SiteConfig;
use crate::model::snapshot::Snapshot;
use crate::model::tree::OutputTree;
use crate::output;
use crate::theme;

/// What a build is told beyond its files.
#[derive(Debug, Clone)]
pub struct Options {
    /// The local date and minute of the site's time zone for which it is built.
    pub as_of: DateTime,
    /// Whether drafts and entries not yet due are shown too.
    pub drafts: bool,
    /// Replaces `base_url` of `site.yaml`.
    pub base_url: Option<String>,
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
    compile_observed(snapshot, options, memo, &mut |_| {})
}

/// The same as [`compile`]; calls `at` when a stage begins.
pub fn compile_observed(
    snapshot: &Snapshot,
    options: &Options,
    memo: &mut Memo,
    at: &mut dyn FnMut(Stage),
) -> Checked<OutputTree> {
    let mut diagnostics = Vec::new();
    at(Stage::Content);
    let raw = content::read(snapshot, &mut memo.content).drain_into(&mut diagnostics);
    let readable = raw.config.as_ref().map(|raw| raw.config.clone());
    let has_config = readable.is_some();
    let config = with_base_url(readable.unwrap_or_else(SiteConfig::stand_in), options);
    let theme_name = config.theme().to_owned();
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
    let change = memo.link(inputs);
    at(Stage::Render);
    let mut tree = OutputTree::new();
    // Without `site.yaml` nobody has said which theme there should be.
    let theme = if has_config || theme::exists(snapshot, &theme_name) {
        theme::load(snapshot, &theme_name).drain_into(&mut diagnostics)
    } else {
        None
    };
    match (&memo.linked, &theme) {
        (Some(linked), Some(theme)) => {
            diagnostics.extend(linked.diagnostics.iter().cloned());
            let site = &linked.site;
            tree = output::assemble(site, theme, snapshot, &change, &mut memo.output)
                .drain_into(&mut diagnostics);
        }
        (linked, _) => {
            let told = linked.iter().flat_map(|linked| &linked.diagnostics);
            diagnostics.extend(told.cloned());
            memo.output.lose_track();
        }
    }
    sort(&mut diagnostics);
    Checked {
        value: tree,
        diagnostics,
    }
}

fn with_base_url(config: SiteConfig, options: &Options) -> SiteConfig {
    match &options.base_url {
        Some(base_url) => SiteConfig {
            base_url: base_url.clone(),
            ..config
        },
        None => config,
    }
}
