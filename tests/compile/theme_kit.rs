//! What `themes/README.md` shows to theme authors works: the second theme builds the repository's own
//! content, and the override printed there changes just what it says.

use std::fs;
use std::path::{Path, PathBuf};

use crate::folder::options;
use yugang::compile::{Memo, compile};
use yugang::diag::{Severity, SourcePath};
use yugang::model::Kind;
use yugang::model::snapshot::{InputFile, Snapshot};
use yugang::model::tree::{OutFile, OutPath, OutputTree};
use yugang::shell::read;

/// A report of the repository's content.
const REPORT: &str = "reports/2021/04/qingjie-ri-1/index.html";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn put(snapshot: &mut Snapshot, path: &str, text: String) {
    let file = InputFile::of_bytes(text.into_bytes());
    snapshot.files.insert(SourcePath::new(path), file);
}

/// The repository's site, built; nothing about it may be worth a warning.
fn build(change: impl Fn(&mut Snapshot)) -> OutputTree {
    let mut snapshot = read::read(&root()).value;
    change(&mut snapshot);
    let built = compile(&snapshot, &options(), &mut Memo::default());
    let mut told = built.diagnostics.iter();
    assert!(
        told.all(|told| told.severity == Severity::Note),
        "{:#?}",
        built.diagnostics
    );
    built.value
}

fn page(tree: &OutputTree, path: &str) -> String {
    let page = tree.get(&OutPath::new(path)).and_then(OutFile::bytes);
    String::from_utf8(page.unwrap().to_vec()).unwrap()
}

/// The block of code in `themes/README.md` after the line that names its file.
fn example(file: &str) -> String {
    let readme = fs::read_to_string(root().join("themes/README.md")).unwrap();
    let (_, after) = readme.split_once(&format!("`{file}`:\n\n```\n")).unwrap();
    after.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_second_theme_builds_the_same_content() {
    let tree = build(|snapshot| {
        let site = fs::read_to_string(root().join("site.yaml")).unwrap();
        let lines = site.lines().filter(|line| !line.starts_with("theme:"));
        let site: Vec<&str> = lines.chain(["theme: plain"]).collect();
        put(snapshot, "site.yaml", site.join("\n"));
    });
    let report = page(&tree, REPORT);
    for part in [
        "<h1>四月全民清洁日",
        "<mark>示例</mark>",
        "<dt>品牌项目</dt>",
        "integrity=\"sha384-",
        "http-equiv=\"Content-Security-Policy\"",
    ] {
        assert!(report.contains(part), "no {part} in\n{report}");
    }
    assert!(page(&tree, "index.html").contains("<h2>服务阵地</h2>"));
    assert!(page(&tree, "404.html").contains("不存在"));
    let styles = tree.keys().filter(|path| path.as_str().ends_with(".css"));
    assert_eq!(styles.count(), 1);
}

#[test]
fn the_second_theme_has_a_template_for_every_kind_and_is_small() {
    let files = walkdir::WalkDir::new(root().join("themes/plain"));
    let files = files.into_iter().map(|entry| entry.unwrap().into_path());
    let files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_vocabulary()) {
        let name = format!("{}.html", kind.name());
        assert!(files.iter().any(|path| path.ends_with(&name)), "{name}");
    }
    let lines = files.iter().map(|path| fs::read_to_string(path).unwrap());
    assert!(lines.map(|text| text.lines().count()).sum::<usize>() <= 200);
}

#[test]
fn a_template_of_the_site_extends_the_one_it_replaces() {
    let template = example("templates/report.html");
    let before = build(|_| {});
    let after = build(|snapshot| put(snapshot, "templates/report.html", template.clone()));
    let (old, new) = (page(&before, REPORT), page(&after, REPORT));
    assert!(!old.contains("本页网址的二维码"));
    assert!(new.contains("<svg class=\"qr\" role=\"img\" aria-label=\"本页网址的二维码\""));
    let station = "stations/568-haianxian/index.html";
    assert_eq!(page(&before, station), page(&after, station));
}

/// Words for residents are in `i18n/`, where whoever makes another theme finds and changes them.
#[test]
fn no_template_of_harbor_holds_words_of_its_own() {
    let files = walkdir::WalkDir::new(root().join("themes/harbor/templates"));
    for file in files.into_iter().map(|entry| entry.unwrap().into_path()) {
        if file.is_file() {
            let text = fs::read_to_string(&file).unwrap();
            let word = text.chars().find(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
            assert_eq!(word, None, "{}", file.display());
        }
    }
}
