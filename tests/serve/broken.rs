//! Sites with errors: what is said of them, and what can be seen meanwhile.

use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::preview::{Preview, SETTINGS, Site, entry, report};

#[test]
fn a_site_that_is_broken_at_first_opens_when_it_is_repaired() {
    let site = Site::new();
    site.save(
        "content/reports/2021/清洁日.md",
        report("清洁日").replace("fulian", "funian"),
    );
    let preview = site.serve(&[]);
    preview.says("没有名为 `funian` 的组织");
    let waiting = preview.get("/about/");
    assert_eq!(waiting.status, 503);
    for words in [
        "网站还有错误",
        "没有名为 `funian` 的组织",
        "content/reports/2021/清洁日.md:4:17",
        "<script src=\"/_yugang/client.js\"",
    ] {
        assert!(
            waiting.text().contains(words),
            "{words}: {}",
            waiting.text()
        );
    }
    assert_eq!(preview.json("problems.json")["site"], false);
    assert_eq!(preview.get("/_yugang/").status, 200);
    site.save("content/reports/2021/清洁日.md", report("清洁日"));
    preview.shows("/about/", "最初的正文");
    preview.has_errors(false);
}

#[test]
fn a_folder_without_a_site_becomes_one() {
    let site = Site::empty();
    site.remove_folder("themes");
    let preview = site.serve(&[]);
    let waiting = preview.get("/");
    assert_eq!(waiting.status, 503);
    assert!(waiting.text().contains("site.yaml"), "{}", waiting.text());
    let whole = Site::new();
    for folder in ["themes", "content", "static"] {
        std::fs::rename(whole.path(folder), site.path(folder)).unwrap();
    }
    site.save("site.yaml", SETTINGS);
    preview.shows("/about/", "最初的正文");
}

/// Until the only error is one of this `code`, about `file`; returns it.
#[track_caller]
fn only_problem(preview: &Preview, file: &str, code: &str) -> Value {
    let mut problems = Value::Null;
    preview.open("/").until(&format!("{code} in {file}"), |_| {
        problems = preview.json("problems.json");
        problems["errors"] == 1 && problems["items"][0]["code"] == code
    });
    let item = &problems["items"][0];
    assert_eq!(item["label"], "错误");
    assert_eq!(item["file"], file, "{problems}");
    assert!(
        item["path"]
            .as_str()
            .unwrap()
            .ends_with(&format!("渔港 site/{file}"))
    );
    // Of a template that cannot be parsed only the place can be told.
    let has_remedy = !item["hints"].as_array().unwrap().is_empty();
    assert!(has_remedy || code == "template", "{problems}");
    item.clone()
}

/// A file, its broken content, the line of the problem and its code.
type Mistake<'a> = (&'a str, String, u64, &'a str);

/// Makes each mistake and repairs it; the pages stay meanwhile.
#[track_caller]
fn are_told(site: &Site, mistakes: &[Mistake<'_>]) {
    let preview = site.serve(&[]);
    for (file, broken, line, code) in mistakes {
        let good = site.read(file);
        site.save(file, broken);
        let item = only_problem(&preview, file, code);
        assert_eq!(item["line"].as_u64().unwrap_or(1), *line, "{item}");
        preview.shows("/about/", "最初的正文");
        preview.shows("/reports/2021/清洁日/", "报告正文");
        site.save(file, good);
        preview.has_errors(false);
    }
}

#[test]
fn mistakes_in_entries_are_told_and_the_rest_stays() {
    let site = Site::new();
    let about = |text: &str, line, code| ("content/pages/about.md", text.to_owned(), line, code);
    let day = |from, to, line, code| {
        let file = "content/reports/2021/清洁日.md";
        (file, site.read(file).replace(from, to), line, code)
    };
    let mistakes = [
        about("---\ntitle: [关于\n---\n正文\n", 2, "syntax"),
        about("---\nsummary: 没有标题\n---\n", 2, "missing-key"),
        about("---\ntitle: 关于\ntitel: 关于\n---\n", 3, "unknown-key"),
        about("", 1, "empty-file"),
        about("没有说明的正文\n", 1, "front-matter"),
        about(&entry("关于", "[看](没有.md)"), 4, "unknown-reference"),
        day("fulian", "funian", 4, "unknown-reference"),
        day("04-01", "04-31", 3, "invalid-date"),
    ];
    are_told(&site, &mistakes);
}

#[test]
fn mistakes_in_templates_and_settings_are_told_and_the_rest_stays() {
    let site = Site::new();
    let page = "{% extends \"entry.html\" %}\n{% block".to_owned();
    let base = site.read("themes/harbor/templates/base.html");
    let base = base.replace("page.canonical", "page.nothing.at");
    let wrong = base
        .lines()
        .position(|line| line.contains("page.nothing.at"));
    let wrong = wrong.unwrap() as u64 + 1;
    let mistakes = [
        ("themes/harbor/templates/page.html", page, 2, "template"),
        ("themes/harbor/templates/base.html", base, wrong, "template"),
        (
            "site.yaml",
            SETTINGS.to_owned() + "ower: x\n",
            4,
            "unknown-key",
        ),
    ];
    are_told(&site, &mistakes);
}

#[test]
fn what_cannot_be_read_is_told() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let about = "content/pages/about.md";
    site.save(about, b"---\ntitle: \0\xff\xfe\x81\n---\n".as_slice());
    only_problem(&preview, about, "undecodable");
    site.save(about, "很长".repeat(400_000));
    only_problem(&preview, about, "file-too-large");
    site.remove(about);
    symlink("nowhere", site.path(about)).unwrap();
    only_problem(&preview, about, "symlink");
    preview.shows("/about/", "最初的正文");
    site.remove(about);
    std::fs::create_dir(site.path(about)).unwrap();
    site.save("content/pages/other.md", entry("其他", "文件变成了文件夹"));
    preview.shows("/other/", "文件变成了文件夹");
    std::fs::remove_dir(site.path(about)).unwrap();
    // As Notepad saves it on many an office PC.
    let (old, _, _) =
        encoding_rs::GBK.encode("---\ntitle: 关于\n---\n街道妇联开展活动，群众参加。\n");
    site.save(about, old);
    preview.shows("/about/", "街道妇联开展活动");
    let problems = preview.json("problems.json");
    assert_eq!(problems["items"][0]["code"], "encoding", "{problems}");
    assert_eq!(problems["items"][0]["file"], about);
    site.save(about, entry("关于", "又是 UTF-8"));
    preview.shows("/about/", "又是 UTF-8");
    assert_eq!(preview.state("/")["warnings"], 0);
}

#[test]
fn many_mistakes_at_once_are_all_told_and_repaired_one_by_one() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let file = |number: u64| format!("content/pages/{number}.md");
    for number in 0..20 {
        site.save(&file(number), entry("页", "[看](没有.md)"));
    }
    let errors = |count: u64| {
        let what = format!("{count} errors");
        preview
            .open("/")
            .until(&what, |state| state["errors"] == count);
    };
    errors(20);
    for number in 0..20 {
        site.save(&file(number), entry("页", "改好了"));
        errors(19 - number);
    }
    preview.shows("/19/", "改好了");
}

#[test]
fn a_template_without_end_is_told() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let page = "themes/harbor/templates/page.html";
    let before = site.read(page);
    let endless = "{% for a in range(end=99999) %}{% for b in range(end=99999) %}xxxxxxxx{% endfor %}{% endfor %}";
    site.save(
        page,
        before.replace(
            "{% block details %}",
            &format!("{{% block details %}}{endless}"),
        ),
    );
    only_problem(&preview, page, "template");
    preview.shows("/about/", "最初的正文");
    site.save(page, before);
    preview.has_errors(false);
}
