//! Entries as lists show them, rendered once for all lists.
//!
//! A large site shows each entry a dozen times, in lists and beside others; to render it each time was a
//! fifth of a build. A theme's template `item-KIND.html` sees one part as `item`, and pages insert what it
//! makes as `html` of that part.

use serde::Serialize;

use super::{Failure, Prepared, Renderer};
use crate::theme::Theme;

/// What the names of these templates begin with.
const PREFIX: &str = "item-";

/// What an item template sees beside `site`.
#[derive(Serialize)]
#[serde(bound = "")]
struct ItemView<'a, T> {
    item: &'a Prepared<T>,
}

impl Renderer {
    /// Has pages see `part`, which is of this kind, with its `html`, if the theme has a template for that;
    /// `buffer` is working memory, reused from part to part.
    ///
    /// # Errors
    /// That of the template.
    pub fn complete<T>(
        &self,
        part: &Prepared<T>,
        kind: &str,
        buffer: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let Some((_, template)) = self.items.iter().find(|(of, _)| of == kind) else {
            return Ok(());
        };
        part.show_with(|| {
            self.render(template, &ItemView { item: part }, buffer)?;
            Ok(String::from_utf8_lossy(buffer).into_owned())
        })
    }
}

/// The kinds for which a theme has an item template, each with that template (without `.html`).
pub(super) fn templates(theme: &Theme) -> Vec<(String, String)> {
    let names = theme.templates.iter().map(|template| &template.name);
    let items = names.filter_map(|name| {
        let template = name.strip_suffix(".html")?;
        let kind = template.strip_prefix(PREFIX)?;
        Some((kind.to_owned(), template.to_owned()))
    });
    items.collect()
}
