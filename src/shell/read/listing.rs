//! Lists one folder of a site.
//!
//! Input: a folder. Output: the regular files and folders in it that belong to the site, in path
//! order, and a diagnostic for everything that is in the way. Nothing is read, no link is followed.
//!
//! Invariant: what is said of an entry depends on its own folder only.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::FileType;
use std::io;
use std::path::Path;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::file::Place;
use super::names::{self, FOLDERS, SITE_FILE};
use super::problems;
use crate::diag::{Code, Diagnostic, Problem, SourcePath, Span, text};
use crate::model::names as portable;

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) files: Vec<Place>,
    pub(super) folders: Vec<Place>,
    /// Symbolic links; what is said of them depends on where they lead.
    pub(super) links: Vec<Place>,
    /// What is wrong with the names and kinds of its entries.
    pub(super) findings: Vec<Diagnostic>,
    /// Why it cannot be listed.
    pub(super) fault: Option<Diagnostic>,
}

/// Lists the folder at `place`, the root where its path is empty; `None` when it is not there.
pub(super) fn list(place: &Place) -> Option<Listing> {
    let mut lister = Lister {
        place,
        seen: HashMap::new(),
        listing: Listing::default(),
    };
    match lister.entries() {
        Ok(mut entries) => {
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            for (name, kind) in entries {
                lister.visit(&name, kind);
            }
        }
        Err(error) => {
            std::fs::symlink_metadata(&place.real).ok()?;
            lister.fail(&error);
        }
    }
    let mut listing = lister.listing;
    listing.files.sort_by(|a, b| a.path.cmp(&b.path));
    Some(listing)
}

struct Lister<'a> {
    place: &'a Place,
    /// For each folded name met: the path as written.
    seen: HashMap<String, SourcePath>,
    listing: Listing,
}

impl Lister<'_> {
    fn entries(&self) -> io::Result<Vec<(std::ffi::OsString, io::Result<FileType>)>> {
        std::fs::read_dir(&self.place.real)?
            .map(|entry| entry.map(|entry| (entry.file_name(), entry.file_type())))
            .collect()
    }

    fn fail(&mut self, error: &io::Error) {
        let path = &self.place.path;
        self.listing.fault = Some(if path.as_str().is_empty() {
            let root = SourcePath::new(self.place.real.to_string_lossy());
            problems::unreadable(&root, error).nowhere()
        } else {
            problems::unreadable(path, error).at(Span::file(path.clone()))
        });
    }

    /// Takes one entry.
    fn visit(&mut self, name: &OsStr, kind: io::Result<FileType>) {
        let folder = self.place.path.as_str();
        let raw = name.to_string_lossy();
        let at_root = folder.is_empty();
        if at_root && raw != SITE_FILE && !FOLDERS.contains(&&*raw) {
            self.check_case(&raw);
            return;
        }
        if names::is_junk(&raw, folder) {
            return;
        }
        let Some(utf8) = name.to_str() else {
            self.not_utf8(name);
            return;
        };
        let path = SourcePath::new(join(folder, &composed(utf8)));
        let kind = match kind {
            Ok(kind) => kind,
            // Removed while the folder was listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.report(problems::unreadable(&path, &error), &path),
        };
        self.check_name(utf8, &path);
        let real = self.place.real.join(name);
        if kind.is_symlink() {
            self.listing.links.push(Place { path, real });
        } else if !kind.is_dir() && !kind.is_file() {
            self.report(problems::special_file(&path), &path);
        } else if at_root && kind.is_dir() == (utf8 == SITE_FILE) {
            self.report(problems::wrong_kind(&path, kind.is_dir()), &path);
        } else if self.is_first(utf8, &path) {
            let place = Place { path, real };
            if kind.is_dir() {
                self.listing.folders.push(place);
            } else {
                self.listing.files.push(place);
            }
        }
    }

    fn report(&mut self, problem: Problem, path: &SourcePath) {
        let diagnostic = problem.at(Span::file(path.clone()));
        self.listing.findings.push(diagnostic);
    }

    /// Reports `Content` where `content` is meant, which is the same on Windows only.
    fn check_case(&mut self, name: &str) {
        let known = FOLDERS.iter().chain([&SITE_FILE]);
        let Some(meant) = known
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name))
        else {
            return;
        };
        let message = text!(
            "`{name}` 应为小写的 `{meant}`",
            "`{name}` must be `{meant}`, in small letters"
        );
        let hint = text!("改名为 `{meant}`", "rename it to `{meant}`");
        let problem = Problem::error(Code::InvalidName, message).hint(hint);
        self.report(problem, &SourcePath::new(name));
    }

    /// Entries are left to the link stage, which makes their URLs of their names.
    fn check_name(&mut self, name: &str, path: &SourcePath) {
        let top = path.as_str().split('/').next().unwrap_or_default();
        let is_entry =
            top == "content" && matches!(path.extension().as_str(), "md" | "yaml" | "yml");
        if (top == "content" || top == "static")
            && !is_entry
            && let Some(problem) = portable::problem(name)
        {
            self.report(problem, path);
        }
    }

    /// Notes a name, reports a second of the same kind; `false` when both have the same path.
    fn is_first(&mut self, name: &str, path: &SourcePath) -> bool {
        let key = portable::folded(name);
        let Some(first) = self.seen.get(&key).cloned() else {
            self.seen.insert(key, path.clone());
            return true;
        };
        let other = first.name();
        let message = text!(
            "`{other}` 和 `{name}` 只有大小写或编码形式不同，在 Windows 和 macOS 上是同一个文件",
            "`{other}` and `{name}` differ only in case or Unicode form and are one file on Windows and macOS"
        );
        let hint = text!("给其中一个改名", "rename one of them");
        let problem = Problem::error(Code::InvalidName, message).hint(hint);
        let also = text!("另一个在这里", "the other one is here");
        let same_path = first == *path;
        self.listing.findings.push(
            problem
                .at(Span::file(path.clone()))
                .with_related(Span::file(first), also),
        );
        !same_path
    }

    fn not_utf8(&mut self, name: &OsStr) {
        let path = composed(&name.to_string_lossy());
        let path = SourcePath::new(join(self.place.path.as_str(), &path));
        let name = format!("{name:?}");
        let message = text!(
            "文件名 {name} 不是 UTF-8 编码",
            "the file name {name} is not UTF-8"
        );
        let hint = text!(
            "给它改名；从旧系统或压缩包得来的文件名常是 GBK 编码",
            "rename it; names from old systems or archives are often in GBK"
        );
        let problem = Problem::error(Code::InvalidName, message).hint(hint);
        self.report(problem, &path);
    }
}

/// The path below a root that is written `path` there, for the site: `/` between segments, NFC,
/// undecodable bytes replaced.
pub(super) fn site_path(path: &Path) -> SourcePath {
    let segments: Vec<String> = path
        .iter()
        .map(|segment| composed(&segment.to_string_lossy()))
        .collect();
    SourcePath::new(segments.join("/"))
}

fn composed(name: &str) -> String {
    if is_nfc(name) {
        name.to_owned()
    } else {
        name.nfc().collect()
    }
}

/// The path of what is called `name` in `folder`.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}
