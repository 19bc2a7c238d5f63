//! Renders views with the theme's templates; the only module that names Tera.
//!
//! Input: a theme and whatever can be serialised, one value per page. Output: HTML in which asset
//! URLs are still *tokens* (see [`crate::assets`]). What the values are is for [`crate::view`] to
//! say.
//!
//! Invariants: a template is a pure function of its view, of `site` and of the theme's UI strings;
//! registered functions are pure functions of their arguments and those strings. Nothing is read
//! lazily.

mod capped;
mod errors;
mod item;
mod key;
mod prepared;
mod qr;
mod shared;

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use tera::{Context, ErrorKind, Kwargs, State, Tera, Value};

use self::capped::{Capped, LARGEST_PAGE};
pub use self::errors::fold_errors;
use self::errors::{Sources, TOO_LONG};
pub use self::key::{ViewKey, key};
pub use self::prepared::{Made, Prepared};

use crate::assets;
use crate::diag::{Checked, Code, Diagnostic, Problem, SourcePath, SourceText, Span, text};
use crate::model::html::Html;
use crate::theme::{Template, Theme};

/// Why a page could not be rendered.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What there is to say.
    pub diagnostic: Box<Diagnostic>,
    /// Whether the page grew without end, which takes time.
    pub is_endless: bool,
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure {
            diagnostic: Box::new(diagnostic),
            is_endless: false,
        }
    }
}

/// A theme's templates, compiled.
pub struct Renderer {
    tera: Tera,
    sources: Sources,
    theme: String,
    /// Kinds of entries with the template that makes items of them.
    items: Vec<(String, String)>,
    /// What the shared templates made, by the numbers in their tokens.
    shared: Vec<Box<[u8]>>,
}

impl Renderer {
    /// Compiles the templates, which all see `site`, and renders those that are shared; `None` when any has an error.
    pub fn new(theme: &Theme, site: &impl Serialize) -> Checked<Option<Renderer>> {
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
        let sources = Sources(templates);
        match compiled(theme, site, sources.0.iter()) {
            Ok(tera) => {
                let mut renderer = Renderer {
                    tera,
                    sources,
                    theme: theme.name.clone(),
                    items: item::templates(theme),
                    shared: Vec::new(),
                };
                let diagnostics = renderer.share(theme);
                Checked {
                    value: diagnostics.is_empty().then_some(renderer),
                    diagnostics,
                }
            }
            Err(error) => Checked {
                value: None,
                diagnostics: every_error(error, &sources, theme, site),
            },
        }
    }

    /// The parts that all pages share: HTML with tokens, by the numbers in [`assets::shared_token`].
    pub fn shared(&self) -> &[Box<[u8]>] {
        &self.shared
    }

    /// Renders `template` (without `.html`) into `html`, replacing what was there.
    ///
    /// # Errors
    /// A diagnostic at the place in the template.
    pub fn render(
        &self,
        template: &str,
        view: &impl Serialize,
        html: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let name = format!("{template}.html");
        let mut page = Capped::new(html);
        let rendered = Context::from_serialize(view)
            .and_then(|context| self.tera.render_to(&name, &context, &mut page));
        if page.is_full() {
            // What has been made of it is of no use and much.
            *html = Vec::new();
            return Err(self.endless(&name));
        }
        rendered.map_err(|error| Failure::from(self.sources.diagnostic(&error)))
    }

    /// Whether `html`, which `template` (without `.html`) made, is small enough with what it shares.
    ///
    /// # Errors
    /// The failure that it is far too large.
    pub fn check_size(&self, template: &str, html: &Html) -> Result<(), Failure> {
        match html.size() <= LARGEST_PAGE {
            true => Ok(()),
            false => Err(self.endless(&format!("{template}.html"))),
        }
    }

    /// The failure that a template makes a page that is far too large.
    fn endless(&self, name: &str) -> Failure {
        let megabytes = LARGEST_PAGE / 1024 / 1024;
        let problem = Problem::error(
            Code::Template,
            text!(
                "模板 `{name}` 生成的页面超过 {megabytes} MB，已停下",
                "the template `{name}` makes a page of more than {megabytes} MB; it was stopped"
            ),
        )
        .hint(text!(
            "检查它和它引入的模板里的循环，如 `for … in range(…)`",
            "check the loops in it and in what it includes, such as `for … in range(…)`"
        ));
        let diagnostic = match self.sources.file(name) {
            Some(path) => problem.at(Span::file(path)),
            None => problem.nowhere(),
        };
        Failure {
            diagnostic: Box::new(diagnostic),
            is_endless: true,
        }
    }

    /// The templates (without `.html`) among `wanted` that the theme does not have; `needed_by` tells
    /// the place of something that needs one.
    pub fn missing<'a>(
        &self,
        wanted: impl Iterator<Item = &'a str>,
        needed_by: impl Fn(&str) -> Option<Span>,
    ) -> Vec<Diagnostic> {
        let wanted: BTreeSet<&str> = wanted.collect();
        let missing = wanted
            .into_iter()
            .filter(|name| !self.tera.contains_template(&format!("{name}.html")));
        let theme = &self.theme;
        let told = missing.map(|name| {
            let problem = Problem::error(
                Code::Template,
                text!(
                    "主题 `{theme}` 没有模板 `{name}.html`",
                    "the theme `{theme}` has no template `{name}.html`"
                ),
            )
            .hint(text!(
                "建立 themes/{theme}/templates/{name}.html",
                "create themes/{theme}/templates/{name}.html"
            ));
            let config = SourcePath::new(format!("themes/{theme}/theme.yaml"));
            let told = problem.at(Span::file(config));
            match needed_by(name) {
                Some(span) => {
                    told.with_related(span, text!("这个条目要用它", "this entry needs it"))
                }
                None => told,
            }
        });
        told.collect()
    }
}

/// Compiles templates together with everything that they may call.
fn compiled<'t>(
    theme: &Theme,
    site: &impl Serialize,
    templates: impl Iterator<Item = &'t (String, SourceText)>,
) -> Result<Tera, tera::Error> {
    let mut tera = Tera::new();
    register(&mut tera, theme);
    tera.set_fallback_prefixes([format!("themes/{}/", theme.name)])?;
    *tera.global_context() = Context::from_serialize(&SiteContext { site })?;
    tera.add_raw_templates(templates.map(|(name, source)| (name, &*source.text)))?;
    Ok(tera)
}

/// Everything that is wrong with templates that could not be compiled because of `error`: what is
/// found in one template hides what is wrong with others, so those found are set aside until the
/// rest can be compiled.
fn every_error(
    error: tera::Error,
    sources: &Sources,
    theme: &Theme,
    site: &impl Serialize,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let (mut rest, broken): (Vec<_>, Vec<_>) = sources
        .0
        .iter()
        .map(|template| (template, syntax_error(template)))
        .partition(|(_, error)| error.is_none());
    let broken = broken.iter().filter_map(|(_, error)| error.as_ref());
    diagnostics.extend(broken.map(|error| sources.diagnostic(error)));
    let mut error = if diagnostics.is_empty() {
        Some(error)
    } else {
        compiled(theme, site, rest.iter().map(|(template, _)| *template)).err()
    };
    while let Some(found) = error {
        let found = sources.diagnostics(&found);
        let before = rest.len();
        rest.retain(|((_, source), _)| !found.iter().any(|found| is_in(found, source)));
        diagnostics.extend(found.into_iter().filter(|found| !sources.names(found)));
        if rest.len() == before {
            break;
        }
        error = compiled(theme, site, rest.iter().map(|(template, _)| *template)).err();
    }
    diagnostics
}

/// The error of a template that cannot even be parsed.
fn syntax_error((name, source): &(String, SourceText)) -> Option<tera::Error> {
    let error = Tera::new().add_raw_template(name, &source.text).err()?;
    matches!(error.kind(), ErrorKind::SyntaxError(_)).then_some(error)
}

fn is_in(found: &Diagnostic, source: &SourceText) -> bool {
    let span = found.span.as_ref();
    span.is_some_and(|span| span.file == source.path)
}

#[derive(Serialize)]
struct SiteContext<'a, S> {
    site: &'a S,
}

fn register(tera: &mut Tera, theme: &Theme) {
    // Each page asks for dozens of them.
    let strings = theme.strings.iter();
    let strings = strings.map(|(key, text)| (key.clone(), Value::from(text.as_str())));
    let mut strings: HashMap<String, Value> = strings.collect();
    // Which has been reported once, and need not be for every page.
    let missing = theme.missing_strings.iter();
    strings.extend(missing.map(|key| (key.clone(), Value::from(""))));
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
    tera.register_function("qr", |arguments: Kwargs, _: &State| {
        let text: &str = arguments.must_get("text")?;
        let code = qr::svg(text, arguments.get("label")?);
        let code = code.map(|svg| Value::safe_string(&svg));
        code.ok_or_else(|| {
            let (length, most) = (text.len(), qr::LONGEST);
            tera::Error::message(format!("{TOO_LONG}{length} > {most} bytes"))
        })
    });
    tera.register_function("integrity", |arguments: Kwargs, _: &State| {
        arguments
            .must_get::<&str>("path")
            .map(assets::integrity_token)
    });
}
