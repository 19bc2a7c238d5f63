//! The headers with which a file is stored.

use serde::{Deserialize, Serialize};

use super::encoding::Encoding;
use crate::model::digest::Digest;
use crate::model::media_type::media_type;
use crate::model::target::HeaderRule;
use crate::model::tree::OutPath;

/// How long what is named by its content may be kept: for good.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// Photos and attachments keep their names when they change, which is seldom.
const A_DAY: &str = "public, max-age=86400";

/// Whoever has a page asks each time whether it is still the same.
const ASK: &str = "no-cache";

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

impl Headers {
    /// How the content is encoded; `None` where it is as it is, or in a way that this program does not know.
    pub fn encoding(&self) -> Option<Encoding> {
        self.content_encoding.as_deref().and_then(Encoding::named)
    }
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
/// file it is; without those that the storage does not keep. How it is encoded depends on more than that:
/// [`encoding`](super::encoding::encoding) tells.
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

/// The first rule that fits a file.
pub(super) fn rule_for<'a>(path: &OutPath, rules: &'a [HeaderRule]) -> Option<&'a HeaderRule> {
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
            pattern: pattern.to_owned(),
            cache_control: Some(cache.to_owned()),
            content_type: None,
            compress: None,
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
}
