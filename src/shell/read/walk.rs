//! Finds the input files below a site's root.
//!
//! Input: the root. Output: regular files only, in path order, and a diagnostic for everything
//! that is in the way. Nothing is read, no link is followed.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use unicode_normalization::{UnicodeNormalization, is_nfc};
use walkdir::{DirEntry, WalkDir};

use super::names;
use crate::diag::{Code, Diagnostic, Problem, SourcePath, Span, text};
use crate::model::names as portable;
use crate::shell::fault;

/// What of a root's entries belongs to the site: its one file and its folders.
const SITE_FILE: &str = "site.yaml";
const FOLDERS: [&str; 4] = ["content", "static", "templates", "themes"];

/// A file that is to be read.
pub(super) struct Found {
    /// Its path as the site knows it: NFC, with `/`.
    pub(super) path: SourcePath,
    /// Its path as the system knows it.
    pub(super) real: PathBuf,
}

/// The files below `root`, which is a folder; what is wrong goes to `findings`.
pub(super) fn walk(root: &Path, findings: &mut Vec<Diagnostic>) -> Vec<Found> {
    let mut walk = Walk {
        root,
        seen: HashMap::new(),
        findings,
        found: Vec::new(),
    };
    let mut entries = WalkDir::new(root)
        .min_depth(1)
        .sort_by_file_name()
        .into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            Err(error) => walk.unreadable(error),
            Ok(entry) => {
                let is_folder = entry.file_type().is_dir();
                if !walk.visit(entry) && is_folder {
                    entries.skip_current_dir();
                }
            }
        }
    }
    walk.found
}

struct Walk<'a> {
    root: &'a Path,
    /// For each name met, its folder and folded name: the path as written.
    seen: HashMap<(String, String), SourcePath>,
    findings: &'a mut Vec<Diagnostic>,
    found: Vec<Found>,
}

impl Walk<'_> {
    /// Takes one entry; returns whether a folder is to be entered.
    fn visit(&mut self, entry: DirEntry) -> bool {
        let folder = shown(entry.path().parent().unwrap_or(self.root), self.root);
        let raw = entry.file_name().to_string_lossy();
        let at_root = entry.depth() == 1;
        if at_root && raw != SITE_FILE && !FOLDERS.contains(&&*raw) {
            self.check_case(&raw);
            return false;
        }
        if names::is_junk(&raw, &folder) {
            return false;
        }
        let Some(name) = entry.file_name().to_str() else {
            self.not_utf8(&entry);
            return false;
        };
        let path = SourcePath::new(join(&folder, &composed(name)));
        self.check_name(name, &path);
        let kind = entry.file_type();
        if kind.is_symlink() {
            let problem = link_problem(self.root, entry.path(), &path);
            self.report(problem, &path);
            return false;
        }
        if !kind.is_dir() && !kind.is_file() {
            self.report(special_file(&path), &path);
            return false;
        }
        if at_root && kind.is_dir() == (name == SITE_FILE) {
            self.report(wrong_kind(&path, kind.is_dir()), &path);
            return false;
        }
        if !self.is_first(&folder, name, &path) {
            return false;
        }
        if kind.is_file() {
            self.found.push(Found {
                path,
                real: entry.into_path(),
            });
        }
        true
    }

    fn report(&mut self, problem: Problem, path: &SourcePath) {
        self.findings.push(problem.at(Span::file(path.clone())));
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
        let problem = Problem::error(
            Code::InvalidName,
            text!(
                "`{name}` 应为小写的 `{meant}`",
                "`{name}` must be `{meant}`, in small letters"
            ),
        )
        .hint(text!("改名为 `{meant}`", "rename it to `{meant}`"));
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
    fn is_first(&mut self, folder: &str, name: &str, path: &SourcePath) -> bool {
        let key = (folder.to_owned(), portable::folded(name));
        let Some(first) = self.seen.get(&key).cloned() else {
            self.seen.insert(key, path.clone());
            return true;
        };
        let other = first.name();
        let problem = Problem::error(
            Code::InvalidName,
            text!(
                "`{other}` 和 `{name}` 只有大小写或编码形式不同，在 Windows 和 macOS 上是同一个文件",
                "`{other}` and `{name}` differ only in case or Unicode form and are one file on Windows and macOS"
            ),
        )
        .hint(text!("给其中一个改名", "rename one of them"));
        let also = text!("另一个在这里", "the other one is here");
        let same_path = first == *path;
        self.findings.push(
            problem
                .at(Span::file(path.clone()))
                .with_related(Span::file(first), also),
        );
        !same_path
    }

    fn not_utf8(&mut self, entry: &DirEntry) {
        let name = format!("{:?}", entry.file_name());
        let path = SourcePath::new(shown(entry.path(), self.root));
        let problem = Problem::error(
            Code::InvalidName,
            text!(
                "文件名 {name} 不是 UTF-8 编码",
                "the file name {name} is not UTF-8"
            ),
        )
        .hint(text!(
            "给它改名；从旧系统或压缩包得来的文件名常是 GBK 编码",
            "rename it; names from old systems or archives are often in GBK"
        ));
        self.report(problem, &path);
    }

    fn unreadable(&mut self, error: walkdir::Error) {
        let path = error.path().unwrap_or(self.root).to_owned();
        let error = io::Error::from(error);
        let below = SourcePath::new(shown(&path, self.root));
        let top = below.as_str().split('/').next().unwrap_or_default();
        if below.as_str().is_empty() {
            let root = SourcePath::new(self.root.to_string_lossy());
            self.findings.push(unreadable(&root, &error).nowhere());
        } else if top == SITE_FILE || FOLDERS.contains(&top) {
            self.report(unreadable(&below, &error), &below);
        }
    }
}

/// The problem that the file or folder `path` cannot be read.
pub(super) fn unreadable(path: &SourcePath, error: &io::Error) -> Problem {
    Problem::error(
        Code::Unreadable,
        fault::because(text!("无法读取 `{path}`", "cannot read `{path}`"), error),
    )
    .hint(fault::remedy(error))
}

fn link_problem(root: &Path, real: &Path, path: &SourcePath) -> Problem {
    let target = std::fs::read_link(real).unwrap_or_default();
    let target = target.display();
    let resolved = std::fs::canonicalize(real);
    let folder = real.parent().and_then(|at| std::fs::canonicalize(at).ok());
    let inside = std::fs::canonicalize(root).is_ok_and(|root| {
        resolved
            .as_ref()
            .is_ok_and(|resolved| resolved.starts_with(root))
    });
    let message = match (&resolved, &folder) {
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => text!(
            "符号链接 `{path}` 指向不存在的 `{target}`",
            "the symbolic link `{path}` leads to `{target}`, which does not exist"
        ),
        (Err(_), _) => text!(
            "符号链接 `{path}` 绕成了一圈（`{target}`）",
            "the symbolic link `{path}` leads in a circle (`{target}`)"
        ),
        (Ok(resolved), Some(folder)) if folder.starts_with(resolved) => text!(
            "符号链接 `{path}` 指回自己的上级文件夹 `{target}`",
            "the symbolic link `{path}` leads back to a folder it lies in, `{target}`"
        ),
        _ if inside => text!(
            "`{path}` 是符号链接（指向 `{target}`），不会读取",
            "`{path}` is a symbolic link (to `{target}`) and is not followed"
        ),
        _ => text!(
            "符号链接 `{path}` 指向网站之外的 `{target}`",
            "the symbolic link `{path}` leads out of the site, to `{target}`"
        ),
    };
    Problem::error(Code::Symlink, message).hint(text!(
        "删除这个链接，把文件本身复制到这里",
        "remove the link and copy the file itself here"
    ))
}

fn special_file(path: &SourcePath) -> Problem {
    Problem::error(
        Code::Unreadable,
        text!(
            "`{path}` 不是普通文件（是管道、套接字或设备）",
            "`{path}` is not a regular file but a pipe, socket or device"
        ),
    )
    .hint(text!(
        "把它移出网站文件夹",
        "move it out of the site's folder"
    ))
}

fn wrong_kind(path: &SourcePath, is_folder: bool) -> Problem {
    let message = if is_folder {
        text!(
            "`{path}` 应当是文件，这里却是文件夹",
            "`{path}` must be a file but is a folder"
        )
    } else {
        text!(
            "`{path}` 应当是文件夹，这里却是文件",
            "`{path}` must be a folder but is a file"
        )
    };
    Problem::error(Code::UnexpectedFile, message)
        .hint(text!("给它改名或移走", "rename it or move it away"))
}

/// A path below `root` for people: `/` between segments, NFC, undecodable bytes replaced.
fn shown(path: &Path, root: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let segments: Vec<String> = below
        .iter()
        .map(|segment| composed(&segment.to_string_lossy()))
        .collect();
    segments.join("/")
}

fn composed(name: &str) -> String {
    if is_nfc(name) {
        name.to_owned()
    } else {
        name.nfc().collect()
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}
