//! Parts of pages that are the same on every page, rendered once.
//!
//! A page's header and footer take more of its templates' time than its own text, and half of its size. Templates
//! named `shared-NAME.html` see `site` and the UI strings only, so each is rendered once in an environment;
//! pages insert it as `shared.NAME`, which stands for it ([`assets::shared_token`]).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tera::Value;

use super::Renderer;
use crate::assets;
use crate::diag::{Diagnostic, text};
use crate::theme::Theme;

/// What the names of these templates begin with.
const PREFIX: &str = "shared-";

/// The view of a shared part, which has nothing of any page.
#[derive(Serialize)]
struct Nothing {}

impl Renderer {
    /// Renders the theme's shared parts and has every page see them; what is wrong with them.
    pub(super) fn share(&mut self, theme: &Theme) -> Vec<Diagnostic> {
        let mut shared = BTreeMap::new();
        let mut diagnostics = Vec::new();
        // Where the site has one of the theme's, it takes its place.
        let names: BTreeSet<&String> = theme
            .templates
            .iter()
            .map(|template| &template.name)
            .collect();
        for name in names {
            let Some(part) = part_of(name) else { continue };
            let template = format!("{PREFIX}{part}");
            let mut html = Vec::new();
            match self.render(&template, &Nothing {}, &mut html) {
                Ok(()) if html.is_empty() => {
                    // So that a template can ask whether there is anything.
                    shared.insert(part.to_owned(), Value::safe_string(""));
                }
                Ok(()) => {
                    let token = assets::shared_token(self.shared.len());
                    shared.insert(part.to_owned(), Value::safe_string(&token));
                    self.shared.push(html.into());
                }
                Err(failure) => diagnostics.push(told(*failure.diagnostic)),
            }
        }
        let shared = Value::from(shared);
        self.tera.global_context().insert_value("shared", shared);
        diagnostics
    }
}

/// The name by which pages insert a template; `None` of one that is not shared.
fn part_of(template: &str) -> Option<&str> {
    template.strip_prefix(PREFIX)?.strip_suffix(".html")
}

fn told(mut diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.hints.push(text!(
        "`{PREFIX}` 开头的模板对所有页面只生成一次，只能用 `site` 和界面文字",
        "a template whose name begins with `{PREFIX}` is rendered once for all pages and sees only `site` and the UI strings"
    ));
    diagnostic
}
