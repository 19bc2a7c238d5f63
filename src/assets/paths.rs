//! Paths below the theme's `assets/`: how one asset names another, and what is published under
//! which name.

use crate::model::digest::Digest;

/// What one file of the theme means by the path that it writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// The asset at this path.
    Asset(String),
    /// Something that is no file: `data:…` or `#…`.
    Inside,
    /// Something that is not below `assets/`: an address, a path from the root, or too many `../`.
    Elsewhere,
}

/// Resolves what the asset at `from` writes; a query or fragment after the path does not matter.
pub(super) fn target(from: &str, written: &str) -> Target {
    if written.is_empty() || written.starts_with('#') || written.starts_with("data:") {
        return Target::Inside;
    }
    let (path, _) = split_suffix(written);
    let has_scheme = path.split('/').next().is_some_and(|one| one.contains(':'));
    if path.is_empty() || path.starts_with('/') || path.contains('\\') || has_scheme {
        return Target::Elsewhere;
    }
    let mut segments: Vec<&str> = from.split('/').collect();
    segments.pop();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                if segments.pop().is_none() {
                    return Target::Elsewhere;
                }
            }
            segment => segments.push(segment),
        }
    }
    Target::Asset(segments.join("/"))
}

/// A relative URL without and with its query and fragment.
pub(super) fn split_suffix(url: &str) -> (&str, &str) {
    url.split_at(url.find(['?', '#']).unwrap_or(url.len()))
}

/// How the asset at `from` names the one at `to`, both below `assets/`.
pub(super) fn relative(from: &str, to: &str) -> String {
    "../".repeat(from.matches('/').count()) + to
}

/// Whether the file is a part, which is published only inside of others: its name starts with `_`.
pub(super) fn is_part(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .is_some_and(|name| name.starts_with('_'))
}

/// `main.css` with the digest's first digits before the extension.
pub(super) fn fingerprinted(path: &str, digest: &Digest) -> String {
    match path.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{}.{extension}", digest.short()),
        None => format!("{path}.{}", digest.short()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_file_that_writes_them() {
        let asset = |path: &str| Target::Asset(path.to_owned());
        for (from, written, expected) in [
            ("main.css", "_a.css", asset("_a.css")),
            ("main.css", "./parts/_a.css", asset("parts/_a.css")),
            ("parts/_a.css", "../img/x.svg", asset("img/x.svg")),
            ("parts/_a.css", "x.svg?v=1#top", asset("parts/x.svg")),
            ("main.css", "../x.svg", Target::Elsewhere),
            ("main.css", "/x.svg", Target::Elsewhere),
            ("main.css", "//cdn.example/x.css", Target::Elsewhere),
            ("main.css", "https://cdn.example/x.css", Target::Elsewhere),
            ("main.css", "data:image/svg+xml,x", Target::Inside),
            ("main.css", "#mark", Target::Inside),
        ] {
            assert_eq!(target(from, written), expected, "{from} {written}");
        }
    }

    #[test]
    fn a_path_leads_from_one_file_to_another() {
        assert_eq!(relative("main.css", "img/x.svg"), "img/x.svg");
        assert_eq!(relative("css/a/m.css", "css/x.svg"), "../../css/x.svg");
        assert_eq!(relative("css/m.css", "img/x.svg"), "../img/x.svg");
        assert_eq!(relative("m.css", "x.svg"), "x.svg");
    }

    #[test]
    fn a_changed_asset_gets_another_name() {
        assert_ne!(
            fingerprinted("a.css", &Digest::of(b"1")),
            fingerprinted("a.css", &Digest::of(b"2"))
        );
        assert!(fingerprinted("js/a.min.js", &Digest::of(b"")).ends_with(".js"));
    }
}
