//! Puts style sheets and scripts together with the parts that they import.
//!
//! Input: the theme's asset files. Output: the files to publish, before their names are known, and
//! everything that is wrong. A file is compiled again only when it has changed.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{self, Target};
use super::{css, script};
use crate::diag::{Checked, Code, Diagnostic, Problem, SourceText, Span, did_you_mean, text};
use crate::model::digest::Fingerprint;
use crate::theme::{AssetFile, Theme};

/// A style sheet or script, compiled without those that it imports.
#[derive(Debug, Default)]
pub(super) struct Unit {
    /// What it imports, in order.
    pub(super) imports: Vec<Import>,
    /// The names that a script exports, in order.
    pub(super) exports: Vec<String>,
    /// The rest of it, made short; in a style sheet every URL is a placeholder.
    pub(super) text: String,
    /// The URLs of a style sheet, by the placeholders that stand for them between double quotes.
    pub(super) urls: BTreeMap<String, css::Url>,
}

/// An import of a part.
#[derive(Debug)]
pub(super) struct Import {
    /// The file, as written.
    pub(super) written: String,
    /// Where it is written.
    pub(super) span: Span,
    /// The media for which a style sheet applies, minified; none for all.
    pub(super) media: Option<String>,
    /// The names wanted of a script.
    pub(super) names: Vec<ImportedName>,
}

/// A name that one script wants of another.
#[derive(Debug)]
pub(super) struct ImportedName {
    /// What it is called where it is exported.
    pub(super) name: String,
    /// What it is called where it is imported.
    pub(super) local: String,
    /// Where it is written.
    pub(super) span: Span,
}

/// A unit at its place in a bundle.
pub(super) struct Placed<'a> {
    path: &'a str,
    media: Option<String>,
    /// What stands there.
    pub(super) unit: &'a Unit,
    /// The places in the bundle of what it imports.
    pub(super) imports: Vec<Option<usize>>,
}

/// The style sheets and scripts that are known: of which text, and what came of it; no unit where it could not
/// be read.
#[derive(Default)]
pub(super) struct Units(BTreeMap<String, (Fingerprint, Checked<Option<Unit>>)>);

impl Units {
    /// Compiles what is not known yet, and forgets what is no more.
    fn update(&mut self, theme: &Theme) {
        let mut known = std::mem::take(&mut self.0);
        for (path, file) in &theme.assets {
            let AssetFile::Source(source) = file else {
                continue;
            };
            let fingerprint = Fingerprint::of(source.text.as_bytes());
            let unit = match known.remove(path) {
                Some((before, unit)) if before == fingerprint => unit,
                _ if is_sheet(path) => css::compile(source),
                _ => script::compile(source),
            };
            self.0.insert(path.clone(), (fingerprint, unit));
        }
    }
}

fn is_sheet(path: &str) -> bool {
    path.ends_with(".css")
}

/// The files that are published, by path below `assets/`; `names` are the published names of the files that are
/// neither style sheets nor scripts.
pub(super) fn bundles(
    theme: &Theme,
    units: &mut Units,
    names: &BTreeMap<&str, String>,
) -> Checked<BTreeMap<String, String>> {
    units.update(theme);
    let units = &*units;
    let compiled = units.0.values();
    let errors = compiled.flat_map(|(_, unit)| unit.diagnostics.iter().cloned());
    let mut bundler = Bundler {
        theme,
        units,
        names,
        errors: errors.collect(),
        used: BTreeSet::new(),
    };
    let roots = units.0.keys().filter(|path| !paths::is_part(path));
    let bundles = roots.map(|path| (path.clone(), bundler.bundle(path)));
    let value = bundles.collect();
    // What cannot be read may import any of them.
    if units.0.values().all(|(_, unit)| unit.value.is_some()) {
        bundler.unused();
    }
    let mut diagnostics = bundler.errors;
    crate::diag::sort(&mut diagnostics);
    Checked { value, diagnostics }
}

struct Bundler<'a> {
    theme: &'a Theme,
    units: &'a Units,
    names: &'a BTreeMap<&'a str, String>,
    errors: Vec<Diagnostic>,
    /// The parts that are imported.
    used: BTreeSet<&'a str>,
}

impl<'a> Bundler<'a> {
    /// A published file with everything that it imports.
    fn bundle(&mut self, path: &'a str) -> String {
        let mut placed = Vec::new();
        self.place(&mut vec![path], None, &mut placed);
        if !is_sheet(path) {
            return script::bundle(&placed);
        }
        let rules = placed.iter().map(|placed| {
            let rules = self.with_urls(placed, path);
            match &placed.media {
                Some(media) if !rules.is_empty() => format!("@media {media}{{{rules}}}"),
                _ => rules,
            }
        });
        rules.collect()
    }

    /// Places the last file of `way`, which leads to it from the published one, after what it imports, unless it
    /// is there already for these media; returns its place.
    fn place(
        &mut self,
        way: &mut Vec<&'a str>,
        media: Option<String>,
        placed: &mut Vec<Placed<'a>>,
    ) -> Option<usize> {
        let path = *way.last()?;
        let is_known = |placed: &Placed| placed.path == path && placed.media == media;
        if let Some(place) = placed.iter().position(is_known) {
            return Some(place);
        }
        let unit = self.unit(path)?;
        let mut imports = Vec::new();
        for import in &unit.imports {
            let part = self.resolve(way, import);
            let part = part.map_err(|problem| self.errors.push(problem.at(import.span.clone())));
            let Ok(part) = part else {
                imports.push(None);
                continue;
            };
            self.used.insert(part);
            self.check_names(import, part);
            let media = match (&media, &import.media) {
                (Some(outer), Some(inner)) => Some(format!("{outer} and {inner}")),
                (outer, inner) => outer.clone().or(inner.clone()),
            };
            way.push(part);
            imports.push(self.place(way, media, placed));
            way.pop();
        }
        placed.push(Placed {
            path,
            media,
            unit,
            imports,
        });
        Some(placed.len() - 1)
    }

    fn unit(&self, path: &str) -> Option<&'a Unit> {
        let (_, unit) = self.units.0.get(path)?;
        unit.value.as_ref()
    }

    /// The path of what the last file of `way` imports.
    fn resolve(&self, way: &[&'a str], import: &Import) -> Result<&'a str, Problem> {
        let from = way.last().copied().unwrap_or_default();
        let written = &import.written;
        let extension = if is_sheet(from) { ".css" } else { ".js" };
        let path = match paths::target(from, written) {
            Target::Asset(path)
                if path.ends_with(extension) && (is_sheet(from) || written.starts_with('.')) =>
            {
                path
            }
            _ => {
                let message = text!("不能引入 `{written}`", "`{written}` cannot be imported");
                let remedy = text!(
                    "只能引入主题 assets/ 里的文件，写相对路径，如 `./_part{extension}`",
                    "only files in the theme's assets/ can be imported, by relative paths such as `./_part{extension}`"
                );
                return Err(Problem::error(Code::Template, message).hint(remedy));
            }
        };
        let known = self.units.0.get_key_value(&path);
        let (path, _) = known.ok_or_else(|| self.missing(&path))?;
        let Some(start) = way.iter().position(|known| known == path) else {
            return Ok(path);
        };
        let circle = format!("{} → {path}", way[start..].join(" → "));
        let message = text!(
            "文件互相引入：{circle}",
            "files import each other: {circle}"
        );
        Err(Problem::error(Code::Cycle, message))
    }

    fn missing(&self, path: &str) -> Problem {
        let folder = format!("themes/{}/assets/", self.theme.name);
        let problem = Problem::error(
            Code::Template,
            text!(
                "没有资源文件 `{folder}{path}`",
                "there is no asset `{folder}{path}`"
            ),
        );
        let known = self.theme.assets.keys().map(|path| (path.as_str(), None));
        problem.maybe_hint(did_you_mean(path, known))
    }

    /// Reports the names that the part at `path` does not export.
    fn check_names(&mut self, import: &Import, path: &str) {
        let Some(part) = self.unit(path) else {
            return;
        };
        for ImportedName { name, span, .. } in &import.names {
            if part.exports.contains(name) {
                continue;
            }
            let problem = script::broken(text!(
                "`{path}` 没有导出 `{name}`",
                "`{path}` does not export `{name}`"
            ));
            let known = part.exports.iter().map(|name| (name.as_str(), None));
            let problem = problem.maybe_hint(did_you_mean(name, known));
            self.errors.push(problem.at(span.clone()));
        }
    }

    /// The rules of a style sheet as they stand in the one at `root`, with the published names of the files that
    /// they show.
    fn with_urls(&mut self, placed: &Placed, root: &str) -> String {
        let mut urls: BTreeMap<&str, String> = BTreeMap::new();
        for (placeholder, url) in &placed.unit.urls {
            match self.url(url, placed.path, root) {
                Ok(to) => drop(urls.insert(placeholder, to)),
                Err(problem) => {
                    if let Some(AssetFile::Source(source)) = self.theme.assets.get(placed.path) {
                        self.errors.push(problem.at(url.span(source)));
                    }
                }
            }
        }
        let mut pieces = placed.unit.text.split("url(\"");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let url = piece
                .split_once('"')
                .and_then(|(placeholder, rest)| Some((urls.get(placeholder)?, rest)));
            match url {
                Some((url, rest)) => text.extend(["url(\"", url, "\"", rest]),
                None => text.extend(["url(\"", piece]),
            }
        }
        text
    }

    /// What stands for a URL of the sheet at `path` in the one at `root`, as the content of a CSS string.
    fn url(&self, url: &css::Url, path: &str, root: &str) -> Result<String, Problem> {
        let written = &url.written;
        let to = match paths::target(path, written) {
            Target::Inside => written.clone(),
            Target::Asset(asset) => {
                let name = self.names.get(&*asset);
                let name = name.ok_or_else(|| self.missing(&asset))?;
                paths::relative(root, name) + paths::split_suffix(written).1
            }
            Target::Elsewhere => {
                let message = text!(
                    "样式表不能用别处的文件 `{written}`",
                    "a style sheet cannot use `{written}`, which is elsewhere"
                );
                let remedy = text!(
                    "把文件放进主题的 assets/，写相对路径",
                    "put the file into the theme's assets/ and write a relative path"
                );
                return Err(Problem::error(Code::Template, message).hint(remedy));
            }
        };
        let to = to.replace('\\', "\\\\").replace('"', "\\\"");
        Ok(to.replace('\n', "\\a "))
    }

    /// Warns of parts that no published file imports.
    fn unused(&mut self) {
        for (path, file) in &self.theme.assets {
            if let AssetFile::Source(SourceText { path: place, .. }) = file
                && paths::is_part(path)
                && !self.used.contains(&**path)
            {
                let problem = Problem::warning(
                    Code::UnexpectedFile,
                    text!("没有文件引入 `{path}`", "no file imports `{path}`"),
                )
                .hint(text!(
                    "名称以 `_` 开头的文件只有被引入才会发布；删除它，或在 main.css、main.js 中引入",
                    "files whose names begin with `_` are published only where they are imported; delete it, or import it"
                ));
                self.errors.push(problem.at(Span::file(place.clone())));
            }
        }
    }
}
