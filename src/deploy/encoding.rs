//! Which files are stored compressed, so that they reach visitors sooner.
//!
//! Object storages send what they have, whatever a browser says that it understands. So only what browsers load
//! is compressed: what other programs fetch may be read by some that understand nothing but the plain text.
//!
//! Invariants: whether a file is compressed follows from its path, its size and the target alone, so that a plan
//! tells what has changed without compressing anything.

use super::headers::rule_for;
use crate::model::media_type::media_type;
use crate::model::target::{Compression, DeployTarget};
use crate::model::tree::OutPath;

/// Smallest file that is compressed: below that it needs one packet of the network either way. Text of that size
/// becomes smaller; noise in a file of text would grow by a few bytes in ten thousand, which harms nobody.
const SMALLEST: u64 = 1024;

/// Largest file that is compressed: it is held as a whole, as is what it is encoded to.
pub const LARGEST: u64 = 8_000_000;

/// How a stored content is encoded (`Content-Encoding`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// Gzip (RFC 1952).
    Gzip,
    /// Brotli (RFC 7932).
    Brotli,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Encoding; 2] = [Encoding::Gzip, Encoding::Brotli];

    /// What HTTP calls it.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Gzip => "gzip",
            Encoding::Brotli => "br",
        }
    }

    /// The encoding that HTTP calls so.
    pub fn named(name: &str) -> Option<Self> {
        Encoding::ALL.into_iter().find(|known| known.name() == name)
    }

    fn of(compression: Compression) -> Option<Self> {
        match compression {
            Compression::None => None,
            Compression::Gzip => Some(Encoding::Gzip),
            Compression::Brotli => Some(Encoding::Brotli),
        }
    }
}

/// How the file at `path` of `size` bytes is stored at a target; `None` where it is as it is. A rule of the target
/// that fits has the last word, of text only: photos, fonts and documents are compressed already.
pub fn encoding(path: &OutPath, size: u64, target: &DeployTarget) -> Option<Encoding> {
    if !(SMALLEST..=LARGEST).contains(&size) || !is_text(path.as_str()) {
        return None;
    }
    let by_rule = rule_for(path, &target.headers).and_then(|rule| rule.compress);
    let usual = target.compress.filter(|_| is_for_browsers(path.as_str()));
    by_rule.or(usual).and_then(Encoding::of)
}

fn is_text(path: &str) -> bool {
    let media_type = media_type(path);
    media_type.ends_with("charset=utf-8") || media_type == "image/svg+xml"
}

/// Whether it is browsers that load a file. Feeds, the site map, calendars and open data are for programs of every
/// kind, as is what lies at the top for robots; the page for what is not found is sent by storages with headers of
/// their own.
fn is_for_browsers(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let top = folder.split('/').next().unwrap_or_default();
    match extension {
        "html" | "htm" => path != "404.html",
        "css" | "js" | "mjs" | "map" | "svg" | "vtt" | "webmanifest" => true,
        "json" | "geojson" | "txt" => !["", "data", ".well-known"].contains(&top),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::target::{HeaderRule, Service};

    fn target(compress: Option<Compression>, headers: Vec<HeaderRule>) -> DeployTarget {
        DeployTarget {
            name: "test".into(),
            service: Service::S3,
            path: None,
            bucket: Some("site".into()),
            prefix: None,
            region: None,
            endpoint: None,
            virtual_host: false,
            conditional_writes: None,
            state: None,
            base_url: None,
            links: None,
            staging: true,
            compress,
            headers,
            grace_days: None,
            keep_releases: None,
            after: Vec::new(),
        }
    }

    fn rule(pattern: &str, compress: Option<Compression>) -> HeaderRule {
        HeaderRule {
            pattern: pattern.to_owned(),
            cache_control: None,
            content_type: None,
            compress,
        }
    }

    fn encoded(path: &str, size: u64, target: &DeployTarget) -> Option<Encoding> {
        encoding(&OutPath::new(path), size, target)
    }

    #[test]
    fn what_browsers_load_is_compressed_and_what_other_programs_fetch_is_not() {
        let target = target(Some(Compression::Gzip), Vec::new());
        for path in [
            "index.html",
            "报道/四月/index.html",
            "assets/main.0123456789.css",
            "assets/main.0123456789.js",
            "assets/icon.0123456789.svg",
            "search/index.json",
            "search/0123456789.json",
            "search/0123456789.txt",
            "maps/islands.geojson",
        ] {
            assert_eq!(encoded(path, 5000, &target), Some(Encoding::Gzip), "{path}");
        }
        for path in [
            "404.html",
            "robots.txt",
            "sitemap.xml",
            "atom.xml",
            "organizations/fulian/atom.xml",
            "calendar.ics",
            "data/reports-2021.json",
            "data/stations.geojson",
            "data/funds.csv",
            ".well-known/security.txt",
            "reports/2021/x/1-480.webp",
            "reports/2021/x/1.jpg",
            "assets/font.woff2",
            "documents/plan.pdf",
            "documents/plan.docx",
            "search/0123456789.bin",
            "html",
        ] {
            assert_eq!(encoded(path, 5000, &target), None, "{path}");
        }
    }

    #[test]
    fn what_is_tiny_or_huge_is_not_compressed() {
        let target = target(Some(Compression::Brotli), Vec::new());
        for (size, expected) in [
            (0, None),
            (SMALLEST - 1, None),
            (SMALLEST, Some(Encoding::Brotli)),
            (LARGEST, Some(Encoding::Brotli)),
            (LARGEST + 1, None),
        ] {
            assert_eq!(encoded("index.html", size, &target), expected, "{size}");
        }
    }

    #[test]
    fn a_rule_has_the_last_word_but_never_compresses_photos() {
        let rules = vec![
            rule("data/old/**", None),
            rule("data/**", Some(Compression::Gzip)),
            rule("embed/**", Some(Compression::None)),
        ];
        let with = target(Some(Compression::Brotli), rules.clone());
        let without = target(None, rules);
        for (path, one, other) in [
            ("index.html", Some(Encoding::Brotli), None),
            ("embed/index.html", None, None),
            ("data/a.csv", Some(Encoding::Gzip), Some(Encoding::Gzip)),
            ("data/a.jpg", None, None),
            // The first rule that fits says nothing of it.
            ("data/old/a.html", Some(Encoding::Brotli), None),
            ("data/old/a.csv", None, None),
        ] {
            assert_eq!(encoded(path, 5000, &with), one, "{path}");
            assert_eq!(encoded(path, 5000, &without), other, "{path}");
        }
        assert!(with.compresses() && without.compresses());
        assert!(!target(None, Vec::new()).compresses());
        let none = Some(Compression::None);
        assert!(!target(none, vec![rule("**", none)]).compresses());
    }
}
