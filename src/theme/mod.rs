//! A theme: its templates, words, assets and the lists it asks for.
//!
//! Input: the snapshot. Output: [`Theme`], data only; the template engine is `render`'s business.
//! A site's own `templates/` override the theme's file by file.

pub mod query;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::content;
use crate::diag::{Checked, Code, Diagnostic, Problem, SourcePath, SourceText, Span, text};
use crate::model::Kind;
use crate::model::node::Node;
use crate::model::record::record;
use crate::model::snapshot::{InputFile, Snapshot};
use query::ListQuery;

record! {
    /// What `theme.yaml` holds.
    pub struct ThemeConfig {
        /// 主题名称。What the theme is called.
        title: String,
        /// 列表。The lists that templates want beyond their page's own.
        lists: Vec<ListQuery>,
    }
}

/// One template file.
#[derive(Debug, Clone)]
pub struct Template {
    /// The name by which other templates call it, such as `base.html`.
    pub name: String,
    /// Whether it is one of the site's own, overriding the theme's.
    pub is_override: bool,
    /// Its text.
    pub source: SourceText,
}

/// A theme as data.
#[derive(Debug, Clone)]
pub struct Theme {
    /// The folder below `themes/`.
    pub name: String,
    /// What `theme.yaml` holds.
    pub config: ThemeConfig,
    /// The templates, the site's own included.
    pub templates: Vec<Template>,
    /// The templates for lists of one kind, such as `list-station`, without `.html`.
    pub list_templates: BTreeMap<Kind, String>,
    /// UI strings by key, such as `list.older`.
    pub strings: BTreeMap<String, String>,
    /// Keys that templates ask for and that `strings` lacks, which has been reported.
    pub missing_strings: BTreeSet<String>,
    /// Whether a template speaks of a page's `json_ld`, which is made for those only that do.
    pub shows_json_ld: bool,
    /// Style sheets, scripts and the like, by path below `assets/`.
    pub assets: BTreeMap<String, AssetFile>,
}

/// One file below `assets/`.
#[derive(Debug, Clone)]
pub enum AssetFile {
    /// A style sheet or a script that is to be put together with others and made short.
    Source(SourceText),
    /// A file that is published as it is.
    Bytes(Arc<[u8]>),
}

/// Whether the site has a theme of this name.
pub fn exists(snapshot: &Snapshot, name: &str) -> bool {
    snapshot
        .readable(&format!("themes/{name}/theme.yaml"))
        .is_some()
}

/// Loads the theme `name`; `None` when there is no such theme.
pub fn load(snapshot: &Snapshot, name: &str) -> Checked<Option<Theme>> {
    let root = format!("themes/{name}");
    let mut diagnostics = Vec::new();
    let Some(config) = config(snapshot, &root).drain_into(&mut diagnostics) else {
        if diagnostics.is_empty() {
            diagnostics.push(no_theme(name));
        }
        return Checked {
            value: None,
            diagnostics,
        };
    };
    let mut templates = Vec::new();
    for (folder, is_override) in [
        (format!("{root}/templates"), false),
        (String::from("templates"), true),
    ] {
        for (path, file) in snapshot.below(&folder) {
            if file.bytes().is_none() {
                continue;
            }
            let name = path.as_str()[folder.len() + 1..].to_owned();
            let text = content::text(path, file).drain_into(&mut diagnostics);
            templates.extend(text.map(|source| Template {
                name,
                is_override,
                source,
            }));
        }
    }
    let has_template = |name: &str| {
        let mut names = templates.iter().map(|template: &Template| &template.name);
        names.any(|known| known.strip_suffix(".html") == Some(name))
    };
    let list_templates = Kind::ALL
        .map(|kind| (kind, format!("list-{}", kind.name())))
        .into_iter()
        .filter(|(_, name)| has_template(name))
        .collect();
    let words = words(snapshot, &root, &templates).drain_into(&mut diagnostics);
    let assets = assets(snapshot, &root).drain_into(&mut diagnostics);
    let mut texts = templates.iter().map(|template| &template.source.text);
    let shows_json_ld = texts.any(|text| text.contains("json_ld"));
    let theme = Theme {
        name: name.to_owned(),
        config,
        templates,
        list_templates,
        strings: words.0,
        missing_strings: words.1,
        shows_json_ld,
        assets,
    };
    Checked {
        value: Some(theme),
        diagnostics,
    }
}

fn no_theme(name: &str) -> Diagnostic {
    Problem::error(
        Code::Template,
        text!("没有主题 `{name}`", "there is no theme `{name}`"),
    )
    .hint(text!(
        "主题放在 themes/{name}/，其中要有 theme.yaml",
        "a theme lives in themes/{name}/ and has a theme.yaml"
    ))
    .at(Span::file(SourcePath::new("site.yaml")))
}

fn config(snapshot: &Snapshot, root: &str) -> Checked<Option<ThemeConfig>> {
    let path = format!("{root}/theme.yaml");
    match snapshot.readable(&path) {
        Some(file) => content::record(&SourcePath::new(path), file),
        None => Checked::clean(None),
    }
}

/// The UI strings of `i18n/zh-CN.yaml`, nested keys joined by `.`, and the keys that templates ask for
/// in vain.
fn words(
    snapshot: &Snapshot,
    root: &str,
    templates: &[Template],
) -> Checked<(BTreeMap<String, String>, BTreeSet<String>)> {
    let path = format!("{root}/i18n/zh-CN.yaml");
    let mut strings = BTreeMap::new();
    let mut source = None;
    let mut diagnostics = Vec::new();
    if let Some(file) = snapshot.readable(&path) {
        let source_path = SourcePath::new(&path);
        let pairs = content::free(&source_path, file).drain_into(&mut diagnostics);
        let Some(pairs) = pairs else {
            // What cannot be read may have any key.
            return Checked {
                value: Default::default(),
                diagnostics,
            };
        };
        flatten("", &Node::Map(pairs), &mut strings);
        source = content::text(&source_path, file).value;
    }
    let words = words::check(templates, &strings, source.as_ref(), &path);
    diagnostics.extend(words.diagnostics);
    Checked {
        value: (strings, words.missing),
        diagnostics,
    }
}

fn flatten(prefix: &str, node: &Node, strings: &mut BTreeMap<String, String>) {
    match node {
        Node::Map(pairs) => {
            for (key, value) in pairs {
                let key = if prefix.is_empty() {
                    key.clone()
                } else {
                    format!("{prefix}.{key}")
                };
                flatten(&key, value, strings);
            }
        }
        Node::Text(text) => drop(strings.insert(prefix.to_owned(), text.clone())),
        Node::Integer(number) => drop(strings.insert(prefix.to_owned(), number.to_string())),
        Node::Null | Node::Boolean(_) | Node::Float(_) | Node::List(_) => {}
    }
}

fn assets(snapshot: &Snapshot, root: &str) -> Checked<BTreeMap<String, AssetFile>> {
    let folder = format!("{root}/assets");
    let mut diagnostics = Vec::new();
    let mut assets = BTreeMap::new();
    for (path, file) in snapshot.below(&folder) {
        let name = path.as_str()[folder.len() + 1..].to_owned();
        let asset = if is_source(&name) {
            let source = content::text(path, file).drain_into(&mut diagnostics);
            source.map(AssetFile::Source)
        } else {
            match file {
                InputFile::Bytes(bytes) => Some(AssetFile::Bytes(Arc::clone(bytes))),
                file => file.bytes().map(|bytes| AssetFile::Bytes(bytes.into())),
            }
        };
        assets.extend(asset.map(|asset| (name, asset)));
    }
    Checked {
        value: assets,
        diagnostics,
    }
}

/// Whether an asset is compiled. What is named `….min.…` has been made short by whoever wrote it.
fn is_source(name: &str) -> bool {
    let stem = name.strip_suffix(".css").or(name.strip_suffix(".js"));
    stem.is_some_and(|stem| !stem.ends_with(".min"))
}
