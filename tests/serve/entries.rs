//! Files and folders of entries that come, change, move and go.

use std::fs;
use std::thread;

use crate::preview::{Site, entry, report};

/// Each step in both ways of noticing changes.
fn in_both_modes(test: impl Fn(&Site, &[&str]) + Sync) {
    thread::scope(|scope| {
        for arguments in [&[][..], &["--poll"][..]] {
            let test = &test;
            scope.spawn(move || test(&Site::new(), arguments));
        }
    });
}

#[test]
fn an_entry_comes_changes_moves_and_goes() {
    in_both_modes(|site, arguments| {
        let preview = site.serve(arguments);
        preview.shows("/about/", "最初的正文");
        site.put("content/pages/about.md", entry("关于", "改过的正文"));
        preview.shows("/about/", "改过的正文");
        site.put("content/pages/新闻.md", entry("新闻", "新的一页"));
        preview.shows("/新闻/", "新的一页");
        site.rename("content/pages/新闻.md", "content/pages/旧闻.md");
        preview.shows("/旧闻/", "新的一页");
        preview.misses("/新闻/");
        site.remove("content/pages/旧闻.md");
        preview.misses("/旧闻/");
        preview.shows("/about/", "改过的正文");
    });
}

#[test]
fn a_whole_folder_moves_with_its_entries_and_photos() {
    in_both_modes(|site, arguments| {
        let index = entry("参观", "![大厅的样子](大厅.svg)");
        let photo = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>"#;
        site.put("content/pages/访客/参观/index.md", index);
        site.put("content/pages/访客/参观/大厅.svg", photo);
        site.put("content/pages/访客/b.md", entry("乙", "第二页"));
        let preview = site.serve(arguments);
        preview.shows("/访客/b/", "第二页");
        preview.shows("/访客/参观/大厅.svg", photo);
        site.rename("content/pages/访客", "content/pages/来访");
        preview.shows("/来访/b/", "第二页");
        preview.shows("/来访/参观/", "大厅的样子");
        preview.shows("/来访/参观/大厅.svg", photo);
        preview.misses("/访客/b/");
        preview.misses("/访客/参观/大厅.svg");
        // What is in the folder is watched under its new name.
        site.put("content/pages/来访/b.md", entry("乙", "第二页改过"));
        preview.shows("/来访/b/", "第二页改过");
    });
}

#[test]
fn a_save_that_replaces_the_file_is_one_rebuild() {
    let site = Site::new();
    let preview = site.serve(&[]);
    for number in 1..=5 {
        let before = preview.build();
        site.save(
            "content/pages/about.md",
            entry("关于", &format!("第 {number} 版")),
        );
        preview.shows("/about/", &format!("第 {number} 版"));
        assert_eq!(preview.build(), before + 1);
    }
}

#[test]
fn another_content_is_seen_although_time_and_size_are_the_same() {
    in_both_modes(|site, arguments| {
        let preview = site.serve(arguments);
        let file = site.path("content/pages/about.md");
        let old = fs::metadata(&file).unwrap();
        for words in ["改过的正文", "又改的正文"] {
            fs::write(&file, entry("关于", words)).unwrap();
            let open = fs::File::options().append(true).open(&file).unwrap();
            open.set_modified(old.modified().unwrap()).unwrap();
            assert_eq!(fs::metadata(&file).unwrap().len(), old.len());
            preview.shows("/about/", words);
        }
    });
}

#[test]
fn a_thousand_files_at_once_are_a_few_rebuilds() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let before = preview.build();
    for number in 0..1_000 {
        site.put(
            &format!("content/reports/2021/{number}.md"),
            report(&format!("第 {number} 篇")),
        );
    }
    preview.shows("/reports/2021/999/", "第 999 篇");
    preview.shows("/reports/2021/0/", "第 0 篇");
    let builds = preview.build() - before;
    assert!(builds <= 4, "{builds} rebuilds");
    site.remove_folder("content/reports/2021");
    preview.misses("/reports/2021/500/");
    let builds = preview.build() - before;
    assert!(builds <= 8, "{builds} rebuilds");
}

#[test]
fn a_folder_may_be_filled_as_soon_as_it_is_there() {
    in_both_modes(|site, arguments| {
        let preview = site.serve(arguments);
        for round in 0..10 {
            let page = format!("content/pages/{round}/深/再深/a.md");
            site.put(&page, entry("甲", &format!("第 {round} 轮")));
        }
        for round in 0..10 {
            preview.shows(&format!("/{round}/深/再深/a/"), &format!("第 {round} 轮"));
            let page = format!("content/pages/{round}/深/再深/a.md");
            site.save(&page, entry("甲", &format!("又是第 {round} 轮")));
        }
        for round in 0..10 {
            preview.shows(
                &format!("/{round}/深/再深/a/"),
                &format!("又是第 {round} 轮"),
            );
        }
    });
}

#[test]
fn a_folder_may_be_moved_in_whole() {
    in_both_modes(|site, arguments| {
        let outside = site.root().with_file_name("另一处");
        crate::folder::put(&outside, "里面/a.md", entry("甲", "搬来的一页"));
        let preview = site.serve(arguments);
        fs::rename(&outside, site.path("content/pages/新家")).unwrap();
        preview.shows("/新家/里面/a/", "搬来的一页");
        site.put("content/pages/新家/里面/a.md", entry("甲", "搬来又改过"));
        preview.shows("/新家/里面/a/", "搬来又改过");
        fs::rename(site.path("content/pages/新家"), &outside).unwrap();
        preview.misses("/新家/里面/a/");
        crate::folder::put(&outside, "里面/a.md", "不再属于网站");
        site.put("content/pages/about.md", entry("关于", "最后的正文"));
        preview.shows("/about/", "最后的正文");
        assert_eq!(preview.state("/")["errors"], 0);
    });
}

#[test]
fn edits_during_a_rebuild_are_not_lost() {
    let site = Site::new();
    for number in 0..300 {
        site.put(&format!("content/reports/2021/{number}.md"), report("甲"));
    }
    let preview = site.serve(&[]);
    // Every rebuild changes all pages, and there is always a further edit while one is under way.
    for number in 1..=60 {
        let settings = crate::preview::SETTINGS.replace("小站", &format!("小站{number}"));
        site.put("site.yaml", settings);
        site.put(
            "content/pages/about.md",
            entry("关于", &format!("第 {number} 版")),
        );
    }
    preview.shows("/about/", "第 60 版");
    preview.shows("/", "小站60");
    assert_eq!(preview.state("/")["errors"], 0);
}

#[test]
fn what_editors_leave_behind_is_no_change() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let page = preview.state("/about/")["page"].clone();
    for junk in [
        "content/pages/.about.md.swp",
        "content/pages/about.md~",
        "content/pages/about.md.bck",
        "content/pages/about.md___jb_tmp___",
        "content/pages/about.md___jb_old___",
        "content/pages/~$方案.docx",
        "content/pages/.DS_Store",
        "content/pages/#about.md#",
        "content/pages/Thumbs.db",
        ".DS_Store",
        "static/.a.txt.swp",
        "templates/.DS_Store",
        "README.md",
        ".git/index",
        "public/index.html",
    ] {
        site.put(junk, "---\nnot: [an entry\n");
    }
    site.save("content/pages/other.md", entry("其他", "真的改了"));
    preview.shows("/other/", "真的改了");
    let state = preview.state("/about/");
    assert_eq!(state["page"], page);
    assert_eq!(
        (&state["errors"], &state["warnings"]),
        (&0.into(), &0.into())
    );
    assert_eq!(state["build"], 2, "{}", preview.said());
}

/// How Vim, Helix and JetBrains' editors save a file.
#[test]
fn editors_save_in_several_steps() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let file = "content/pages/about.md";
    site.put("content/pages/4913", "");
    site.remove("content/pages/4913");
    site.rename(file, "content/pages/about.md~");
    site.put(file, entry("关于", "Vim 的修改"));
    site.remove("content/pages/about.md~");
    preview.shows("/about/", "Vim 的修改");
    fs::copy(site.path(file), site.path("content/pages/about.md.bck")).unwrap();
    site.put(file, entry("关于", "Helix 的修改"));
    site.remove("content/pages/about.md.bck");
    preview.shows("/about/", "Helix 的修改");
    let written = entry("关于", "JetBrains 的修改");
    site.put("content/pages/about.md___jb_tmp___", written);
    site.rename(file, "content/pages/about.md___jb_old___");
    site.rename("content/pages/about.md___jb_tmp___", file);
    site.remove("content/pages/about.md___jb_old___");
    preview.shows("/about/", "JetBrains 的修改");
    let state = preview.state("/about/");
    assert_eq!(
        (&state["errors"], &state["warnings"]),
        (&0.into(), &0.into())
    );
}

#[test]
fn files_for_programs_are_those_of_the_pages_whoever_asks_first() {
    let site = Site::new();
    let preview = site.serve(&[]);
    for number in 1..=3 {
        let title = format!("第 {number} 份报道");
        site.put("content/reports/a.md", report(&title));
        preview.shows("/reports/a/", &title);
        // Made when it is asked for, at the latest: the first answer is the right one.
        let answer = preview.get("/atom.xml");
        assert_eq!(answer.status, 200);
        assert!(answer.text().contains(&title), "{number}");
    }
    preview.misses("/no-such-file.json");
}
