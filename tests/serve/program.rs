//! What previewing costs: nothing on the disk, and no more with every edit.

use std::fs;

use crate::preview::{Site, entry};

#[test]
fn nothing_is_written_into_the_site() {
    let site = Site::new();
    let before = site.files();
    let mut preview = site.serve(&["--drafts", "--explain", "/"]);
    site.put("content/pages/about.md", entry("关于", "改过"));
    preview.shows("/about/", "改过");
    site.put("content/pages/about.md", entry("关于", "[错](没有.md)"));
    preview.has_errors(true);
    preview.interrupt();
    assert_eq!(site.files(), before);
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
