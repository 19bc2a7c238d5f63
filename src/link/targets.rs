//! Resolves the links, images and files of one entry.

use std::collections::HashMap;

use super::urls::Addresses;
use super::{EntryId, Index, Lookup};
use crate::content::RawEntry;
use crate::diag::{Code, Problem, SourcePath, did_you_mean, text};
use crate::model::Kind;
use crate::model::snapshot::{InputFile, Snapshot};

/// Where a link in a text leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LinkTo {
    /// An address outside the site, or `mailto:` and `tel:`.
    Outside(String),
    /// A place on the same page: `#` and an id.
    Here(String),
    /// A page of an entry, with `#fragment` or nothing.
    Entry(EntryId, String),
    /// A path below the site's root that is to be checked against all pages: path, fragment.
    Path(String, String),
    /// A file beside the entry.
    File(SourcePath),
    /// An entry that is not public.
    Hidden,
}

/// What a target that an officer wrote leads to.
///
/// Accepted: full addresses, `#fragment`, files relative to the entry's own file
/// (`../stations/x.md`, `photo.jpg`), paths below the site's root (`/reports/`), and
/// `collection/id`; each may be percent-encoded.
///
/// # Errors
/// A problem when it leads nowhere.
pub(super) fn resolve(
    target: &str,
    entry: &RawEntry,
    index: &Index<'_>,
    world: &World<'_>,
) -> Result<LinkTo, Problem> {
    if let Some(scheme) = scheme(target) {
        return match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" | "mailto" | "tel" => Ok(LinkTo::Outside(target.to_owned())),
            _ => Err(Problem::error(
                Code::BrokenLink,
                text!(
                    "不支持 `{scheme}:` 链接",
                    "links with `{scheme}:` are not supported"
                ),
            )
            .hint(text!(
                "改用 https:// 网址，或链接站内文件",
                "use an https:// address or a file of the site"
            ))),
        };
    }
    if target.starts_with("//") {
        return Ok(LinkTo::Outside(format!("https:{target}")));
    }
    let (path, fragment) = split(target)?;
    if path.is_empty() && !fragment.is_empty() {
        return Ok(LinkTo::Here(fragment));
    }
    if path.starts_with('/') {
        return Ok(LinkTo::Path(
            world.addresses.strip_base(&path).to_owned(),
            fragment,
        ));
    }
    relative(&path, fragment, entry, index, world)
}

/// The path of a target and its `#fragment` (or nothing), both percent-decoded.
///
/// # Errors
/// A problem when there is a query, which no page of a static site can answer.
pub(super) fn split(target: &str) -> Result<(String, String), Problem> {
    let (path, fragment) = match target.split_once('#') {
        Some((path, fragment)) => (path, format!("#{}", decoded(fragment))),
        None => (target, String::new()),
    };
    if path.contains('?') {
        let message = text!(
            "站内链接 `{target}` 不能带 `?…`",
            "the link `{target}` within the site cannot have a query"
        );
        let problem = Problem::error(Code::BrokenLink, message);
        return Err(problem.hint(text!(
            "删去 `?` 和后面的部分",
            "delete `?` and what follows"
        )));
    }
    Ok((decoded(path), fragment))
}

/// What links are checked against.
pub(super) struct World<'a> {
    /// Every input file.
    pub(super) snapshot: &'a Snapshot,
    /// How the site's pages are addressed.
    pub(super) addresses: &'a Addresses,
    /// The entry of each content file.
    pub(super) by_file: &'a HashMap<&'a str, (Kind, &'a str)>,
}

fn relative(
    path: &str,
    fragment: String,
    entry: &RawEntry,
    index: &Index<'_>,
    world: &World<'_>,
) -> Result<LinkTo, Problem> {
    let to = |kind, id: &str| match index.find(kind, id) {
        Lookup::Public(id) => Some(LinkTo::Entry(id, fragment.clone())),
        Lookup::Hidden => Some(LinkTo::Hidden),
        Lookup::Unknown => None,
    };
    if let Some(file) = beside(entry, path) {
        let file = file.trim_end_matches('/');
        let in_folder = |extension| format!("{file}/index.{extension}");
        let candidates = [
            file.to_owned(),
            in_folder("md"),
            in_folder("yaml"),
            in_folder("yml"),
        ];
        for candidate in candidates {
            if let Some((kind, id)) = world.by_file.get(candidate.as_str()) {
                return to(*kind, id).ok_or_else(|| missing(path, entry, index, world.snapshot));
            }
        }
        let source = SourcePath::new(file);
        if file.starts_with("content/") && world.snapshot.files.contains_key(&source) {
            return Ok(LinkTo::File(source));
        }
    }
    let by_id = path
        .trim_end_matches('/')
        .split_once('/')
        .and_then(|(collection, id)| {
            let kind = Kind::ALL
                .into_iter()
                .find(|kind| kind.collection() == collection)?;
            to(kind, id)
        });
    by_id
        .or_else(|| to(entry.kind, path))
        .ok_or_else(|| missing(path, entry, index, world.snapshot))
}

/// The file that a relative path names, below the site's root; `None` when it leads out of it.
fn beside(entry: &RawEntry, path: &str) -> Option<String> {
    let mut segments: Vec<&str> = entry.source.path.folder().split('/').collect();
    for segment in path.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

/// The file beside an entry that one of its keys or images names.
///
/// # Errors
/// A problem when there is no such file, with the nearest name in the same folder.
pub(super) fn file(
    name: &str,
    entry: &RawEntry,
    snapshot: &Snapshot,
) -> Result<SourcePath, Problem> {
    let exists = |path: &SourcePath| {
        path.as_str().starts_with("content/") && snapshot.files.contains_key(path)
    };
    candidates(entry, name)
        .find(exists)
        .ok_or_else(|| missing_file(name, entry, snapshot))
}

/// The paths that a name beside an entry can stand for: as it is written, then percent-decoded.
pub(super) fn candidates(entry: &RawEntry, name: &str) -> impl Iterator<Item = SourcePath> {
    [name.to_owned(), decoded(name)]
        .into_iter()
        .filter_map(|name| beside(entry, &name))
        .map(SourcePath::new)
}

fn missing_file(name: &str, entry: &RawEntry, snapshot: &Snapshot) -> Problem {
    let folder = entry.source.path.folder();
    let names = snapshot
        .below(folder)
        .filter(|(path, file)| path.folder() == folder && matches!(file, InputFile::Media(_)))
        .map(|(path, _)| (path.name(), None));
    let message = text!("找不到文件 `{name}`", "there is no file `{name}`");
    let hint = text!(
        "把文件放到 {folder}/ 里，文件名（含大小写）要一致",
        "put the file into {folder}/ under exactly this name"
    );
    Problem::error(Code::MissingFile, message)
        .maybe_hint(did_you_mean(name, names))
        .hint(hint)
}

fn missing(path: &str, entry: &RawEntry, index: &Index<'_>, snapshot: &Snapshot) -> Problem {
    let path_without_end = path.trim_end_matches('/');
    let (parents, name) = path_without_end
        .rsplit_once('/')
        .unwrap_or(("", path_without_end));
    let stem = name
        .strip_suffix(".md")
        .or(name.strip_suffix(".yaml"))
        .unwrap_or(name);
    let (parents, stem) = match (stem, parents.rsplit_once('/')) {
        // A folder entry is called by its folder.
        ("index", Some((above, folder))) => (above, folder),
        _ => (parents, stem),
    };
    if stem == name && name.contains('.') {
        return missing_file(path, entry, snapshot);
    }
    let named = Kind::ALL
        .into_iter()
        .find(|kind| parents.split('/').any(|folder| folder == kind.collection()));
    let folder = entry.source.path.folder();
    let message = text!(
        "链接 `{path}` 没有对应的文件或条目",
        "the link `{path}` leads to no file or entry"
    );
    Problem::error(Code::UnknownReference, message).hint(
        match index.nearest(named.unwrap_or(entry.kind), stem) {
            Some(nearest) => {
                let title = &nearest.common.title;
                let better = relative_path(folder, nearest.source.path.as_str());
                text!(
                    "是不是《{title}》？改成 `{better}`",
                    "did you mean `{title}`? write `{better}`"
                )
            }
            None => {
                let example = relative_path(folder, "content/stations/x.md");
                text!(
                    "写相对于 {folder}/ 的文件路径，如 `{example}`",
                    "write a path relative to {folder}/, such as `{example}`"
                )
            }
        },
    )
}

/// The way from a folder to a file, both below the site's root.
fn relative_path(folder: &str, file: &str) -> String {
    let mut from: Vec<&str> = folder.split('/').collect();
    let mut to: Vec<&str> = file.split('/').collect();
    while !from.is_empty() && from.first() == to.first() {
        from.remove(0);
        to.remove(0);
    }
    "../".repeat(from.len()) + &to.join("/")
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .map_or_else(|_| text.to_owned(), |text| text.into_owned())
}

/// The scheme of a full address (RFC 3986, section 3.1).
pub(super) fn scheme(target: &str) -> Option<&str> {
    let (scheme, _) = target.split_once(':')?;
    let valid = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    valid.then_some(scheme)
}
