//! Which file names the tool skips or cannot tell apart.
//!
//! Names that somebody may have given on purpose, such as `a.tmp`, are not skipped: a file that is
//! there for a moment costs a look, one that is lost costs a reader.
//!
//! Invariant: no I/O.

use std::path::Path;

/// What of a root's entries belongs to the site: its one file and its folders.
pub(super) const SITE_FILE: &str = "site.yaml";
pub(super) const FOLDERS: [&str; 4] = ["content", "static", "templates", "themes"];

/// How names end that Vim, JetBrains' editors and Helix give to copies.
const LEFTOVERS: [&str; 10] = [
    ".swp",
    ".swo",
    ".swx",
    "___jb_tmp___",
    "___jb_old___",
    ".md.bck",
    ".yaml.bck",
    ".yml.bck",
    ".html.bck",
    ".css.bck",
];

/// Whether editors or systems leave files of this `name` behind; `folder` is where it lies.
///
/// Hidden files are junk, except `.well-known` at the top of a folder that is copied as is.
pub(super) fn is_junk(name: &str, folder: &str) -> bool {
    if name == ".well-known" && is_static_root(folder) {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || (name.starts_with('~') && lower.ends_with(".tmp"))
        || LEFTOVERS.iter().any(|end| lower.ends_with(end))
        || lower == "thumbs.db"
        || lower == "desktop.ini"
}

/// Whether the path `below` a root is one that a reading takes up or reports.
///
/// Reading and watching both ask here, so that what is watched is what is read.
pub(in crate::shell) fn concerns(below: &Path) -> bool {
    let mut folder = String::new();
    for (depth, segment) in below.iter().enumerate() {
        let name = segment.to_string_lossy();
        let is_taken = match depth {
            0 => is_top(&name) || (below.iter().count() == 1 && is_nearly_top(&name)),
            _ => !is_junk(&name, &folder),
        };
        if !is_taken {
            return false;
        }
        if depth > 0 {
            folder.push('/');
        }
        folder.push_str(&name);
    }
    !folder.is_empty()
}

/// Whether `name` is one of those at the top of a root that belong to the site.
pub(in crate::shell) fn is_top(name: &str) -> bool {
    name == SITE_FILE || FOLDERS.contains(&name)
}

/// Whether a message about `name` says which name is meant.
fn is_nearly_top(name: &str) -> bool {
    let mut known = FOLDERS.iter().chain([&SITE_FILE]);
    name == "site.yml" || known.any(|known| known.eq_ignore_ascii_case(name))
}

fn is_static_root(folder: &str) -> bool {
    let segments: Vec<&str> = folder.split('/').collect();
    matches!(segments.as_slice(), ["static"] | ["themes", _, "static"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junk_is_known_by_name_and_well_known_is_kept() {
        for name in [
            ".DS_Store",
            "Thumbs.db",
            "~$公文.docx",
            ".a.md.swp",
            "a.swp",
            "a.md~",
            ".git",
            "desktop.ini",
            ".#a.md",
            "#a.md#",
            "a.md.swx",
            "a.md___jb_tmp___",
            "a.md.bck",
            "~WRD0001.tmp",
        ] {
            assert!(is_junk(name, "content"), "{name}");
        }
        assert!(!is_junk(".well-known", "static"));
        assert!(!is_junk(".well-known", "themes/harbor/static"));
        assert!(is_junk(".well-known", "content"));
        assert!(!is_junk("a~b.md", "content"));
    }
    #[test]
    fn names_that_somebody_may_have_given_are_no_junk() {
        for name in ["4913", "a.tmp", "a.bck", "#", "#1", "a#"] {
            assert!(!is_junk(name, "content"), "{name}");
        }
    }

    #[test]
    fn what_is_watched_is_what_is_read() {
        let yes = [
            "site.yaml",
            "site.yml",
            "Content",
            "content",
            "content/reports/a.tmp",
            "static/.well-known/security.txt",
            "themes/harbor/assets/a.css",
        ];
        let no = [
            "",
            "public/index.html",
            ".git/index",
            "Content/a.md",
            "README.md",
            "content/.obsidian/a.md",
            "content/a.md~",
            "content/.well-known",
        ];
        assert!(yes.iter().all(|path| concerns(Path::new(path))));
        assert!(!no.iter().any(|path| concerns(Path::new(path))));
    }
}
