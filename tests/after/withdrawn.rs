//! What is taken down, or gone back to, is told and reported, whatever becomes of the rest.

use std::fs;

use super::bucket::hook::Hook;
use super::portal::{Portal, url};

#[test]
fn what_is_withdrawn_is_told_at_once_also_where_the_rest_cannot_be_published() {
    let hook = Hook::start();
    let portal = Portal::new(&hook.address);
    portal.deploy("", 0);
    hook.told();
    // Its content is still there.
    portal.deploy("--withdraw /about/", 1);
    let told = hook.told();
    assert_eq!(told.len(), 1);
    let report = told[0].json();
    let urls = report["changed_urls"].as_array().unwrap();
    assert!(urls.contains(&url("about/").into()), "{report}");
    let pages = report["changed_pages"].as_array().unwrap();
    assert!(!pages.contains(&url("about/").into()), "{report}");
    portal.remove("about");
    hook.will_answer(&[(403, ""), (403, "")]);
    let said = portal.deploy("--withdraw /other/", 1);
    assert!(said.contains("error[after]"), "{said}");
    hook.told();
    portal.remove("other");
    portal.page("new", "新的");
    portal.deploy("", 0);
    let report = hook.told()[0].json();
    let urls = report["changed_urls"].as_array().unwrap();
    assert!(urls.contains(&url("other/").into()), "{report}");
    // What has failed at once may succeed when everything has been published.
    portal.remove("new");
    portal.page("last", "最后");
    hook.will_answer(&[(403, "")]);
    let said = portal.deploy("--withdraw /new/ --report ../urls.txt", 0);
    assert!(
        said.contains("the steps after it (1) have succeeded"),
        "{said}"
    );
    let told = hook.told();
    assert_eq!(told.len(), 2);
    let (new, last) = (url("new/").into(), url("last/").into());
    let report = told[1].json();
    let urls = report["changed_urls"].as_array().unwrap();
    assert!(urls.contains(&new) && urls.contains(&last), "{report}");
    let report = fs::read_to_string(portal.0.root().join("../urls.txt")).unwrap();
    assert!(report.lines().any(|line| line == url("new/")), "{report}");
}

#[test]
fn who_is_busy_when_something_is_withdrawn_is_told_again_after_the_rest() {
    let hook = Hook::start();
    let portal = Portal::new(&hook.address);
    portal.deploy("", 0);
    hook.told();
    // First where the rest can be published, then where it cannot.
    portal.remove("about");
    for (path, code) in [("/about/", 0), ("/other/", 1)] {
        hook.will_answer(&[(500, "")]);
        let said = portal.deploy(&format!("--withdraw {path}"), code);
        assert!(!said.contains("error[after]"), "{said}");
        let told = hook.told();
        assert_eq!(told.len(), 2, "{path}");
        let report = told[1].json();
        let urls = report["changed_urls"].as_array().unwrap();
        assert!(urls.contains(&url(&path[1..]).into()), "{report}");
    }
}

#[test]
fn what_is_withdrawn_is_reported_also_where_the_rest_cannot_be_published() {
    let hook = Hook::start();
    let portal = Portal::new(&hook.address);
    portal.deploy("", 0);
    // Its content is still there.
    let said = portal.command("--withdraw /about/ --report ../urls.txt --format json");
    let output = { said }.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let summary = &json["summary"];
    assert_eq!(summary["after"][0]["state"], "done", "{summary}");
    assert_eq!(summary["release"], 1);
    let gone = url("about/");
    let urls = summary["changed_urls"].as_array().unwrap();
    assert!(urls.contains(&gone.as_str().into()), "{summary}");
    assert_eq!(summary["changed_pages"], serde_json::json!([]));
    let report = fs::read_to_string(portal.0.root().join("../urls.txt")).unwrap();
    assert!(report.lines().any(|line| line == gone), "{report}");
    // Without a step, too, and where nothing was withdrawn there is no report.
    portal.configure("service: fs, path: ../网站, state: {path: ../私有}", "[]");
    portal.deploy("--withdraw /other/ --report ../other.txt", 1);
    let report = fs::read_to_string(portal.0.root().join("../other.txt")).unwrap();
    assert!(report.lines().any(|line| line == url("other/")), "{report}");
    portal.deploy("--withdraw /none/ --report ../none.txt", 1);
    assert!(!portal.0.root().join("../none.txt").exists());
}

#[test]
fn going_back_is_told() {
    let hook = Hook::start();
    let portal = Portal::new(&hook.address);
    portal.deploy("", 0);
    portal.page("about", "改过");
    portal.deploy("", 0);
    let latest = hook.told().pop().unwrap();
    portal.deploy("--rollback", 0);
    let told = hook.told();
    assert_eq!(told.len(), 1);
    let pages = |json: &serde_json::Value| json["changed_pages"].clone();
    assert_eq!(pages(&told[0].json()), pages(&latest.json()));
}

#[test]
fn what_must_go_does_not_wait_for_a_variable() {
    let hook = Hook::start();
    let steps = format!("['{0}/a?t=${{ABSENT}}', '{0}/b']", hook.address);
    let portal = Portal::new(&steps);
    let with = |words: &str, value: &str, code: i32| {
        let mut command = portal.command(words);
        let output = command.env("ABSENT", value).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        hook.told()
    };
    with("", "here", 0);
    portal.page("about", "改过");
    with("", "here", 0);
    let said = portal.deploy("--rollback", 3);
    assert!(
        said.contains("gone back") || said.contains("before the latest"),
        "{said}"
    );
    assert!(
        said.contains("error[after]") && said.contains("`ABSENT`") && said.contains("--after"),
        "{said}"
    );
    assert!(!said.contains("nothing was changed"), "{said}");
    assert_eq!(hook.told().len(), 1, "the other step");
    portal.remove("about");
    let said = portal.deploy("--withdraw /about/", 3);
    assert!(said.contains("`ABSENT`"), "{said}");
    assert!(!portal.has("about/index.html"));
    hook.told();
    let told = with("--after", "here", 0);
    assert_eq!(told.len(), 1);
    assert!(told[0].path.starts_with("/a"));
    let report = told[0].json();
    let urls = report["changed_urls"].as_array().unwrap();
    assert!(urls.contains(&url("about/").into()), "{report}");
    // Others are refused as before.
    portal.page("new", "新的");
    portal.deploy("", 2);
    assert!(!portal.has("new/index.html"));
}
