//! Whatever is in the files: no panic, the same result again, and links that lead somewhere.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::folder::{options, themes};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use yugang::compile::{Memo, compile};
use yugang::diag::{Checked, Lang, SourcePath, report};
use yugang::model::snapshot::{InputFile, Snapshot};
use yugang::model::tree::{OutPath, OutputTree};

static THEME: LazyLock<Snapshot> = LazyLock::new(|| {
    let file = |(path, bytes)| (SourcePath::new(path), InputFile::of_bytes(bytes));
    let files = themes().map(file).collect();
    Snapshot { files }
});

const SITE: &str = "title: 站\nbase_url: https://example.org/qt/\nowner: 街道\n";

fn site(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Snapshot {
    let mut snapshot = THEME.clone();
    let site = (String::from("site.yaml"), SITE.as_bytes().to_vec());
    for (path, bytes) in std::iter::once(site).chain(files) {
        snapshot
            .files
            .insert(SourcePath::new(path), InputFile::of_bytes(bytes));
    }
    snapshot
}

fn build(snapshot: &Snapshot) -> Checked<OutputTree> {
    compile(snapshot, &options(), &mut Memo::default())
}

/// The ids of the entries of a random site, by folder.
const IDS: [(&str, &str); 8] = [
    ("organizations", "fulian"),
    ("organizations", "工会"),
    ("projects", "shen"),
    ("stations", "zhongxin"),
    ("reports", "2021/a"),
    ("reports", "2021/二"),
    ("notices", "n"),
    ("pages", "about"),
];

fn front_matter(folder: &str) -> &'static str {
    match folder {
        "organizations" => "kind: other\n",
        "stations" => "kind: center\n",
        "reports" | "notices" => "date: 2021-04-01\n",
        _ => "",
    }
}

/// Lines that any entry may have; `{}` is its place among the entries.
fn keys() -> impl Strategy<Value = Vec<&'static str>> {
    let lines = vec![
        "draft: true\n",
        "publish_on: 2021-06-01\n",
        "expire_on: 2021-01-01\n",
        "aliases: [/old/{}/, /qt/old{}.html]\n",
        "slug: other{}\n",
        "sample: true\n",
        "summary: \"<摘要> & \\\"引号\\\"\"\n",
        "keywords: [一, 二]\n",
    ];
    let relations = vec![
        "organizations: [fulian, 工会]\n",
        "stations: zhongxin\n",
        "projects: shen\n",
        "activity_day: 是\n",
    ];
    let chosen = (select(lines), select(relations), 0..4_u8);
    chosen.prop_map(|(line, relation, which)| match which {
        0 => vec![],
        1 => vec![line],
        2 => vec![relation],
        _ => vec![line, relation],
    })
}

fn body() -> impl Strategy<Value = String> {
    let target = any::<Index>().prop_map(|index| IDS[index.index(IDS.len())]);
    let piece = prop_oneof![
        Just(String::from("## 标题\n\n")),
        Just(String::from("**重点。**后面\n换行\n\n")),
        Just(String::from(
            "[本页](#标题) [首页](/) [栏目](/organizations/)\n\n"
        )),
        Just(String::from("见注[^1]，再见[^1]。\n\n")),
        Just(String::from("<div><b>粗</b></div>\n\n")),
        target
            .clone()
            .prop_map(|(folder, id)| format!("[条目]({folder}/{id})\n\n")),
        target.prop_map(|(folder, id)| format!("[标题]({folder}/{id}#标题)\n\n")),
    ];
    vec(piece, 0..6).prop_map(|pieces| format!("## 标题\n\n{}\n\n[^1]: 注\n", pieces.concat()))
}

fn random_site() -> impl Strategy<Value = Snapshot> {
    vec((keys(), body()), IDS.len()).prop_map(|entries| {
        let places = entries.into_iter().zip(IDS).enumerate();
        let written = places.map(|(place, ((keys, body), (folder, id)))| {
            let is_relation = |key: &&str| {
                ["organizations", "stations", "projects", "activity"]
                    .iter()
                    .any(|relation| key.starts_with(relation))
            };
            let keys: Vec<_> = keys
                .iter()
                .filter(|key| folder == "reports" || !is_relation(key))
                // One organization stays public, so that its collection has a page.
                .filter(|key| id != "fulian" || !key.contains('2') && !key.starts_with("draft"))
                .map(|key| key.replace("{}", &place.to_string()))
                .collect();
            let required = front_matter(folder);
            let text = format!("---\ntitle: 题{id}\n{required}{}---\n{body}", keys.concat());
            (format!("content/{folder}/{id}.md"), text.into_bytes())
        });
        site(written)
    })
}

/// The links of a page, and the ids that it has.
fn links(page: &str) -> impl Iterator<Item = &str> {
    ["href=\"", "src=\"", "; url="]
        .into_iter()
        .flat_map(move |before| {
            let ends = page
                .match_indices(before)
                .map(move |(at, _)| &page[at + before.len()..]);
            ends.filter_map(|rest| rest.split('"').next())
        })
}

fn dead_links(tree: &OutputTree) -> Vec<String> {
    let pages: BTreeMap<&OutPath, String> = tree
        .iter()
        .filter_map(|(path, file)| match file {
            file if path.as_str().ends_with(".html") => {
                Some((path, String::from_utf8(file.bytes()?.into_owned()).unwrap()))
            }
            _ => None,
        })
        .collect();
    let mut dead = Vec::new();
    for (path, page) in &pages {
        for link in links(page) {
            let (target, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = match target.strip_prefix("/qt/") {
                Some(below) if below.is_empty() || below.ends_with('/') => {
                    OutPath::new(format!("{below}index.html"))
                }
                Some(below) => OutPath::new(below),
                None if target.is_empty() => (*path).clone(),
                None if target.starts_with("https://") => continue,
                None => OutPath::new(target),
            };
            let id = format!("id=\"{fragment}\"");
            let leads = match pages.get(&target) {
                Some(page) => fragment.is_empty() || page.contains(&id),
                None => fragment.is_empty() && tree.contains_key(&target),
            };
            if !leads {
                dead.push(format!("{path}: {link}"));
            }
        }
    }
    dead
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_site_without_errors_has_no_dead_link(snapshot in random_site()) {
        let compiled = build(&snapshot);
        prop_assume!(!compiled.has_errors());
        prop_assert_eq!(dead_links(&compiled.value), Vec::<String>::new());
    }

    #[test]
    fn the_number_of_threads_makes_no_difference(snapshot in random_site()) {
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let one = alone.install(|| build(&snapshot));
        let many = build(&snapshot);
        prop_assert_eq!(one.diagnostics, many.diagnostics);
        prop_assert_eq!(one.value, many.value);
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        path in select(vec![
            "content/pages/a.md", "content/stations/b.yaml", "content/vocabulary.yaml", "site.yaml",
            "content/rota/2021.yaml", "templates/page.html", "themes/harbor/theme.yaml",
            "themes/harbor/i18n/zh-CN.yaml", "content/x.md",
        ]),
        head in select(vec!["", "---\n", "---\ntitle: 甲\n", "---\ntitle: 甲\n---\n", "title: 甲\n"]),
        bytes in vec(any::<u8>(), 0..120),
    ) {
        let content = [head.as_bytes(), &bytes].concat();
        let page = (String::from("content/pages/page.md"), b"---\ntitle: b\n---\n".to_vec());
        let compiled = build(&site([page, (path.to_owned(), content)]));
        for diagnostic in &compiled.diagnostics {
            report::human(diagnostic, Lang::Zh, true);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(
        reference in prop_oneof![0..0xA0_u32, 0xFDC0..0xFE00_u32, 0xFFF0..0x10010_u32],
        yaml in "[a-z：:\\-\\[\\]{}&*!|>'\"#%@` \n\t标题\u{3000}0-9.]{0,60}",
        body in "[#\\[\\]()<>!|*_~`^:a-z标。 \n0-9&;\u{FDD0}\u{FDD1}\u{0}-]{0,60}",
    ) {
        let text = format!("---\ntitle: 甲\n{yaml}\n---\n{body}\n\n## 甲&#xFDD1;&#x{reference:x};乙\n");
        let compiled = build(&site([(String::from("content/pages/a.md"), text.into_bytes())]));
        for diagnostic in &compiled.diagnostics {
            report::human(diagnostic, Lang::Zh, false);
        }
        if !compiled.has_errors() {
            prop_assert_eq!(dead_links(&compiled.value), Vec::<String>::new());
        }
    }
}
