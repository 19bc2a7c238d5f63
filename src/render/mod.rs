//! Renders views with the theme's templates; the only module that names Tera.
//!
//! Input: a theme and one view per page. Output: HTML in which asset URLs are still *tokens*
//! (see [`crate::assets`]).
//!
//! Invariants: a template is a pure function of its view, of `site` ([`SiteView`]) and of the
//! theme's UI strings; registered functions are pure functions of their arguments and those
//! strings. Nothing is read lazily.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use tera::{Context, ErrorKind, Kwargs, State, Tera};

use crate::assets;
use crate::diag::{Checked, Code, Diagnostic, Problem, SourceText, Span, text};
use crate::theme::{Template, Theme};
use crate::view::{SiteView, View};

/// A theme's templates, compiled.
pub struct Renderer {
    tera: Tera,
    templates: Vec<(String, SourceText)>,
    theme: String,
}

impl Renderer {
    /// Compiles the templates; `None` when any has an error.
    pub fn new(theme: &Theme, site: &SiteView<'_>) -> Checked<Option<Renderer>> {
        let mut tera = Tera::new();
        let prefix = format!("themes/{}/", theme.name);
        let full_name = |template: &Template| {
            if template.is_override {
                template.name.clone()
            } else {
                format!("{prefix}{}", template.name)
            }
        };
        let templates: Vec<_> = theme
            .templates
            .iter()
            .map(|template| (full_name(template), template.source.clone()))
            .collect();
        let theme_name = theme.name.clone();
        let mut renderer = Renderer {
            tera: Tera::new(),
            templates,
            theme: theme_name,
        };
        register(&mut tera, theme);
        let loaded = tera
            .set_fallback_prefixes([prefix])
            .and_then(|()| Context::from_serialize(&SiteContext { site }))
            .and_then(|context| {
                *tera.global_context() = context;
                tera.add_raw_templates(
                    renderer
                        .templates
                        .iter()
                        .map(|(name, source)| (name.as_str(), &*source.text)),
                )
            });
        match loaded {
            Ok(()) => {
                renderer.tera = tera;
                Checked::clean(Some(renderer))
            }
            Err(error) => {
                let mut diagnostics = renderer.syntax_errors();
                if diagnostics.is_empty() {
                    diagnostics.push(renderer.diagnostic(&error));
                }
                Checked {
                    value: None,
                    diagnostics,
                }
            }
        }
    }

    /// Renders `template` (without `.html`) into `html`, replacing what was there.
    ///
    /// # Errors
    /// A diagnostic at the place in the template.
    pub fn render(
        &self,
        template: &str,
        view: &View<'_>,
        html: &mut Vec<u8>,
    ) -> Result<(), Box<Diagnostic>> {
        html.clear();
        let name = format!("{template}.html");
        Context::from_serialize(view)
            .and_then(|context| self.tera.render_to(&name, &context, html))
            .map_err(|error| Box::new(self.diagnostic(&error)))
    }

    /// The templates (without `.html`) among `wanted` that the theme does not have.
    pub fn missing<'a>(&self, wanted: impl Iterator<Item = &'a str>) -> Vec<Diagnostic> {
        let wanted: BTreeSet<&str> = wanted.collect();
        let missing = wanted
            .into_iter()
            .filter(|name| !self.tera.contains_template(&format!("{name}.html")));
        let theme = &self.theme;
        missing
            .map(|name| {
                Problem::error(
                    Code::Template,
                    text!(
                        "主题 `{theme}` 没有模板 `{name}.html`",
                        "the theme `{theme}` has no template `{name}.html`"
                    ),
                )
                .hint(text!(
                    "建立 themes/{theme}/templates/{name}.html",
                    "create themes/{theme}/templates/{name}.html"
                ))
                .nowhere()
            })
            .collect()
    }

    /// Each template parsed alone, so that one error does not hide another.
    fn syntax_errors(&self) -> Vec<Diagnostic> {
        let parse = |(name, source): &(String, SourceText)| {
            let error = Tera::new().add_raw_template(name, &source.text).err()?;
            matches!(error.kind(), ErrorKind::SyntaxError(_)).then(|| self.diagnostic(&error))
        };
        self.templates.iter().filter_map(parse).collect()
    }

    /// Where `words` stand in a template.
    fn find(&self, template: &str, words: &str) -> Option<Range<usize>> {
        let (_, source) = self.templates.iter().find(|(name, _)| name == template)?;
        source.text.find(words).map(|at| at..at + words.len())
    }

    fn diagnostic(&self, error: &tera::Error) -> Diagnostic {
        let (message, place) = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => (
                report.message().to_owned(),
                Some((report.filename(), report.span().range.clone())),
            ),
            ErrorKind::MissingParent { current, parent } => {
                let message = format!("no template `{parent}`");
                (
                    message,
                    self.find(current, parent)
                        .map(|range| (current.as_str(), range)),
                )
            }
            _ => (error.to_string().trim().to_owned(), None),
        };
        let problem = Problem::error(
            Code::Template,
            text!("模板有误：{message}", "template error: {message}"),
        );
        let source = place.and_then(|(name, range)| {
            let found = self.templates.iter().find(|(known, _)| known == name);
            found.map(|(_, source)| source.span(range))
        });
        match source {
            Some(span) => problem.at(span),
            None => problem.nowhere(),
        }
    }
}

#[derive(serde::Serialize)]
struct SiteContext<'a> {
    site: &'a SiteView<'a>,
}

fn register(tera: &mut Tera, theme: &Theme) {
    let strings = Arc::new(theme.strings.clone());
    tera.register_function("t", move |arguments: Kwargs, _: &State| {
        let key: &str = arguments.must_get("key")?;
        strings
            .get(key)
            .cloned()
            .ok_or_else(|| tera::Error::message(format!("no UI string `{key}`")))
    });
    tera.register_function("asset", |arguments: Kwargs, _: &State| {
        arguments.must_get::<&str>("path").map(assets::token)
    });
}

/// The same error in many pages, told once: the first entry is named, the others are counted.
pub fn fold_errors(errors: Vec<(Box<Diagnostic>, Option<Span>)>) -> Vec<Diagnostic> {
    let mut folded: Vec<(Diagnostic, Option<Span>, usize)> = Vec::new();
    for (error, entry) in errors {
        match folded.iter_mut().find(|(known, _, _)| *known == *error) {
            Some((_, _, count)) => *count += 1,
            None => folded.push((*error, entry, 0)),
        }
    }
    let told = folded.into_iter().map(|(error, entry, others)| {
        let error = match entry {
            Some(span) => {
                error.with_related(span, text!("渲染这个条目时", "while rendering this entry"))
            }
            None => error,
        };
        if others == 0 {
            return error;
        }
        error.hint(text!(
            "另有 {others} 个页面同样出错",
            "{others} more pages fail in the same way"
        ))
    });
    told.collect()
}
