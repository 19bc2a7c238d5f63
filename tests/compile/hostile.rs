//! Input that is huge or explodes is built or refused, with few words.
//!
//! Nothing here measures time. The sizes are such that work that grows with their square would
//! not end while anybody waits.

use crate::folder::{options, themes};
use yugang::compile::{Memo, compile};
use yugang::diag::{Checked, Code, Diagnostic, SourcePath};
use yugang::model::digest::Digest;
use yugang::model::picture::{Format, Looks};
use yugang::model::snapshot::{InputFile, Media, Snapshot};
use yugang::model::tree::OutputTree;
use yugang::model::value::MOST_PER_FILE;

const MANY: usize = 60_000;

fn build<P: Into<String>>(files: impl IntoIterator<Item = (P, String)>) -> Checked<OutputTree> {
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
    for (path, bytes) in themes() {
        put(path, bytes);
    }
    let site = "title: 站\nbase_url: https://example.org/\nowner: 街道\n";
    put("site.yaml".into(), site.into());
    for (path, text) in files {
        put(path.into(), text.into_bytes());
    }
    compile(&snapshot, &options(), &mut Memo::default())
}

/// The diagnostics of a site of one file.
fn said(path: &str, text: String) -> Vec<Diagnostic> {
    build([(path, text)]).diagnostics
}

fn many(line: impl Fn(usize) -> String) -> String {
    (0..MANY).map(line).collect()
}

fn page(keys: &str, body: &str) -> String {
    format!("---\ntitle: 甲\n{keys}---\n{body}")
}

#[test]
fn of_too_many_problems_the_rest_is_counted() {
    let entry = "content/pages/a.md";
    let report = "content/reports/a.md";
    let terms = "content/vocabulary.yaml";
    let numbered = |line: &str| many(|n| line.replace('%', &n.to_string()));
    let list = |key: &str, item: &str| format!("{key}:\n{}", numbered(&format!("  - {item}\n")));
    let keys = |keys: String| page(&keys, "");
    let body = |line: &str| page("", &numbered(line));
    let organizations = format!("date: 2021-04-01\n{}", list("organizations", "id%"));
    for (path, text, code) in [
        (entry, keys(numbered("key%: 1\n")), Code::UnknownKey),
        (entry, keys(numbered("summary: 摘要\n")), Code::DuplicateKey),
        (entry, keys(list("sample", "hours%")), Code::UnknownKey),
        (entry, keys(list("aliases", "/a?%")), Code::InvalidValue),
        (entry, body("[a](x%.md)\n"), Code::UnknownReference),
        (entry, body("[a](#x%)\n"), Code::MissingFragment),
        (entry, body("![a](x%.jpg)\n"), Code::MissingFile),
        (report, keys(organizations), Code::UnknownReference),
        (terms, list("topics", "{id: a%}"), Code::MissingKey),
        (terms, list("synonyms", "[词%]"), Code::InvalidValue),
        (terms, list("synonyms", "[词, 词]"), Code::DuplicateValue),
    ] {
        let diagnostics = said(path, text);
        let of_code = diagnostics.iter().filter(|found| found.code == code);
        assert_eq!(of_code.count(), MOST_PER_FILE, "{code:?} in {path}");
        assert_eq!(diagnostics.len(), MOST_PER_FILE + 1);
        assert!(diagnostics.iter().any(|found| found.code == Code::TooMany));
    }
}

#[test]
fn one_mistake_made_often_is_one_problem() {
    let keys = format!("aliases:\n{}", "  - /old/\n".repeat(MANY));
    assert_eq!(said("content/pages/a.md", page(&keys, "")).len(), 1);
    let terms = many(|n| format!("  - {{id: a{n}, title: 甲, aliases: /x/}}\n"));
    let diagnostics = said("content/vocabulary.yaml", format!("topics:\n{terms}"));
    assert_eq!(diagnostics.len(), 1);
}

#[test]
fn a_list_of_many_numbers_where_text_is_expected() {
    let keywords = many(|n| format!("  - {n}.10\n"));
    let compiled = build([(
        "content/pages/a.md",
        page(&format!("keywords:\n{keywords}"), ""),
    )]);
    assert_eq!(compiled.diagnostics, []);
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
fn more_warnings_than_are_told_do_not_stop_publishing() {
    let html = many(|_| "<blink>a</blink>\n\n".into());
    let compiled = build([("content/pages/a.md", page("", &html))]);
    assert!(!compiled.has_errors());
    assert_eq!(compiled.diagnostics.len(), MOST_PER_FILE + 1);
}

#[test]
fn more_warnings_than_are_told_hide_no_error() {
    let photos = "![a](1.jpg)\n\n".repeat(MOST_PER_FILE + 50);
    let body = format!("{photos}![a](not-there.jpg)\n");
    let compiled = build([
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
    let entries = (0..3_000).map(|n| {
        let body = format!("[另一篇](报道{n}的续篇.md)\n");
        let text = page("date: 2021-04-01\n", &body);
        (format!("content/reports/报道{n}.md"), text)
    });
    assert_eq!(build(entries).diagnostics.len(), 3_000);
}

#[test]
fn many_entries_for_one_url() {
    let entry = |n| (format!("content/pages/p{n}.md"), page("slug: same\n", ""));
    assert_eq!(build((0..3_000).map(entry)).diagnostics.len(), 1);
}

#[test]
fn a_long_chain_and_a_long_circle_of_organizations() {
    for end in ["parent: o0\n", ""] {
        let entries = (0..5_000).map(|n| {
            let parent = format!("parent: o{}\n", n + 1);
            let parent = if n == 4_999 { end } else { &parent };
            let keys = format!("kind: other\n{parent}");
            (format!("content/organizations/o{n}.md"), page(&keys, ""))
        });
        assert_eq!(build(entries).diagnostics.len(), 1);
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
    let deep = |bracket: &str| format!("extra: {}\n", bracket.repeat(400_000));
    for keys in [flat, long, deep("["), deep("{a: ")] {
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
    let compiled = build([
        ("content/organizations/a.md", organization),
        ("content/reports/b.md", report),
    ]);
    assert_eq!(compiled.diagnostics.len(), 1);
    assert!(compiled.diagnostics[0].message.zh.chars().count() < 1_000);
}

#[test]
fn a_report_of_many_topics() {
    let terms: String = (0..30_000)
        .map(|n| format!("  - {{id: a{n}, title: 甲}}\n"))
        .collect();
    let ids: String = (0..30_000).map(|n| format!("  - a{n}\n")).collect();
    let compiled = build([
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
    let compiled = build([("content/pages/a.md", body)]);
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
    let compiled = build([("content/vocabulary.yaml", vocabulary)]);
    assert_eq!(compiled.diagnostics, []);
    let (files, bytes) = index(&compiled.value);
    assert!(files < 1_000, "{files} files");
    assert!(bytes < 2_000_000, "{bytes} bytes");
}
