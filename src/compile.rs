//! The whole pipeline as one pure function.
//!
//! Input: a [`Snapshot`] and [`Options`]. Output: the finished site and everything there is to
//! say about it. The same input gives the same bytes on any machine.

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
use crate::theme;
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
    let mut raw = content::read(snapshot).drain_into(&mut diagnostics);
    let config = raw
        .config
        .take()
        .map(|config| with_base_url(config, options));
    let theme_name = config.as_ref().and_then(|config| config.theme.clone());
    let theme = theme::load(snapshot, theme_name.as_deref().unwrap_or(theme::DEFAULT))
        .drain_into(&mut diagnostics);
    let mut tree = OutputTree::new();
    if let Some(config) = config {
        let site = link(raw, config, snapshot, options).drain_into(&mut diagnostics);
        if let Some(theme) = theme {
            let renderer =
                Renderer::new(&theme, &SiteView::new(&site)).drain_into(&mut diagnostics);
            if let Some(renderer) = renderer {
                tree = output::assemble(&site, &theme, &renderer, snapshot)
                    .drain_into(&mut diagnostics);
            }
        }
        // Taking a large site apart takes time, and nothing needs to wait for it.
        rayon::spawn(move || drop(site));
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

fn link(raw: RawSite, config: SiteConfig, snapshot: &Snapshot, options: &Options) -> Checked<Site> {
    let outlines: Vec<Outline> = raw
        .entries
        .par_iter()
        .map(|entry| markdown::parse(entry.body_text()))
        .collect();
    let publicity = Publicity {
        as_of: options.as_of,
        drafts: options.drafts,
    };
    link::link(raw, outlines, config, snapshot, publicity)
}
