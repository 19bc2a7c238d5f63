//! Which file is at a path, as object storage looks it up.

use super::Shown;
use super::hidden::{self, Hidden};
use crate::model::tree::{OutFile, OutPath, OutputTree};

/// What is at a path.
#[derive(Debug, PartialEq)]
pub(super) enum Place<'a> {
    /// There is no site yet.
    Waiting,
    /// This file.
    File(OutPath, &'a OutFile),
    /// Nothing, but there is something at this path, decoded.
    Elsewhere(String),
    /// Nothing, since this entry is not public now.
    Hidden(Hidden<'a>),
    /// Nothing; shown is the site's own page for that, where it has one.
    Missing(Option<&'a OutFile>),
    /// The path is not one of the site, which lies below another.
    Outside,
}

/// What is at `path`, which is decoded, NFC and has no odd segments.
pub(super) fn place<'a>(shown: &'a Shown, path: &str) -> Place<'a> {
    let Some(site) = &shown.site else {
        return Place::Waiting;
    };
    let Some(below) = path.strip_prefix(&shown.base) else {
        let is_above = path == "/" || shown.base.strip_suffix('/') == Some(path);
        return if is_above {
            Place::Elsewhere(shown.base.clone())
        } else {
            Place::Outside
        };
    };
    let is_folder = below.is_empty() || below.ends_with('/');
    let index = if is_folder { "index.html" } else { "" };
    let late = shown.late.iter().map(|late| &**late);
    for files in std::iter::once(&**site).chain(late) {
        if let Some((out, file)) = get(files, format!("{below}{index}")) {
            return Place::File(out, file);
        }
    }
    if !is_folder && get(site, format!("{below}/index.html")).is_some() {
        return Place::Elsewhere(format!("{path}/"));
    }
    let folder = below.strip_suffix("index.html").unwrap_or(below);
    if let Some(hidden) = hidden::find(shown, folder) {
        return Place::Hidden(hidden);
    }
    if !is_folder && hidden::find(shown, &format!("{below}/")).is_some() {
        return Place::Elsewhere(format!("{path}/"));
    }
    Place::Missing(get(site, "404.html".into()).map(|(_, file)| file))
}

fn get(site: &OutputTree, path: String) -> Option<(OutPath, &OutFile)> {
    let out = OutPath::new(path);
    let file = site.get(&out)?;
    Some((out, file))
}
