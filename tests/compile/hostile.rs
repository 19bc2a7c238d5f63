//! Input that is huge or explodes is built or refused, with few words.
//!
//! Nothing here measures time. The sizes are such that work that grows with their square would
//! not end while anybody waits.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test reads the theme of this repository"
)]

mod folder;

use std::path::Path;

use folder::contents;
use yugang::compile::{Memo, Options, compile};
use yugang::diag::{Checked, Code, Diagnostic, SourcePath};
use yugang::model::date::Moment;
use yugang::model::digest::Digest;
use yugang::model::picture::{Format, Looks};
use yugang::model::snapshot::{InputFile, Media, Snapshot};
use yugang::model::tree::OutputTree;
use yugang::model::value::MOST_PER_FILE;

const MANY: usize = 60_000;

fn build(files: &[(&str, String)]) -> Checked<OutputTree> {
    let mut snapshot = Snapshot::default();
    let mut put = |path: String, bytes: Vec<u8>| {
        let file = if path.ends_with(".jpg") {
            // A damaged photo.
            InputFile::Media(Media {
                size: bytes.len() as u64,
                digest: Digest::of(&bytes),
                dimensions: None,
                orientation: None,
                looks: Some(Looks::plain(Format::Jpeg)),
            })
        } else {
            InputFile::of_bytes(bytes)
        };
        snapshot.files.insert(SourcePath::new(path), file);
    };
    let themes = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes");
    for (path, bytes) in contents(&themes) {
        put(format!("themes/{path}"), bytes);
    }
    let site = "title: 站\nbase_url: https://example.org/\nowner: 街道\n";
    put("site.yaml".into(), site.into());
    for (path, text) in files {
        put((*path).to_owned(), text.clone().into_bytes());
    }
    let options = Options {
        as_of: Moment::parse("2021-05-20").unwrap().start(),
        drafts: false,
        base_url: None,
        links: None,
    };
    compile(&snapshot, &options, &mut Memo::default())
}

/// The diagnostics of a site of one file.
fn said(path: &str, text: String) -> Vec<Diagnostic> {
    build(&[(path, text)]).diagnostics
}

fn many(line: impl Fn(usize) -> String) -> String {
    (0..MANY).map(line).collect()
}

/// Asserts that a site of one file has so many problems that they are only counted.
fn too_many(path: &str, text: String, code: Code) {
    let diagnostics = said(path, text);
    let of_code = diagnostics
        .iter()
        .filter(|found| found.code == code)
        .count();
    assert_eq!(of_code, MOST_PER_FILE);
    assert_eq!(diagnostics.len(), MOST_PER_FILE + 1);
    assert!(diagnostics.iter().any(|found| found.code == Code::TooMany));
}

fn page(keys: &str, body: &str) -> String {
    format!("---\ntitle: 甲\n{keys}---\n{body}")
}

#[test]
fn many_unknown_keys() {
    let keys = many(|n| format!("key{n}: 1\n"));
    too_many("content/pages/a.md", page(&keys, ""), Code::UnknownKey);
}

#[test]
fn one_key_written_very_often() {
    let keys = many(|_| "summary: 摘要\n".into());
    too_many("content/pages/a.md", page(&keys, ""), Code::DuplicateKey);
}

#[test]
fn a_list_of_many_wrong_ids() {
    let ids = many(|n| format!("  - id{n}\n"));
    let keys = format!("date: 2021-04-01\norganizations:\n{ids}");
    too_many(
        "content/reports/a.md",
        page(&keys, ""),
        Code::UnknownReference,
    );
}

#[test]
fn a_list_of_many_numbers_where_text_is_expected() {
    let keywords = many(|n| format!("  - {n}.10\n"));
    let compiled = build(&[(
        "content/pages/a.md",
        page(&format!("keywords:\n{keywords}"), ""),
    )]);
    assert_eq!(compiled.diagnostics, []);
}

#[test]
fn many_samples_of_keys_that_do_not_exist() {
    let keys = many(|n| format!("  - hours{n}\n"));
    too_many(
        "content/pages/a.md",
        page(&format!("sample:\n{keys}"), ""),
        Code::UnknownKey,
    );
}

#[test]
fn a_vocabulary_of_many_mistakes() {
    let terms = many(|n| format!("  - {{id: a{n}}}\n"));
    too_many(
        "content/vocabulary.yaml",
        format!("topics:\n{terms}"),
        Code::MissingKey,
    );
}

#[test]
fn synonyms_of_many_mistakes() {
    let groups = many(|n| format!("  - [词{n}]\n"));
    too_many(
        "content/vocabulary.yaml",
        format!("synonyms:\n{groups}"),
        Code::InvalidValue,
    );
    let words = many(|_| String::from("  - [词, 词]\n"));
    too_many(
        "content/vocabulary.yaml",
        format!("synonyms:\n{words}"),
        Code::DuplicateValue,
    );
}

#[test]
fn many_posts_and_holders() {
    let posts: String = (0..20_000)
        .map(|n| format!("  - {{title: 职{n}, seats: 1}}\n"))
        .collect();
    let roster: String = (0..20_000)
        .map(|n| format!("  - {{post: 位{n}, name: 甲}}\n"))
        .collect();
    let keys = format!("kind: other\nestablishment:\n{posts}roster:\n{roster}");
    let diagnostics = said("content/organizations/a.md", page(&keys, ""));
    assert_eq!(diagnostics.len(), MOST_PER_FILE + 1);
}

#[test]
fn many_broken_links_and_fragments() {
    let links = many(|n| format!("[a](x{n}.md)\n"));
    too_many(
        "content/pages/a.md",
        page("", &links),
        Code::UnknownReference,
    );
    let fragments = many(|n| format!("[a](#x{n})\n"));
    too_many(
        "content/pages/a.md",
        page("", &fragments),
        Code::MissingFragment,
    );
    let images = many(|n| format!("![a](x{n}.jpg)\n"));
    too_many("content/pages/a.md", page("", &images), Code::MissingFile);
}

#[test]
fn more_warnings_than_are_told_do_not_stop_publishing() {
    let html = many(|_| "<blink>a</blink>\n\n".into());
    let compiled = build(&[("content/pages/a.md", page("", &html))]);
    assert!(!compiled.has_errors());
    assert_eq!(compiled.diagnostics.len(), MOST_PER_FILE + 1);
}

#[test]
fn more_warnings_than_are_told_hide_no_error() {
    let photos = "![a](1.jpg)\n\n".repeat(MOST_PER_FILE + 50);
    let body = format!("{photos}![a](not-there.jpg)\n");
    let compiled = build(&[
        ("content/pages/1.jpg", String::from("x")),
        ("content/pages/a.md", page("", &body)),
    ]);
    assert!(compiled.has_errors(), "{:#?}", compiled.diagnostics);
}

#[test]
fn headings_footnotes_and_unclosed_tags() {
    let bodies = [
        many(|_| "# 一样的标题\n".into()),
        many(|n| format!("[^{n}]: 注\n\n[^{n}] ")),
        many(|_| "<b>".into()),
        many(|_| "- ".into()),
        "[".repeat(MANY),
        "*a_".repeat(MANY),
        "**重点。**后面".repeat(MANY / 4),
        format!("|{}\n|{}\n", "a|".repeat(MANY / 4), "-|".repeat(MANY / 4)),
        "长".repeat(MANY),
    ];
    for body in bodies {
        let diagnostics = said("content/pages/a.md", page("", &body));
        assert!(
            diagnostics.len() <= MOST_PER_FILE + 1,
            "{}",
            diagnostics.len()
        );
    }
}

#[test]
fn full_width_colons_on_every_line() {
    let keys = many(|n| format!("键{n}：值\n"));
    let diagnostics = said("content/pages/a.md", page(&keys, ""));
    // Those of the colons, and of the keys that nobody knows.
    assert_eq!(diagnostics.len(), 2 * MOST_PER_FILE + 1);
}

#[test]
fn many_entries_with_a_wrong_reference_each() {
    let entries: Vec<(String, String)> = (0..3_000)
        .map(|n| {
            let body = format!("[另一篇](报道{n}的续篇.md)\n");
            (
                format!("content/reports/报道{n}.md"),
                page("date: 2021-04-01\n", &body),
            )
        })
        .collect();
    let files: Vec<_> = entries
        .iter()
        .map(|(path, text)| (path.as_str(), text.clone()))
        .collect();
    assert_eq!(build(&files).diagnostics.len(), entries.len());
}

#[test]
fn many_entries_for_one_url() {
    let entries: Vec<(String, String)> = (0..3_000)
        .map(|n| (format!("content/pages/p{n}.md"), page("slug: same\n", "")))
        .collect();
    let files: Vec<_> = entries
        .iter()
        .map(|(path, text)| (path.as_str(), text.clone()))
        .collect();
    assert_eq!(build(&files).diagnostics.len(), 1);
}

#[test]
fn a_long_chain_and_a_long_circle_of_organizations() {
    for end in ["parent: o0\n", ""] {
        let entries: Vec<(String, String)> = (0..5_000)
            .map(|n| {
                let parent = format!("parent: o{}\n", n + 1);
                let parent = if n == 4_999 { end } else { &parent };
                let keys = format!("kind: other\n{parent}");
                (format!("content/organizations/o{n}.md"), page(&keys, ""))
            })
            .collect();
        let files: Vec<_> = entries
            .iter()
            .map(|(path, text)| (path.as_str(), text.clone()))
            .collect();
        assert_eq!(build(&files).diagnostics.len(), 1);
    }
}

#[test]
fn aliases_that_expand_and_brackets_without_end() {
    let flat = format!(
        "extra:\n  a: &a [{}]\n  b: [{}]\n",
        "x, ".repeat(50_000),
        "*a, ".repeat(30_000)
    );
    let long = format!(
        "extra: {{a: &a \"{}\"}}\nkeywords: [{}]\n",
        "长".repeat(200_000),
        "*a, ".repeat(20_000)
    );
    for keys in [flat, long, format!("extra: {}\n", "[".repeat(400_000))] {
        assert_eq!(said("content/pages/a.md", page(&keys, "")).len(), 1);
    }
}

#[test]
fn titles_and_ids_too_long_to_be_compared() {
    let long = |word: &str| word.repeat(100_000);
    let organization = format!("---\ntitle: {}\nkind: other\n---\n", long("长"));
    let report = page(
        &format!("date: 2021-04-01\norganizations: {}\n", long("短")),
        "",
    );
    let compiled = build(&[
        ("content/organizations/a.md", organization),
        ("content/reports/b.md", report),
    ]);
    assert_eq!(compiled.diagnostics.len(), 1);
    assert!(compiled.diagnostics[0].message.zh.chars().count() < 1_000);
}

#[test]
fn many_former_urls_that_clash_or_cannot_be() {
    let aliases = many(|_| "  - /old/\n".into());
    let keys = format!("aliases:\n{aliases}");
    assert_eq!(said("content/pages/a.md", page(&keys, "")).len(), 1);
    let aliases = many(|n| format!("  - /a?{n}\n"));
    let keys = format!("aliases:\n{aliases}");
    too_many("content/pages/a.md", page(&keys, ""), Code::InvalidValue);
}

#[test]
fn many_terms_with_one_mistake_each() {
    let terms = many(|n| format!("  - {{id: a{n}, title: 甲, aliases: /x/}}\n"));
    let diagnostics = said("content/vocabulary.yaml", format!("topics:\n{terms}"));
    assert_eq!(diagnostics.len(), 1);
}

#[test]
fn a_report_of_many_topics() {
    let terms: String = (0..30_000)
        .map(|n| format!("  - {{id: a{n}, title: 甲}}\n"))
        .collect();
    let ids: String = (0..30_000).map(|n| format!("  - a{n}\n")).collect();
    let compiled = build(&[
        ("content/vocabulary.yaml", format!("topics:\n{terms}")),
        (
            "content/reports/a.md",
            page(&format!("date: 2021-04-01\ntopics:\n{ids}"), ""),
        ),
    ]);
    assert_eq!(compiled.diagnostics, []);
}

/// The files of the search index, and how many bytes they have.
fn index(tree: &OutputTree) -> (usize, usize) {
    let files = tree
        .iter()
        .filter(|(path, _)| path.as_str().starts_with("search/"));
    let sizes: Vec<usize> = files
        .filter_map(|(_, file)| Some(file.bytes()?.len()))
        .collect();
    (sizes.len(), sizes.iter().sum())
}

#[test]
fn the_index_of_a_page_of_two_megabytes_is_no_larger_than_its_text() {
    // Of each two characters another bigram: nothing repeats that an index could share.
    let characters = (0..690_000_u32).map(|n| n.wrapping_mul(2_654_435_761) >> 17);
    let mut text: String = characters
        .filter_map(|n| char::from_u32(0x4e00 + n % 20_000))
        .collect();
    for at in (0..text.len()).step_by(3_000).rev() {
        text.insert_str(at, "\n\n");
    }
    let body = page("", &text);
    assert!(body.len() > 2_000_000);
    let size = body.len();
    let compiled = build(&[("content/pages/a.md", body)]);
    assert_eq!(compiled.diagnostics, []);
    let (files, bytes) = index(&compiled.value);
    assert!(
        files < 1_000 && bytes < size,
        "{files} files, {bytes} bytes"
    );
}

#[test]
fn the_index_of_many_short_entries_has_few_files() {
    // Fewer than the 50 000 for which an unoptimised build takes minutes.
    let terms = (0..10_000).map(|n| format!("  - {{id: a{n}, title: 词{n}}}\n"));
    let vocabulary = format!("topics:\n{}", terms.collect::<String>());
    let compiled = build(&[("content/vocabulary.yaml", vocabulary)]);
    assert_eq!(compiled.diagnostics, []);
    let (files, bytes) = index(&compiled.value);
    assert!(files < 1_000, "{files} files");
    assert!(bytes < 2_000_000, "{bytes} bytes");
}
