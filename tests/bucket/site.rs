//! A small site in several versions, and what is to be said of it in a bucket.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use yugang::diag::SourcePath;
use yugang::model::digest::Digest;
use yugang::model::tree::{OutFile, OutPath, OutputTree};

use super::{BUCKET, Server};

/// Content and headers by place.
pub type Objects = BTreeMap<String, (Vec<u8>, String)>;

/// A version of a small site with every class of object. From one to the next, pages come, go and change; each
/// page needs the style sheet of its version and leads to pages of its version. In `b-text` only texts of
/// pages differ from `b`. Some files are large enough to be compressed.
pub fn version(version: &str) -> OutputTree {
    let name = version.split('-').next().unwrap();
    let mut site = OutputTree::new();
    let mut add = |path: &str, content: String| {
        site.insert(
            OutPath::new(path),
            OutFile::Bytes(content.into_bytes().into()),
        );
    };
    let css = format!("body{{--v:{name}}}{}", "a{margin:0}".repeat(200));
    let css_path = format!("assets/main.{}.css", Digest::of(css.as_bytes()).short());
    add(&css_path, css);
    let chunk = format!("[\"{name}\"{}]", ",\"渔港\"".repeat(200));
    let chunk_path = format!("search/{}.json", Digest::of(chunk.as_bytes()).short());
    add(&chunk_path, chunk);
    add(
        "search/index.json",
        format!("{{\"chunk\":\"/{chunk_path}\"}}"),
    );
    let own = format!("reports/only-{name}/");
    let pages = ["", "about/", "reports/", "reports/same/", own.as_str()];
    let links: String = pages
        .iter()
        .map(|page| format!("<a href=\"/{page}\">"))
        .collect();
    let links = format!("{links}<a href=\"/{own}atom.xml\">");
    for page in pages {
        // One page is the same in every version but for what it needs; it has no links.
        let (links, text) = match page {
            "reports/same/" => ("", "same"),
            _ => (links.as_str(), version),
        };
        // One page stays below what is compressed.
        let text = match page {
            "about/" => text.to_owned(),
            _ => format!("{text}{}", "<p>渔港".repeat(200)),
        };
        add(
            &format!("{page}index.html"),
            format!(
                "<link href=\"/{css_path}\"><img src=\"/photo-{name}.jpg\"><img src=\"/photo.jpg\">{links}{text}"
            ),
        );
    }
    // As the feed of a new organization, to which its page leads.
    add(&format!("{own}atom.xml"), format!("<a href=\"/{own}\">"));
    add("photo.jpg", format!("photo {name}"));
    add(&format!("photo-{name}.jpg"), format!("only in {name}"));
    add(
        "feed.xml",
        format!("<a href=\"/{own}\">{}", "<p>渔港".repeat(200)),
    );
    add("sitemap.xml", format!("<a href=\"/{own}\">"));
    site
}

/// The finished site in a folder: what is text as a page is, what is not as an attachment is.
pub fn site_in(folder: &Path) -> OutputTree {
    let walk = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap);
    let files = walk.filter(|entry| entry.file_type().is_file());
    let files = files.map(|entry| {
        let path = entry.path().strip_prefix(folder).unwrap();
        let path = path.to_str().unwrap().replace('\\', "/");
        let bytes = fs::read(entry.path()).unwrap();
        let is_attachment = path.ends_with(".jpg") || path.ends_with(".webp");
        let file = match is_attachment {
            true => OutFile::Copy {
                source: SourcePath::new(path.as_str()),
                size: bytes.len() as u64,
                digest: Digest::of(&bytes),
            },
            false => OutFile::Bytes(bytes.into()),
        };
        (OutPath::new(path), file)
    });
    files.collect()
}

/// Whether an object is compressed, by its headers as the server writes them.
pub fn is_compressed(headers: &str) -> bool {
    let headers: serde_json::Value = serde_json::from_str(headers).unwrap_or_default();
    headers["content_encoding"] == "gzip"
}

/// What a browser makes of an object.
pub fn shown((content, headers): &(Vec<u8>, String)) -> Vec<u8> {
    if !is_compressed(headers) {
        return content.clone();
    }
    let mut shown = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(&content[..]);
    decoder.read_to_end(&mut shown).unwrap();
    shown
}

fn text(object: &(Vec<u8>, String)) -> String {
    String::from_utf8_lossy(&shown(object)).into_owned()
}

/// What the public sees, without files that bear their digest and are of no page any more.
pub fn site_of(server: &Server) -> Objects {
    let mut site = server.objects(BUCKET, "");
    let all: String = site
        .iter()
        .filter(|(path, _)| !path.starts_with(".yugang/"))
        .map(|(_, object)| text(object))
        .collect();
    site.retain(|path, _| {
        let is_asset = path.starts_with("assets/")
            || path.starts_with("search/") && !path.ends_with("index.json");
        !path.starts_with(".yugang/") && (!is_asset || all.contains(path.as_str()))
    });
    site
}

/// Follows every link from every entrance, and names what is not there.
pub fn dead_links(server: &Server) -> Vec<String> {
    let site = server.objects(BUCKET, "");
    let mut to_visit = vec![
        String::from("index.html"),
        "feed.xml".into(),
        "sitemap.xml".into(),
        "search/index.json".into(),
    ];
    // Before the first release there is nothing to visit.
    to_visit.retain(|path| site.contains_key(path));
    let mut visited = BTreeSet::new();
    let mut dead = Vec::new();
    while let Some(path) = to_visit.pop() {
        if !visited.insert(path.clone()) {
            continue;
        }
        let Some(object) = site.get(&path) else {
            dead.push(path);
            continue;
        };
        let text = text(object);
        for (at, _) in text.match_indices("\"/") {
            let link = text[at + 2..].split('"').next().unwrap();
            let is_page = link.is_empty() || link.ends_with('/');
            to_visit.push(if is_page {
                format!("{link}index.html")
            } else {
                link.to_owned()
            });
        }
    }
    dead
}

/// Asserts that two sites are the same, and names what is not.
pub fn assert_same(found: &Objects, wanted: &Objects, context: &str) {
    let places: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
    let said = |object: Option<&(Vec<u8>, String)>| {
        object.map(|object| {
            let (content, headers) = object;
            (text(object), Digest::of(content), headers.clone())
        })
    };
    for place in places {
        assert_eq!(
            said(found.get(place)),
            said(wanted.get(place)),
            "{context}: {place}"
        );
    }
}
