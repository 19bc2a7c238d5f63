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
