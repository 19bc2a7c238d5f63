//! What previewing costs: nothing on the disk, and no more with every edit.

use std::fs;
use std::process::Command;

use crate::preview::{Site, entry};

#[test]
fn nothing_is_written_into_the_site() {
    let site = Site::new();
    let before = site.files();
    let preview = site.serve(&["--drafts"]);
    site.put("content/pages/about.md", entry("关于", "改过"));
    preview.shows("/about/", "改过");
    site.put("content/pages/about.md", entry("关于", "[错](没有.md)"));
    preview.has_errors(true);
    drop(preview);
    assert_eq!(site.files(), before);
}

/// A user namespace has a limit of its own; where none may be made, nothing can be tested.
#[test]
#[cfg(target_os = "linux")]
fn where_the_system_watches_no_more_folders_it_is_said_and_changes_are_seen() {
    let limit = "echo 4 > /proc/sys/user/max_inotify_watches";
    let probe = Command::new("unshare")
        .args(["-Ur", "sh", "-c", limit])
        .output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        return;
    }
    let site = Site::new();
    let limited = format!("{limit}; exec \"$@\"");
    let preview = site.serve_through(&["unshare", "-Ur", "sh", "-c", &limited, "sh"]);
    preview.says("可监视的文件夹数已到系统上限");
    site.put("content/pages/about.md", entry("关于", "看得到"));
    preview.shows("/about/", "看得到");
    site.put("content/pages/新的/深.md", entry("深", "也看得到"));
    preview.shows("/新的/深/", "也看得到");
}

#[test]
#[cfg(target_os = "linux")]
fn threads_and_descriptors_do_not_grow_with_edits() {
    let site = Site::new();
    let preview = site.serve(&[]);
    let count = |what: &str| {
        let folder = format!("/proc/{}/{what}", preview.id());
        fs::read_dir(folder).unwrap().count()
    };
    let mut tab = preview.open("/about/");
    let mut edit = |number: u32| {
        let about = entry("关于", &format!("第 {number} 版"));
        site.save("content/pages/about.md", about);
        if number.is_multiple_of(3) {
            site.put("content/pages/来去/a.md", entry("甲", "来了又去"));
            site.remove_folder("content/pages/来去");
        }
        let words = format!("第 {number} 版");
        tab.until(&words, |_| preview.get("/about/").text().contains(&words));
    };
    (0..50).for_each(&mut edit);
    let (threads, descriptors) = (count("task"), count("fd"));
    (50..300).for_each(&mut edit);
    let now = (count("task"), count("fd"));
    // A few connections may be under way.
    assert!(now.0 <= threads + 4, "{threads} threads, then {}", now.0);
    assert!(
        now.1 <= descriptors + 4,
        "{descriptors} descriptors, then {}",
        now.1
    );
}
