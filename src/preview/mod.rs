//! The preview as pure functions: what is shown, and what the server answers.
//!
//! Input: [`Shown`], everything there is to show at one moment. Output: answers to requests and
//! messages to open pages. The reload script and the overlay are added to the *answer*; `compile`
//! does not know that it is being served, so that what is previewed is what is published.
//!
//! Invariants: no I/O; nothing outside the [`OutputTree`] and the preview's own files is answered.

mod address;
mod conditions;
pub mod events;
mod hidden;
pub mod http;
pub mod inject;
mod lookup;
pub mod pages;
pub mod problems;
pub mod respond;
pub mod status;
mod words;

use std::sync::Arc;

use crate::diag::{Diagnostic, Lang};
use crate::model::tree::OutputTree;
use status::Status;

/// Everything there is to show at one moment; never changed, only replaced as a whole.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The number of the last rebuild, from 1.
    pub build: u64,
    /// The language of the preview's own words.
    pub lang: Lang,
    /// The absolute path of the site's folder, for links to sources.
    pub root: String,
    /// The path under which the site is served, with `/` at both ends.
    pub base: String,
    /// The last site without errors; `None` until there is one.
    pub site: Option<Arc<OutputTree>>,
    /// The files of that site which no page shows; `None` while they are being made.
    pub late: Option<Arc<OutputTree>>,
    /// Everything that the last rebuild had to say, sorted.
    pub diagnostics: Arc<[Diagnostic]>,
    /// What tells these diagnostics from others: [`events::problems`].
    pub problems: String,
    /// What the status page tells.
    pub status: Arc<Status>,
}

impl Shown {
    /// Whether files of the site are still being made.
    pub fn is_unfinished(&self) -> bool {
        self.site.is_some() && self.late.is_none()
    }
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
