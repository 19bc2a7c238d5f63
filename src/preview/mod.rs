//! The preview as pure functions: what is shown, and what the server answers.
//!
//! Input: [`Shown`], everything there is to show at one moment. Output: answers to requests and
//! messages to open pages. The reload script and the overlay are added to the *answer*; `compile`
//! does not know that it is being served, so that what is previewed is what is published.
//!
//! Invariants: no I/O; nothing outside the [`OutputTree`] and the preview's own files is answered.

pub mod pages;
pub mod problems;
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
    /// Everything that the last rebuild had to say, sorted.
    pub diagnostics: Arc<[Diagnostic]>,
    /// What the status page tells.
    pub status: Arc<Status>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Problem, SourcePath, SourceText, Span, text};

    /// A preview without a site, in Chinese.
    pub(super) fn shown(diagnostics: Vec<Diagnostic>) -> Shown {
        Shown {
            build: 7,
            lang: Lang::Zh,
            root: "/网站".to_owned(),
            base: "/qt/".to_owned(),
            site: None,
            diagnostics: diagnostics.into(),
            status: Arc::default(),
        }
    }

    /// An error that quotes what would be HTML.
    pub(super) fn broken_reference() -> Diagnostic {
        let source = SourceText::new(
            SourcePath::new("content/a.md"),
            "---\norganizations: [<b>]\n",
        );
        let message = text!("没有名为 `<b>` 的组织", "no organization called `<b>`");
        Problem::error(Code::UnknownReference, message)
            .hint(text!("是不是 `fulian`？", "did you mean `fulian`?"))
            .at(source.span(20..23))
            .with_related(
                Span::file(SourcePath::new("site.yaml")),
                text!("这里", "here"),
            )
    }
}
