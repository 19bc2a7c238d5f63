//! The headers with which a file is stored.

use serde::{Deserialize, Serialize};

use crate::model::digest::Digest;
use crate::model::media_type::media_type;
use crate::model::target::{Compression, DeployTarget, HeaderRule};
use crate::model::tree::OutPath;

/// How long what is named by its content may be kept: for good.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Photos and attachments keep their names when they change, which is seldom.
const A_DAY: &str = "public, max-age=86400";

/// Whoever has a page asks each time whether it is still the same.
const ASK: &str = "no-cache";

/// What HTTP calls the way in which text is compressed.
pub const GZIP: &str = "gzip";

/// The sizes of files that are compressed. Below, a file needs one packet of the network either way; above, it is
/// sent in parts.
const COMPRESSED: std::ops::RangeInclusive<u64> = 1024..=8_000_000;

/// The headers of an object, as far as the storage can keep them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Headers {
    /// `Content-Type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// `Cache-Control`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<String>,
    /// `Content-Encoding`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
}

/// Which headers a storage keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeps {
    /// `Content-Type`.
    pub content_type: bool,
    /// `Cache-Control`.
    pub cache_control: bool,
    /// `Content-Encoding`.
    pub content_encoding: bool,
}

/// The headers of the file at `path` with this content, by the first rule that fits and else by what sort of
/// file it is; without those that the storage does not keep. Whether it is compressed depends on more than that:
/// [`is_compressed`] tells.
pub fn headers(path: &OutPath, digest: &Digest, rules: &[HeaderRule], keeps: Keeps) -> Headers {
    let rule = rule_for(path, rules);
    let content_type = rule.and_then(|rule| rule.content_type.as_deref());
    let content_type = content_type.unwrap_or_else(|| media_type(path.as_str()));
    let cache_control = rule.and_then(|rule| rule.cache_control.as_deref());
    let cache_control = cache_control.unwrap_or_else(|| usual_cache_control(path, digest));
    Headers {
        content_type: keeps.content_type.then(|| content_type.to_owned()),
        cache_control: keeps.cache_control.then(|| cache_control.to_owned()),
        content_encoding: None,
    }
}

/// Whether the file at `path` of `size` bytes is stored compressed at a target: what browsers load, or what a rule of
/// the target says. An object storage sends what it has, whatever a client understands. Photos, fonts and documents
/// are compressed already.
pub fn is_compressed(path: &OutPath, size: u64, target: &DeployTarget) -> bool {
    let by_rule = rule_for(path, &target.headers).and_then(|rule| rule.compress);
    let usual = target.compress.filter(|_| is_for_browsers(path.as_str()));
    COMPRESSED.contains(&size)
        && is_text(path.as_str())
        && by_rule.or(usual) == Some(Compression::Gzip)
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

/// The first rule that fits a file.
fn rule_for<'a>(path: &OutPath, rules: &'a [HeaderRule]) -> Option<&'a HeaderRule> {
    let fits = |rule: &&HeaderRule| fast_glob::glob_match(&rule.pattern, path.as_str());
    rules.iter().find(fits)
}

fn usual_cache_control(path: &OutPath, digest: &Digest) -> &'static str {
    if is_fingerprinted(path, digest) {
        IMMUTABLE
    } else if is_told_anew(path) {
        ASK
    } else {
        A_DAY
    }
}

/// Whether a file bears the digest of its content in its name, so that nothing else will ever be there.
pub fn is_fingerprinted(path: &OutPath, digest: &Digest) -> bool {
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    name.split(['.', '-']).any(|part| part == digest.short())
}

/// Whether a file bears what looks like the digest of some content in its name, whatever that content is.
pub fn looks_fingerprinted(path: &OutPath) -> bool {
    let is_digest = |part: &str| {
        part.len() == 10 && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let (folder, name) = path.as_str().rsplit_once('/').unwrap_or_default();
    let is_ours = ["assets", "search"].contains(&folder.split('/').next().unwrap_or_default());
    is_ours && name.split(['.', '-']).any(is_digest)
}

/// Whether a file tells the state of the site: pages, feeds, calendars, data, the root of the index.
pub(super) fn is_told_anew(path: &OutPath) -> bool {
    let extension = path.as_str().rsplit_once('.').map_or("", |(_, end)| end);
    matches!(
        extension,
        "html" | "xml" | "ics" | "json" | "geojson" | "txt"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::target::Service;

    const ALL: Keeps = Keeps {
        content_type: true,
        cache_control: true,
        content_encoding: true,
    };

    fn cache_control(path: &str, rules: &[HeaderRule]) -> String {
        let digest = Digest::of(b"x");
        let path = OutPath::new(path.replace("DIGEST", &digest.short()));
        headers(&path, &digest, rules, ALL).cache_control.unwrap()
    }

    #[test]
    fn what_bears_its_digest_is_kept_for_good_and_pages_are_asked_for() {
        assert_eq!(cache_control("assets/main.DIGEST.css", &[]), IMMUTABLE);
        assert_eq!(cache_control("search/DIGEST.json", &[]), IMMUTABLE);
        // The name must be that of the content that is there.
        assert_eq!(cache_control("assets/main.0123456789.css", &[]), A_DAY);
        assert_eq!(cache_control("search/index.json", &[]), ASK);
        assert_eq!(cache_control("reports/index.html", &[]), ASK);
        assert_eq!(cache_control("reports/2021/x/1-480.webp", &[]), A_DAY);
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let rule = |pattern: &str, cache: &str| HeaderRule {
            cache_control: Some(cache.to_owned()),
            ..rule(pattern, None)
        };
        let rules = [rule("reports/**/*.webp", "a"), rule("**/*.webp", "b")];
        assert_eq!(cache_control("reports/2021/x/1.webp", &rules), "a");
        assert_eq!(cache_control("stations/1.webp", &rules), "b");
        assert_eq!(cache_control("index.html", &rules), ASK);
    }

    #[test]
    fn what_a_storage_does_not_keep_is_not_asked_of_it() {
        let keeps = Keeps {
            content_type: true,
            cache_control: false,
            content_encoding: false,
        };
        let headers = headers(&OutPath::new("a.html"), &Digest::of(b""), &[], keeps);
        assert_eq!(headers.content_type.unwrap(), "text/html; charset=utf-8");
        assert_eq!(headers.cache_control, None);
    }

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

    fn compresses(path: &str, size: u64, target: &DeployTarget) -> bool {
        is_compressed(&OutPath::new(path), size, target)
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
            assert!(compresses(path, 5000, &target), "{path}");
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
            assert!(!compresses(path, 5000, &target), "{path}");
        }
    }

    #[test]
    fn what_is_tiny_or_huge_is_not_compressed() {
        let target = target(Some(Compression::Gzip), Vec::new());
        let (least, most) = (*COMPRESSED.start(), *COMPRESSED.end());
        for (size, expected) in [
            (0, false),
            (least - 1, false),
            (least, true),
            (most, true),
            (most + 1, false),
        ] {
            assert_eq!(compresses("index.html", size, &target), expected, "{size}");
        }
    }

    #[test]
    fn a_rule_has_the_last_word_but_never_compresses_photos() {
        let rules = vec![
            rule("data/old/**", None),
            rule("data/**", Some(Compression::Gzip)),
            rule("embed/**", Some(Compression::None)),
        ];
        let with = target(Some(Compression::Gzip), rules.clone());
        let without = target(None, rules);
        for (path, one, other) in [
            ("index.html", true, false),
            ("embed/index.html", false, false),
            ("data/a.csv", true, true),
            ("data/a.jpg", false, false),
            // The first rule that fits says nothing of it.
            ("data/old/a.html", true, false),
            ("data/old/a.csv", false, false),
        ] {
            assert_eq!(compresses(path, 5000, &with), one, "{path}");
            assert_eq!(compresses(path, 5000, &without), other, "{path}");
        }
        assert!(with.compresses() && without.compresses());
        assert!(!target(None, Vec::new()).compresses());
        let none = Some(Compression::None);
        assert!(!target(none, vec![rule("**", none)]).compresses());
    }
}
