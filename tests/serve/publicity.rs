//! What is not public, or not yet, and why a page was rendered.

use std::process::Command;
use std::time::Duration;

use crate::preview::{Site, entry};

const DRAFT: &str = "---\ntitle: 草稿\ndraft: true\n---\n还没写完\n";

#[test]
fn drafts_are_shown_only_when_asked_for() {
    let site = Site::new();
    site.put("content/pages/draft.md", DRAFT);
    let public = site.serve(&[]);
    let all = site.serve(&["--drafts"]);
    let missing = public.get("/draft/");
    assert_eq!(missing.status, 404);
    for words in ["content/pages/draft.md", "yugang serve --drafts"] {
        assert!(missing.text().contains(words), "{}", missing.text());
    }
    all.shows("/draft/", "还没写完");
    for preview in [&public, &all] {
        let drafts = &preview.json("status.json")["drafts"];
        assert_eq!(drafts[0]["title"], "草稿", "{drafts}");
        assert_eq!(drafts[0]["file"], "content/pages/draft.md");
    }
    site.put("content/pages/draft.md", DRAFT.replace("true", "false"));
    public.shows("/draft/", "还没写完");
    site.put("content/pages/draft.md", DRAFT);
    public.misses("/draft/");
}

/// The local date and time where the site is, `minutes` from now, as `date` prints it.
fn local(minutes: u32) -> String {
    let printed = Command::new("date")
        .env("TZ", "Asia/Shanghai")
        .args(["-d", &format!("{minutes} minutes"), "+%Y-%m-%d %H:%M"])
        .output()
        .unwrap();
    String::from_utf8(printed.stdout).unwrap().trim().to_owned()
}

fn due(key: &str, moment: &str) -> String {
    format!("---\ntitle: 到时候\n{key}: {moment}\n---\n到期的正文\n")
}

#[test]
fn what_is_not_yet_due_is_listed_with_its_time() {
    let site = Site::new();
    let preview = site.serve(&[]);
    site.put(
        "content/pages/later.md",
        due("publish_on", "2999-12-31 08:30"),
    );
    site.put("content/pages/past.md", due("expire_on", "2021-01-01"));
    site.put("content/pages/end.md", entry("完", "最后写的"));
    preview.shows("/end/", "最后写的");
    preview.misses("/later/");
    preview.misses("/past/");
    let status = preview.json("status.json");
    assert_eq!(status["next_due"], "2999-12-31 08:30", "{status}");
    assert_eq!(status["not_yet_due"][0]["file"], "content/pages/later.md");
    assert_eq!(status["expired"][0]["file"], "content/pages/past.md");
}

#[test]
#[ignore = "waits up to two minutes for the next minute to come"]
fn entries_come_and_go_when_they_are_due_although_no_file_changes() {
    let site = Site::new();
    site.put("content/pages/coming.md", due("publish_on", &local(1)));
    site.put("content/pages/going.md", due("expire_on", &local(1)));
    let preview = site.serve(&[]);
    preview.shows("/going/", "到期的正文");
    assert_eq!(preview.get("/coming/").status, 404);
    let mut tab = preview.open("/coming/");
    tab.patience = Duration::from_secs(150);
    tab.until("the page has come", |state| state["build"] == 2);
    preview.shows("/coming/", "到期的正文");
    preview.misses("/going/");
    assert_eq!(preview.build(), 2);
}
