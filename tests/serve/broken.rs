//! Sites with errors: what is said of them, and what can be seen meanwhile.

use crate::preview::{SETTINGS, Site, report};

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

#[test]
fn mistakes_are_told_and_the_pages_stay_until_they_are_repaired() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let day = "content/reports/2021/清洁日.md";
    let ower = SETTINGS.to_owned() + "ower: x\n";
    for (file, broken, line, code) in [
        (
            day,
            report("清洁日").replace("fulian", "funian"),
            4,
            "unknown-reference",
        ),
        (
            "content/pages/about.md",
            "---\ntitle: [关于\n---\n正文\n".into(),
            2,
            "syntax",
        ),
        (
            "themes/harbor/templates/page.html",
            "{% if a %}\n{% end".into(),
            2,
            "template",
        ),
        ("site.yaml", ower, 4, "unknown-key"),
    ] {
        let good = site.read(file);
        site.save(file, broken);
        let problems = preview.has_errors(true);
        let item = &problems["items"][0];
        assert_eq!((&item["file"], &item["line"]), (&file.into(), &line.into()));
        assert_eq!(
            (&item["code"], &item["label"]),
            (&code.into(), &"错误".into())
        );
        preview.shows("/about/", "最初的正文");
        preview.shows("/reports/2021/清洁日/", "报告正文");
        site.save(file, good);
        preview.has_errors(false);
    }
}
