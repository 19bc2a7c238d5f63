//! Puts style sheets and scripts together with the parts that they import.
//!
//! Input: the theme's asset files. Output: the files to publish, before their names are known, and
//! everything that is wrong. A file is compiled again only when it has changed.

use std::collections::BTreeMap;

use super::css::{self, Sheet};
use super::paths::{self, Target};
use super::script::{self, Script};
use crate::diag::{Checked, Code, Diagnostic, Problem, SourceText, Span, did_you_mean, text};
use crate::model::digest::Fingerprint;
use crate::theme::{AssetFile, Theme};

/// A file that has been compiled by itself.
enum Unit {
    Sheet(Sheet),
    Script(Script),
}

/// What is known of each style sheet and script: of which text, and what came of it.
#[derive(Default)]
pub(super) struct Units(BTreeMap<String, (Fingerprint, Compiled)>);

/// What came of compiling a file; none where it cannot be read.
type Compiled = Checked<Option<Unit>>;

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
                _ => unit(path, source),
            };
            self.0.insert(path.clone(), (fingerprint, unit));
        }
    }
}

fn unit(path: &str, source: &SourceText) -> Compiled {
    if path.ends_with(".css") {
        css::compile(source).map(|sheet| sheet.map(Unit::Sheet))
    } else {
        script::compile(source).map(|script| script.map(Unit::Script))
    }
}

/// The files that are published, by path below `assets/`; `published` tells under which name each file
/// that is no style sheet is published.
pub(super) fn bundles(
    theme: &Theme,
    units: &mut Units,
    published: impl Fn(&str) -> Option<String>,
) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    units.update(theme);
    let mut errors: Vec<Diagnostic> = Vec::new();
    for (_, unit) in units.0.values() {
        errors.extend(unit.diagnostics.iter().cloned());
    }
    let mut bundler = Bundler {
        theme,
        units,
        published: &published,
        errors,
        used: Vec::new(),
    };
    let mut bundles = BTreeMap::new();
    let roots = units.0.keys().filter(|path| !paths::is_part(path));
    for path in roots {
        let text = if path.ends_with(".css") {
            bundler.sheet(path)
        } else {
            bundler.script(path)
        };
        bundles.insert(path.clone(), text);
    }
    // What cannot be read may import any of them.
    if units.0.values().all(|(_, unit)| unit.value.is_some()) {
        bundler.unused();
    }
    let mut errors = bundler.errors;
    crate::diag::sort(&mut errors);
    (bundles, errors)
}

struct Bundler<'a> {
    theme: &'a Theme,
    units: &'a Units,
    published: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<Diagnostic>,
    /// The parts that have been found a place.
    used: Vec<String>,
}

/// A way from a published file down to a part: what must not be met again.
type Way = Vec<String>;

impl<'a> Bundler<'a> {
    fn unit(&self, path: &str) -> Option<&'a Unit> {
        let (_, unit) = self.units.0.get(path)?;
        unit.value.as_ref()
    }

    /// The path of an imported file; `None` after an error or where the file has errors of its own.
    fn imported(&mut self, way: &Way, written: &str, span: &Span) -> Option<String> {
        let from = way.last()?;
        let extension = if from.ends_with(".css") {
            ".css"
        } else {
            ".js"
        };
        let is_right = from.ends_with(".css") || written.starts_with('.');
        let path = match paths::target(from, written) {
            Target::Asset(path) if path.ends_with(extension) && is_right => path,
            _ => {
                let problem = Problem::error(
                    Code::Template,
                    text!("不能引入 `{written}`", "`{written}` cannot be imported"),
                );
                let remedy = text!(
                    "只能引入主题 assets/ 里的文件，写相对路径，如 `./_part{extension}`",
                    "only files in the theme's assets/ can be imported, by relative paths such as `./_part{extension}`"
                );
                self.errors.push(problem.hint(remedy).at(span.clone()));
                return None;
            }
        };
        if !self.units.0.contains_key(&path) {
            self.errors.push(self.missing(&path, span));
            return None;
        }
        if let Some(start) = way.iter().position(|known| *known == path) {
            let circle: Vec<&str> = way[start..].iter().map(String::as_str).collect();
            let circle = format!("{} → {path}", circle.join(" → "));
            let problem = Problem::error(
                Code::Cycle,
                text!(
                    "文件互相引入：{circle}",
                    "files import each other: {circle}"
                ),
            );
            self.errors.push(problem.at(span.clone()));
            return None;
        }
        self.used.push(path.clone());
        Some(path)
    }

    fn missing(&self, path: &str, span: &Span) -> Diagnostic {
        let folder = format!("themes/{}/assets/", self.theme.name);
        let problem = Problem::error(
            Code::Template,
            text!(
                "没有资源文件 `{folder}{path}`",
                "there is no asset `{folder}{path}`"
            ),
        );
        let known = self.theme.assets.keys().map(|path| (path.as_str(), None));
        problem
            .maybe_hint(did_you_mean(path, known))
            .at(span.clone())
    }

    /// A style sheet with everything that it imports.
    fn sheet(&mut self, path: &str) -> String {
        let mut text = String::new();
        let mut done = Vec::new();
        self.add_sheet(&mut vec![path.to_owned()], None, &mut done, &mut text);
        text
    }

    /// Adds the sheet at the end of `way`, the first time it is met for these media.
    fn add_sheet(
        &mut self,
        way: &mut Way,
        media: Option<&str>,
        done: &mut Vec<(String, Option<String>)>,
        text: &mut String,
    ) {
        let Some(path) = way.last().cloned() else {
            return;
        };
        let key = (path.clone(), media.map(str::to_owned));
        let Some(Unit::Sheet(sheet)) = self.unit(&path).filter(|_| !done.contains(&key)) else {
            return;
        };
        done.push(key);
        for import in &sheet.imports {
            let Some(path) = self.imported(way, &import.written, &import.span) else {
                continue;
            };
            let media = match (media, import.media.as_deref()) {
                (Some(outer), Some(inner)) => Some(format!("{outer} and {inner}")),
                (outer, inner) => outer.or(inner).map(str::to_owned),
            };
            way.push(path);
            self.add_sheet(way, media.as_deref(), done, text);
            way.pop();
        }
        let own = self.with_urls(sheet, &path, &way[0]);
        match media {
            Some(media) if !own.trim().is_empty() => {
                *text += &format!("@media {media}{{{}}}", own.trim_end());
            }
            _ => *text += own.trim_end(),
        }
    }

    /// The rules of the sheet at `path` as they stand in the one at `root`, with the published names of
    /// the files that they show.
    fn with_urls(&mut self, sheet: &Sheet, path: &str, root: &str) -> String {
        let mut names: BTreeMap<&str, String> = BTreeMap::new();
        for url in &sheet.urls {
            let to = self.url(url, path, root);
            names.extend(to.map(|to| (url.placeholder.as_str(), to)));
        }
        let mut text = String::with_capacity(sheet.text.len());
        for (number, piece) in sheet.text.split("url(\"").enumerate() {
            let name = piece
                .split_once('"')
                .filter(|_| number > 0)
                .and_then(|(placeholder, rest)| Some((names.get(placeholder)?, rest)));
            match name {
                Some((name, rest)) => text.extend(["url(\"", name, "\"", rest]),
                None if number > 0 => text.extend(["url(\"", piece]),
                None => text.push_str(piece),
            }
        }
        text
    }

    /// What stands for a URL of the sheet at `path` in the one at `root`, as the content of a CSS
    /// string; `None` after an error.
    fn url(&mut self, url: &css::Url, path: &str, root: &str) -> Option<String> {
        let to = match paths::target(path, &url.written) {
            Target::Inside => url.written.clone(),
            Target::Asset(asset) => {
                let (_, suffix) = paths::split_suffix(&url.written);
                let Some(name) = (self.published)(&asset) else {
                    let span = self.url_span(url, path)?;
                    self.errors.push(self.missing(&asset, &span));
                    return None;
                };
                paths::relative(root, &name) + suffix
            }
            Target::Elsewhere => {
                let written = &url.written;
                let problem = Problem::error(
                    Code::Template,
                    text!(
                        "样式表不能用别处的文件 `{written}`",
                        "a style sheet cannot use `{written}`, which is elsewhere"
                    ),
                );
                let remedy = text!(
                    "把文件放进主题的 assets/，写相对路径",
                    "put the file into the theme's assets/ and write a relative path"
                );
                let span = self.url_span(url, path)?;
                self.errors.push(problem.hint(remedy).at(span));
                return None;
            }
        };
        let to = to.replace('\\', "\\\\").replace('"', "\\\"");
        Some(to.replace('\n', "\\a "))
    }

    fn url_span(&self, url: &css::Url, path: &str) -> Option<Span> {
        match self.theme.assets.get(path)? {
            AssetFile::Source(source) => Some(url.span(source)),
            AssetFile::Bytes(_) => None,
        }
    }

    /// A script with everything that it imports.
    fn script(&mut self, path: &str) -> String {
        let mut order = Vec::new();
        self.add_script(&mut vec![path.to_owned()], &mut order);
        let number = |path: &str| order.iter().position(|(known, _, _)| known == path);
        let parts: Vec<(&Script, Vec<usize>)> = order
            .iter()
            .map(|(_, script, imports)| {
                let numbers = imports.iter().map(|path| number(path).unwrap_or_default());
                (*script, numbers.collect())
            })
            .collect();
        script::bundle(&parts)
    }

    /// Adds the script at the end of `way` after those that it imports, if it is not there yet.
    fn add_script(&mut self, way: &mut Way, order: &mut Vec<(String, &'a Script, Vec<String>)>) {
        let Some(path) = way.last().cloned() else {
            return;
        };
        let is_known = order.iter().any(|(known, _, _)| *known == path);
        let Some(Unit::Script(script)) = self.unit(&path).filter(|_| !is_known) else {
            return;
        };
        let mut imports = Vec::new();
        for import in &script.imports {
            let Some(path) = self.imported(way, &import.written, &import.span) else {
                imports.push(String::new());
                continue;
            };
            if let Some(Unit::Script(part)) = self.unit(&path) {
                self.check_names(import, &path, part);
            }
            way.push(path.clone());
            self.add_script(way, order);
            way.pop();
            imports.push(path);
        }
        order.push((path, script, imports));
    }

    fn check_names(&mut self, import: &script::Import, path: &str, part: &Script) {
        for (name, _, span) in &import.names {
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

    /// Warns of parts that no published file imports.
    fn unused(&mut self) {
        for (path, file) in &self.theme.assets {
            let AssetFile::Source(source) = file else {
                continue;
            };
            if paths::is_part(path) && !self.used.contains(path) {
                let problem = Problem::warning(
                    Code::UnexpectedFile,
                    text!("没有文件引入 `{path}`", "no file imports `{path}`"),
                )
                .hint(text!(
                    "名称以 `_` 开头的文件只有被引入才会发布；删除它，或在 main.css、main.js 中引入",
                    "files whose names begin with `_` are published only where they are imported; delete it, or import it"
                ));
                self.errors
                    .push(problem.at(Span::file(source.path.clone())));
            }
        }
    }
}
