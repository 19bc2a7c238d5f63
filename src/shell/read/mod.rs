//! Reads a site folder into a snapshot.
//!
//! Input: the root folder. Output: a [`Snapshot`] of `site.yaml`, `content/`, `templates/`,
//! `static/` and `themes/`, with every diagnostic about files that could not be taken.
//!
//! Invariants: the result does not depend on the order in which the system lists or the threads
//! read; one bad file hides no other; symbolic links are never followed; sources are never
//! written.
//!
//! Names: a [`SourcePath`] is NFC whatever the disk says, so that a reference typed on one
//! machine finds a file named on another. [`real_path`] leads back to the file; it can because two
//! names of one folder that differ only in form are an error.

mod media;
mod names;
mod walk;

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use self::walk::Found;
use super::fault;
use crate::diag::{Checked, Code, Diagnostic, Problem, SourcePath, Span, Text, text};
use crate::model::snapshot::{InputFile, Snapshot};

pub(super) use self::media::digest_of;

/// Largest file whose content a build looks into, in bytes; theme assets such as fonts may be
/// larger.
pub const LARGEST_TEXT: u64 = 2 * 1024 * 1024;

/// Reads the site at `root`.
///
/// Returns every file, those that could not be read as [`InputFile::Unreadable`]. The diagnostics, all errors, name those that could not
/// be and say what to do; a missing `site.yaml` or root is among them.
pub fn read(root: &Path) -> Checked<Snapshot> {
    let mut diagnostics = Vec::new();
    if let Some(diagnostic) = root_problem(root) {
        diagnostics.push(diagnostic);
        return Checked {
            value: Snapshot::default(),
            diagnostics,
        };
    }
    let found = walk::walk(root, &mut diagnostics);
    let read: Vec<_> = found.into_par_iter().map(read_one).collect();
    let mut snapshot = Snapshot::default();
    for outcome in read {
        match outcome {
            Ok((path, file)) => {
                snapshot.files.insert(path, file);
            }
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    for diagnostic in &diagnostics {
        let is_there = [Code::Unreadable, Code::FileTooLarge, Code::Symlink];
        if let Some(span) = diagnostic.span.as_ref()
            && is_there.contains(&diagnostic.code)
        {
            let file = snapshot.files.entry(span.file.clone());
            file.or_insert(InputFile::Unreadable);
        }
    }
    let site_file = SourcePath::new("site.yaml");
    let is_site_file = |diagnostic: &Diagnostic| {
        let span = diagnostic.span.as_ref();
        span.is_some_and(|span| span.file == site_file)
    };
    if !snapshot.files.contains_key(&site_file) && !diagnostics.iter().any(is_site_file) {
        diagnostics.push(missing_site_file(root));
    }
    Checked {
        value: snapshot,
        diagnostics,
    }
}

/// The path on disk of the input file `source` of the site at `root`.
///
/// They differ where the disk keeps a name in another Unicode form than NFC; a file that does not
/// exist has the path that it would have.
pub fn real_path(root: &Path, source: &SourcePath) -> PathBuf {
    let direct = root.join(source.as_str());
    if source.as_str().is_ascii() || std::fs::symlink_metadata(&direct).is_ok() {
        return direct;
    }
    let mut path = root.to_owned();
    for segment in source.as_str().split('/') {
        let next = path.join(segment);
        path = if std::fs::symlink_metadata(&next).is_ok() {
            next
        } else {
            same_name_in(&path, segment).unwrap_or(next)
        };
    }
    path
}

fn same_name_in(folder: &Path, name: &str) -> Option<PathBuf> {
    std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .find(|entry| {
            let found = entry.file_name();
            found
                .to_str()
                .is_some_and(|found| found.nfc().eq(name.chars()))
        })
        .map(|entry| entry.path())
}

fn read_one(found: Found) -> Result<(SourcePath, InputFile), Box<Diagnostic>> {
    let Found { path, real } = found;
    let fail = |problem: Problem| Box::new(problem.at(Span::file(path.clone())));
    let file = match use_of(&path) {
        Use::Copied => InputFile::Media(
            media::inspect(&real, &path.extension())
                .map_err(|error| fail(walk::unreadable(&path, &error)))?,
        ),
        Use::LookedInto { limit } => {
            let bytes = media::read_up_to(&real, limit)
                .map_err(|error| fail(walk::unreadable(&path, &error)))?
                .ok_or_else(|| fail(too_large(&path)))?;
            InputFile::of_bytes(bytes)
        }
    };
    Ok((path, file))
}

/// What a build does with a file.
#[derive(Debug, PartialEq, Eq)]
enum Use {
    LookedInto { limit: u64 },
    Copied,
}

fn use_of(path: &SourcePath) -> Use {
    let segments: Vec<&str> = path.as_str().split('/').collect();
    let text = Use::LookedInto {
        limit: LARGEST_TEXT,
    };
    match segments.as_slice() {
        ["themes", _, "assets", ..] => Use::LookedInto { limit: u64::MAX },
        ["site.yaml"]
        | ["templates", ..]
        | ["themes", _, "theme.yaml"]
        | ["themes", _, "templates" | "i18n", ..] => text,
        ["content", ..] if ["md", "yaml", "yml"].contains(&path.extension().as_str()) => text,
        _ => Use::Copied,
    }
}

fn too_large(path: &SourcePath) -> Problem {
    let megabytes = LARGEST_TEXT / 1024 / 1024;
    Problem::error(
        Code::FileTooLarge,
        text!(
            "`{path}` 超过 {megabytes} MB，没有读取",
            "`{path}` is larger than {megabytes} MB and was not read"
        ),
    )
    .hint(text!(
        "检查是不是把别的文件存成了这个名字，或把它拆成几篇",
        "check that it is not another file under this name, or split it"
    ))
}

fn root_problem(root: &Path) -> Option<Diagnostic> {
    let shown = root.display();
    let (message, hint) = match std::fs::metadata(root) {
        Ok(found) if found.is_dir() => return None,
        Ok(_) => (
            text!("`{shown}` 不是文件夹", "`{shown}` is not a folder"),
            root_hint(),
        ),
        Err(error) => {
            let hint = match error.kind() {
                io::ErrorKind::PermissionDenied => fault::remedy(&error),
                _ => root_hint(),
            };
            let failed = text!(
                "无法打开网站文件夹 `{shown}`",
                "cannot open the site's folder `{shown}`"
            );
            (fault::because(failed, &error), hint)
        }
    };
    Some(
        Problem::error(Code::Environment, message)
            .hint(hint)
            .nowhere(),
    )
}

fn missing_site_file(root: &Path) -> Diagnostic {
    let shown = root.display();
    let misspelt = std::fs::symlink_metadata(root.join("site.yml")).is_ok();
    let hint = if misspelt {
        text!(
            "把 `site.yml` 改名为 `site.yaml`",
            "rename `site.yml` to `site.yaml`"
        )
    } else {
        root_hint()
    };
    let message = if root == Path::new(".") {
        text!(
            "当前文件夹里没有 `site.yaml`",
            "there is no `site.yaml` in the current folder"
        )
    } else {
        text!(
            "文件夹 `{shown}` 里没有 `site.yaml`",
            "there is no `site.yaml` in the folder `{shown}`"
        )
    };
    Problem::error(Code::MissingFile, message)
        .hint(hint)
        .nowhere()
}

fn root_hint() -> Text {
    text!(
        "在网站的文件夹里运行，或用 --root 指明它",
        "run in the site's folder, or name it with --root"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_build_looks_into_is_kept_in_memory() {
        let looked_into = |path: &str| use_of(&SourcePath::new(path)) != Use::Copied;
        for path in [
            "site.yaml",
            "content/a.md",
            "content/a/b.YAML",
            "content/rota/2021.yml",
            "templates/x.html",
            "themes/harbor/theme.yaml",
            "themes/harbor/assets/a.woff2",
            "themes/harbor/templates/a/b.html",
            "themes/harbor/i18n/zh.yaml",
        ] {
            assert!(looked_into(path), "{path}");
        }
        for path in [
            "content/a.jpg",
            "content/a.html",
            "static/a.md",
            "static/a.css",
            "themes/harbor/static/a.css",
            "themes/harbor/README.md",
        ] {
            assert!(!looked_into(path), "{path}");
        }
    }
}
