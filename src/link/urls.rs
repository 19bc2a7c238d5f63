//! URLs: how they are made from ids, how they are written, where their files lie.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use url::Url;

use crate::diag::{Code, Problem, text};
use crate::model::Kind;
use crate::model::config::{Links, SiteConfig};
use crate::model::names;
use crate::model::tree::OutPath;

/// The path of a page below the site's root: without a leading `/`, with a final one (empty for
/// the home page); NFC-normalised, not percent-encoded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPath(String);

impl UrlPath {
    /// The home page.
    pub fn home() -> Self {
        UrlPath(String::new())
    }

    /// The page one segment (or several, separated by `/`) below this one.
    pub fn join(&self, below: &str) -> Self {
        UrlPath(format!("{}{below}/", self.0))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the page's file lies.
    pub fn index(&self) -> OutPath {
        OutPath::new(format!("{}index.html", self.0))
    }

    /// Where a file beside the page lies.
    pub fn file(&self, name: &str) -> OutPath {
        OutPath::new(format!("{}{name}", self.0))
    }

    /// The page of a kind's collection.
    pub fn collection(kind: Kind) -> Self {
        match kind.url_segment() {
            "" => UrlPath::home(),
            segment => UrlPath::home().join(segment),
        }
    }
}

/// How the site's pages are addressed.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// Scheme and host without a final `/`, such as `https://www.example.gov.cn`.
    origin: String,
    /// The path under which the site is served, with `/` at both ends.
    base: String,
    links: Links,
}

impl Addresses {
    /// Those of a site served at `base_url`, which may lack its final `/`.
    ///
    /// The host is written in ASCII (RFC 3490); an address that is none stands for `localhost`,
    /// since somebody else reports it.
    pub fn new(base_url: &str, links: Links) -> Self {
        let url = Url::parse(base_url).ok();
        let path = url.as_ref().map_or("", Url::path);
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let path: String = path.trim_matches('/').nfc().collect();
        let base = if path.is_empty() {
            String::from("/")
        } else {
            format!("/{path}/")
        };
        Addresses {
            origin: url.map_or("http://localhost".into(), |url| {
                url.origin().ascii_serialization()
            }),
            base,
            links,
        }
    }

    /// Those that `site.yaml` asks for.
    pub fn of(config: &SiteConfig) -> Self {
        Addresses::new(&config.base_url, config.links.unwrap_or(Links::Directory))
    }

    /// The host name, with a port where there is one.
    pub fn host(&self) -> &str {
        let host = self.origin.split_once("://");
        host.map_or("", |(_, host)| host)
    }

    /// The path under which the site is served, with `/` at both ends.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The link to a page: path-absolute, Han characters as they are.
    pub fn page(&self, path: &UrlPath) -> String {
        let end = if self.links == Links::IndexHtml {
            "index.html"
        } else {
            ""
        };
        format!("{}{}{end}", self.base, path.as_str())
    }

    /// The link to a file.
    pub fn file(&self, path: &OutPath) -> String {
        encode_ascii(&format!("{}{path}", self.base))
    }

    /// The full address of a page, percent-encoded (RFC 3986).
    pub fn absolute_page(&self, path: &UrlPath) -> String {
        format!(
            "{}{}",
            self.origin,
            utf8_percent_encode(&self.page(path), RESERVED)
        )
    }

    /// The full address of a page that has this link, percent-encoded (RFC 3986).
    pub fn absolute(&self, link: &str) -> String {
        format!("{}{}", self.origin, utf8_percent_encode(link, RESERVED))
    }

    /// The full address of a file, percent-encoded (RFC 3986).
    pub fn absolute_file(&self, path: &OutPath) -> String {
        format!(
            "{}{}",
            self.origin,
            utf8_percent_encode(&format!("{}{path}", self.base), RESERVED)
        )
    }

    /// What follows the base path in a path-absolute link written by an officer, who may or may
    /// not have included the base path.
    pub fn strip_base<'a>(&self, link: &'a str) -> &'a str {
        link.strip_prefix(self.base.as_str())
            .unwrap_or_else(|| link.trim_start_matches('/'))
    }
}

/// ASCII characters that a path in a URL must not contain as they are.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|')
    .add(b'[')
    .add(b']');

/// Percent-encodes a path for a link in a page, where Han characters may stand.
fn encode_ascii(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for character in path.chars() {
        if character.is_ascii() {
            encoded.extend(utf8_percent_encode(
                character.encode_utf8(&mut [0; 4]),
                RESERVED,
            ));
        } else {
            encoded.push(character);
        }
    }
    encoded
}

/// The path of an entry; `id` and `slug` are checked for characters that not every system or
/// browser takes.
///
/// # Errors
/// One problem, naming the characters and suggesting another name.
pub fn entry_path(kind: Kind, id: &str, slug: Option<&str>) -> Result<UrlPath, Problem> {
    let (parents, name) = match id.rsplit_once('/') {
        Some((parents, name)) => (Some(parents), name),
        None => (None, id),
    };
    let mut path = UrlPath::collection(kind);
    for segment in parents.into_iter().flat_map(|parents| parents.split('/')) {
        path = path.join(&self::segment(segment)?);
    }
    Ok(path.join(&self::segment(slug.unwrap_or(name))?))
}

/// One URL segment: NFC, spaces as `-`.
fn segment(written: &str) -> Result<String, Problem> {
    let spaced = written.trim();
    let is_composed = is_nfc_quick(spaced.chars()) == IsNormalized::Yes;
    let dashed = |c: char| if c.is_whitespace() { '-' } else { c };
    let segment: String = match is_composed {
        true => spaced.chars().map(dashed).collect(),
        false => spaced.nfc().map(dashed).collect(),
    };
    if let Some(problem) = names::problem(&segment) {
        return Err(problem);
    }
    if !is_fit(&segment) {
        let better = better(&segment);
        let message = text!(
            "`{segment}` 不便用作网址：含有 `#`、`%` 之类的符号，或以点开头",
            "`{segment}` cannot be part of a URL: it has characters such as `#` or `%`, or starts with a dot"
        );
        let hint = text!("改名为 `{better}`", "call it `{better}`");
        return Err(Problem::error(Code::InvalidName, message).hint(hint));
    }
    Ok(segment)
}

fn is_unfit(c: char) -> bool {
    "#%&;+'`{}[]^~$!=,@/".contains(c)
}

/// Whether a segment has nothing that means something in URLs or templates.
fn is_fit(segment: &str) -> bool {
    !segment.is_empty() && !segment.starts_with('.') && !segment.chars().any(is_unfit)
}

/// A segment like one that is not fit, and fit.
fn better(segment: &str) -> String {
    let fit = segment.chars();
    let fit: String = fit.map(|c| if is_unfit(c) { '-' } else { c }).collect();
    match fit.trim_matches(['-', '.']) {
        "" => String::from("wenzhang"),
        trimmed => trimmed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_work_under_a_sub_path_and_as_files() {
        let path = entry_path(Kind::Report, "2021/清洁 日", None).unwrap();
        assert_eq!(path.as_str(), "reports/2021/清洁-日/");
        let under = Addresses::new("https://www.example.gov.cn/qt", Links::Directory);
        assert_eq!(under.page(&path), "/qt/reports/2021/清洁-日/");
        assert_eq!(
            under.absolute_page(&UrlPath::home().join("日")),
            "https://www.example.gov.cn/qt/%E6%97%A5/"
        );
        let chinese = Addresses::new("https://例子.中国/群团/", Links::Directory);
        assert_eq!(chinese.page(&UrlPath::home()), "/群团/");
        assert_eq!(
            chinese.absolute_page(&UrlPath::home()),
            "https://xn--fsqu00a.xn--fiqs8s/%E7%BE%A4%E5%9B%A2/"
        );
        let files = Addresses::new("https://example.org", Links::IndexHtml);
        assert_eq!(files.page(&UrlPath::home()), "/index.html");
    }

    #[test]
    fn names_that_do_not_travel_are_refused_with_a_better_one() {
        for (name, better) in [
            ("a?b", "a-b"),
            ("con", "con-1"),
            ("end.", "end"),
            ("a#1", "a-1"),
        ] {
            let problem = entry_path(Kind::Report, name, None).unwrap_err();
            assert_eq!(problem.code, Code::InvalidName);
            assert!(problem.hints[0].zh.contains(better), "{name}: {problem:?}");
        }
        assert!(entry_path(Kind::Report, &"长".repeat(100), None).is_err());
    }

    #[test]
    fn a_slug_replaces_the_last_segment_only() {
        let path = entry_path(Kind::Report, "2021/a", Some("b")).unwrap();
        assert_eq!(path.as_str(), "reports/2021/b/");
    }
}
