//! The whole pipeline as one pure function.
//!
//! Input: a [`Snapshot`] and [`Options`]. Output: the finished site and everything there is to
//! say about it. The same input gives the same bytes on any machine.

use std::sync::Arc;

use jiff::civil::DateTime;
use rayon::prelude::*;

use crate::content::{self, RawSite};
use crate::diag::{Checked, sort};
use crate::link::{self, Publicity, Site};
use crate::markdown::{self, Outline};
use crate::model::config::SiteConfig;
use crate::model::snapshot::Snapshot;
use crate::model::tree::OutputTree;
use crate::output;
use crate::render::Renderer;
use crate::theme::{self, Theme};
use crate::view::SiteView;

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

/// Compiles a site.
///
/// The tree is complete only when no diagnostic is an error; with errors it holds what could
/// still be made, and must not be published. Diagnostics are sorted by file and place.
pub fn compile(snapshot: &Snapshot, options: &Options) -> Checked<OutputTree> {
    let mut diagnostics = Vec::new();
    let raw = content::read(snapshot).drain_into(&mut diagnostics);
    let readable = raw.config.as_ref().map(|raw| raw.config.clone());
    let has_config = readable.is_some();
    let config = with_base_url(readable.unwrap_or_else(SiteConfig::stand_in), options);
    let theme_name = config.theme().to_owned();
    let site = link(raw, config, snapshot, options).drain_into(&mut diagnostics);
    let mut tree = OutputTree::new();
    // Without `site.yaml` nobody has said which theme there should be.
    if has_config || theme::exists(snapshot, &theme_name) {
        let theme = theme::load(snapshot, &theme_name).drain_into(&mut diagnostics);
        tree = render(&site, theme.as_ref(), snapshot).drain_into(&mut diagnostics);
    }
    // Taking a large site apart takes time, and nothing needs to wait for it.
    rayon::spawn(move || drop(site));
    sort(&mut diagnostics);
    Checked {
        value: tree,
        diagnostics,
    }
}

fn render(site: &Site, theme: Option<&Theme>, snapshot: &Snapshot) -> Checked<OutputTree> {
    let Some(theme) = theme else {
        return Checked::clean(OutputTree::new());
    };
    Renderer::new(theme, &SiteView::new(site)).and_then(|renderer| match renderer {
        Some(renderer) => output::assemble(site, theme, &renderer, snapshot),
        None => Checked::clean(OutputTree::new()),
    })
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

fn link(raw: RawSite, config: SiteConfig, snapshot: &Snapshot, options: &Options) -> Checked<Site> {
    let outlines: Vec<Arc<Outline>> = raw
        .entries
        .par_iter()
        .map(|entry| Arc::new(markdown::parse(entry.body_text())))
        .collect();
    let publicity = Publicity {
        as_of: options.as_of,
        drafts: options.drafts,
    };
    link::link(raw, outlines, config, snapshot, publicity)
}
