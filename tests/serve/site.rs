//! Templates, styles, copied files, `site.yaml` and the folders that a site consists of.

use std::fs;
use std::os::unix::fs::symlink;

use crate::preview::{SETTINGS, Site, entry};

#[test]
fn a_template_changes_the_pages_made_with_it() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let other = preview.state("/reports/2021/清洁日/")["page"].clone();
    let page = "themes/harbor/templates/page.html";
    let template = site.read(page);
    site.put(
        page,
        template.replace("{% block details %}", "{% block details %}主题的模板"),
    );
    preview.shows("/about/", "主题的模板");
    assert_eq!(preview.state("/reports/2021/清洁日/")["page"], other);
    // The site's own template takes the place of the theme's, and gives it back.
    site.put(
        "templates/page.html",
        template.replace("{% block details %}", "{% block details %}自己的模板"),
    );
    preview.shows("/about/", "自己的模板");
    site.remove_folder("templates");
    preview.shows("/about/", "主题的模板");
    assert_eq!(preview.state("/")["errors"], 0);
}

#[test]
fn a_style_sheet_changes_without_its_pages() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let mut tab = preview.open("/about/");
    let before = tab.until("the first state", |_| true);
    let style = "themes/harbor/assets/main.css";
    site.put(style, site.read(style) + "main { order: 7 }\n");
    let after = tab.until("another style sheet", |state| {
        state["styles"] != before["styles"]
    });
    assert_eq!(after["page"], before["page"]);
    let url = after["styles"]["main.css"].as_str().unwrap();
    preview.shows(url, "main{order:7}");
    preview.shows("/about/", url);
}

#[test]
fn copied_files_come_change_and_go() {
    let site = Site::new();
    let preview = site.serve(&[]);
    preview.shows("/a.txt", "最初的文件");
    let before = preview.get("/a.txt");
    // What is copied is sent as it lies there; the rebuild gives it another tag.
    site.put("static/a.txt", "改过的文件");
    let changed = preview.until("/a.txt", |answer| {
        answer.header("ETag") != before.header("ETag")
    });
    assert_eq!(changed.text(), "改过的文件");
    site.put("static/下载/表 格.txt", "新的文件");
    preview.shows("/下载/表 格.txt", "新的文件");
    site.rename("static/下载", "static/资料");
    preview.shows("/资料/表 格.txt", "新的文件");
    preview.misses("/下载/表 格.txt");
    site.remove("static/a.txt");
    preview.misses("/a.txt");
}

#[test]
fn the_settings_change_every_page() {
    let site = Site::new();
    let preview = site.serve(&[]);
    site.put("site.yaml", SETTINGS.replace("小站", "大站"));
    preview.shows("/", "大站");
    preview.shows("/about/", "大站");
    // Below another path everything moves.
    site.put(
        "site.yaml",
        SETTINGS.replace("example.org/", "example.org/qt/"),
    );
    let home = preview.shows("/qt/", "小站");
    assert!(home.text().contains("href=\"/qt/"));
    let above = preview.get("/");
    assert_eq!(
        (above.status, above.header("Location")),
        (302, Some("/qt/"))
    );
    let elsewhere = preview.get("/about/");
    assert_eq!(elsewhere.status, 404);
    for words in ["/qt/", "<script src=\"/_yugang/client.js\""] {
        assert!(elsewhere.text().contains(words), "{}", elsewhere.text());
    }
}

#[test]
fn without_its_settings_the_last_good_site_stays() {
    let site = Site::new();
    let preview = site.serve(&[]);
    site.remove("site.yaml");
    let problems = preview.has_errors(true);
    assert_eq!(problems["site"], true);
    let message = problems["items"][0]["message"].as_str().unwrap();
    assert!(message.contains("site.yaml"), "{problems}");
    preview.says(message);
    preview.shows("/about/", "最初的正文");
    // Edits meanwhile are not forgotten.
    site.put("content/pages/about.md", entry("关于", "其间改过"));
    site.put("site.yaml", SETTINGS);
    preview.shows("/about/", "其间改过");
    preview.has_errors(false);
}

#[test]
fn a_folder_of_the_site_may_go_and_come_back() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let aside = site.root().with_file_name("aside");
    fs::rename(site.path("static"), &aside).unwrap();
    preview.misses("/a.txt");
    fs::rename(&aside, site.path("static")).unwrap();
    preview.shows("/a.txt", "最初的文件");
    // A site without content is taken for one whose folder was moved.
    fs::rename(site.path("content"), &aside).unwrap();
    assert_eq!(preview.has_errors(true)["site"], true);
    preview.shows("/about/", "最初的正文");
    fs::rename(&aside, site.path("content")).unwrap();
    preview.has_errors(false);
    site.remove_folder("content");
    preview.has_errors(true);
    site.put("content/pages/about.md", entry("关于", "重新写的"));
    preview.shows("/about/", "重新写的");
    site.put("content/pages/about.md", entry("关于", "重新写又改过"));
    preview.shows("/about/", "重新写又改过");
    site.remove_folder("themes");
    assert_eq!(preview.has_errors(true)["site"], true);
    preview.shows("/about/", "重新写又改过");
}

#[test]
fn a_link_to_the_site_may_lead_elsewhere() {
    let (site, other) = (Site::new(), Site::new());
    other.put("content/pages/about.md", entry("关于", "另一个网站"));
    other.put("static/a.txt", "另一个文件");
    let aside = site.root().with_file_name("aside");
    fs::rename(site.root(), &aside).unwrap();
    symlink(&aside, site.root()).unwrap();
    let preview = site.serve(&[]);
    preview.shows("/about/", "最初的正文");
    site.put("content/pages/about.md", entry("关于", "改过的正文"));
    preview.shows("/about/", "改过的正文");
    fs::remove_file(site.root()).unwrap();
    symlink(other.root(), site.root()).unwrap();
    preview.shows("/about/", "另一个网站");
    preview.shows("/a.txt", "另一个文件");
    other.put("content/pages/about.md", entry("关于", "另一个改过的网站"));
    preview.shows("/about/", "另一个改过的网站");
}

#[test]
fn the_folder_that_the_preview_works_in_may_be_renamed() {
    let site = Site::new();
    let preview = site.serve_here();
    let aside = site.root().with_file_name("改了名");
    fs::rename(site.root(), &aside).unwrap();
    let problems = preview.has_errors(true);
    let message = problems["items"][0]["message"].as_str().unwrap();
    let place = site.root();
    assert!(message.contains(place.to_str().unwrap()), "{message}");
    preview.shows("/about/", "最初的正文");
    fs::rename(&aside, site.root()).unwrap();
    preview.has_errors(false);
    site.put("content/pages/about.md", entry("关于", "回来以后"));
    preview.shows("/about/", "回来以后");
}
