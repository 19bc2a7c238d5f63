//! The script that the preview adds to HTML pages, and what it is told about the page.
//!
//! A page's *version* changes when the page has to be loaded again; the style sheets that it names
//! are kept apart, since they can be exchanged in the open page.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Shown, problems};
use crate::diag::SourcePath;
use crate::model::digest::Digest;
use crate::model::html::{AssetFact, AssetText, Piece};
use crate::model::tree::{OutFile, PageFile};

/// What tells one state of a page from another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Sixteen hexadecimal digits: another page, or other assets that are not style sheets.
    pub version: String,
    /// The URLs of its style sheets, by their path below the theme's `assets/`.
    pub styles: BTreeMap<String, String>,
}

/// The identity of a page.
pub fn identity(file: &OutFile) -> Identity {
    match file {
        OutFile::Page(page) => of_page(page),
        OutFile::Bytes(bytes) => Identity {
            version: digits(&Digest::of(bytes)),
            ..Identity::default()
        },
        OutFile::Copy { digest, .. } | OutFile::Kept { digest, .. } => Identity {
            version: digits(digest),
            ..Identity::default()
        },
        OutFile::Image(image) => Identity {
            version: digits(&image.key()),
            ..Identity::default()
        },
    }
}

fn of_page(page: &PageFile) -> Identity {
    let mut rest = Vec::new();
    let mut scripts = Vec::new();
    let mut styles = BTreeMap::new();
    page.html.pieces(&mut |piece| match piece {
        Piece::Text(text) => rest.extend_from_slice(text),
        Piece::Asset(AssetText { asset, fact, text }) => {
            rest.push(0);
            match fact {
                // A style sheet is exchanged together with its integrity.
                AssetFact::Url if asset.ends_with(".css") => {
                    styles.insert(asset.to_string(), text.to_string());
                }
                AssetFact::Url => scripts.push(Arc::clone(text)),
                AssetFact::Integrity => {}
            }
        }
    });
    for url in scripts {
        rest.push(0);
        rest.extend_from_slice(url.as_bytes());
    }
    Identity {
        version: digits(&Digest::of(&rest)),
        styles,
    }
}

/// The first sixteen hexadecimal digits.
pub(super) fn digits(digest: &Digest) -> String {
    let mut hex = digest.to_string();
    hex.truncate(16);
    hex
}

/// The element that loads the preview's script into the page at `path` (decoded).
pub(super) fn script(
    shown: &Shown,
    path: &str,
    identity: &Identity,
    source: Option<&SourcePath>,
) -> String {
    let styles = serde_json::to_string(&identity.styles).unwrap_or_default();
    let mut attributes = vec![
        ("data-page", identity.version.clone()),
        ("data-path", path.to_owned()),
    ];
    if let Some(source) = source {
        attributes.push(("data-source", source.to_string()));
        let file = problems::absolute(&shown.root, source.as_str());
        attributes.push(("data-file", file));
    }
    attributes.push(("data-styles", styles));
    let mut element = String::from("<script src=\"/_yugang/client.js\" defer");
    for (name, value) in attributes {
        element.push_str(&format!(" {name}=\"{}\"", escaped(&value)));
    }
    element.push_str("></script>");
    element
}

/// The value of an attribute in ASCII, so that it holds in a page of any encoding.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        let is_plain = matches!(character, ' '..='~') && !"&<>\"'`".contains(character);
        if is_plain {
            escaped.push(character);
        } else {
            escaped.push_str(&format!("&#x{:X};", u32::from(character)));
        }
    }
    escaped
}

/// The page with `script` before its last `</body>`, or at its end.
pub fn inject(html: &[u8], script: &str) -> Vec<u8> {
    const END: &[u8] = b"</body>";
    let end = html
        .windows(END.len())
        .rposition(|window| window.eq_ignore_ascii_case(END))
        .unwrap_or(html.len());
    [&html[..end], script.as_bytes(), &html[end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preview::tests::{page, shown};

    #[test]
    fn the_script_stands_before_the_last_end_of_the_body() {
        let injected = |html: &str| String::from_utf8(inject(html.as_bytes(), "!")).unwrap();
        assert_eq!(injected("<body></BODY></html>"), "<body>!</BODY></html>");
        assert_eq!(injected("</body></body>"), "</body>!</body>");
        assert_eq!(injected("<p>"), "<p>!");
        assert_eq!(injected(""), "!");
    }

    #[test]
    fn a_changed_style_sheet_is_the_same_version_and_a_changed_script_is_not() {
        let of =
            |html: &str, urls: [&str; 2]| identity(&OutFile::Page(page(html, &urls, None).into()));
        let css = "/qt/assets/css/main.0123456789.css";
        let first = of("<a>", [css, "/qt/assets/a.0000000000.js"]);
        let restyled = of(
            "<a>",
            [
                "/qt/assets/css/main.9999999999.css",
                "/qt/assets/a.0000000000.js",
            ],
        );
        let rescripted = of("<a>", [css, "/qt/assets/a.1111111111.js"]);
        assert_eq!(first.version.len(), 16);
        assert_eq!(first.version, restyled.version);
        assert_ne!(first.version, rescripted.version);
        assert_ne!(
            first.version,
            of("<b>", [css, "/qt/assets/a.0000000000.js"]).version
        );
        assert_eq!(first.styles["css/main.css"], css);
        assert_eq!(restyled.styles.len(), 1);
    }

    #[test]
    fn attributes_are_ascii_and_cannot_be_left() {
        let shown = shown("/", &[]);
        let source = SourcePath::new("content/清\"洁.md");
        let element = script(&shown, "/<&'\">日/", &Identity::default(), Some(&source));
        assert!(element.is_ascii());
        assert!(
            element
                .contains("data-page=\"\" data-path=\"/&#x3C;&#x26;&#x27;&#x22;&#x3E;&#x65E5;/\"")
        );
        assert!(element.contains("data-source=\"content/&#x6E05;&#x22;&#x6D01;.md\""));
        assert!(element.ends_with(" data-styles=\"{}\"></script>"));
    }
}
