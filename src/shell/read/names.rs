//! Which file names the tool skips or cannot tell apart.
//!
//! Invariant: no I/O.

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
        || lower.ends_with(".swp")
        || lower == "thumbs.db"
        || lower == "desktop.ini"
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
        ] {
            assert!(is_junk(name, "content"), "{name}");
        }
        assert!(!is_junk(".well-known", "static"));
        assert!(!is_junk(".well-known", "themes/harbor/static"));
        assert!(is_junk(".well-known", "content"));
        assert!(!is_junk("a~b.md", "content"));
    }
}
