//! What comes after publishing: CDNs and search engines are told what has changed, whatever goes wrong.
//!
//! Whoever is told is a server in this process, the site lies in a folder, and the program is the real one.
#![cfg(feature = "deploy")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test runs the program on files of its own"
)]

mod bucket;
mod folder;
mod portal;
#[path = "after/secrets.rs"]
mod secrets;
#[path = "after/withdrawn.rs"]
mod withdrawn;

use std::fs;

use bucket::hook::Hook;
use bucket::{Fault, Server, Trouble};
use folder::put;
use portal::{Portal, on, url};

#[test]
fn an_address_is_told_once_what_has_changed() {
    let hook = Hook::start();
    let portal = Portal::new(&format!("'{}/x?t=${{TOKEN}}'", hook.address));
    let said = portal.deploy("", 0);
    assert!(
        said.contains("the steps after it (1) have succeeded"),
        "{said}"
    );
    let told = hook.told();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].method, "POST");
    assert_eq!(told[0].path, "/x?t=hush%26hush");
    assert_eq!(told[0].media_type, "application/json");
    let report = told[0].json();
    assert_eq!(
        (&report["target"], &report["release"]),
        (&"t".into(), &1.into())
    );
    for key in ["changed_urls", "changed_pages"] {
        let urls = report[key].as_array().unwrap();
        assert!(urls.contains(&url("about/").into()), "{report}");
        assert!(urls.contains(&url("").into()), "{report}");
    }
    portal.deploy("", 0);
    assert_eq!(hook.told(), []);
    portal.page("about", "改过");
    portal.deploy("", 0);
    let report = hook.told()[0].json();
    let urls = report["changed_urls"].as_array().unwrap();
    assert!(urls.contains(&url("about/").into()), "{report}");
    assert!(!urls.contains(&url("404.html").into()), "{report}");
}

#[test]
fn lists_are_text_and_pages_are_those_that_are_there() {
    let hook = Hook::start();
    let (urls, pages) = (
        format!("{}/urls", hook.address),
        format!("{}/pages", hook.address),
    );
    let portal = Portal::new(&format!(
        "[{{url: '{urls}', send: urls}}, {{url: '{pages}', send: pages}}]"
    ));
    portal.deploy("", 0);
    hook.told();
    portal.remove("other");
    portal.page("new", "新的");
    portal.deploy("--report ../urls.txt", 0);
    let told = hook.told();
    let paths: Vec<&str> = told.iter().map(|told| told.path.as_str()).collect();
    assert_eq!(paths, ["/urls", "/pages"]);
    assert!(told.iter().all(|told| told.media_type == "text/plain"));
    let (urls, pages) = (told[0].lines(), told[1].lines());
    let (gone, new) = (url("other/"), url("new/"));
    assert!(
        urls.contains(&gone.as_str()) && urls.contains(&new.as_str()),
        "{urls:?}"
    );
    assert!(
        !pages.contains(&gone.as_str()) && pages.contains(&new.as_str()),
        "{pages:?}"
    );
    assert!(pages.iter().all(|page| page.ends_with('/')), "{pages:?}");
    let report = fs::read_to_string(portal.0.root().join("../urls.txt")).unwrap();
    assert_eq!(report, told[0].body);
}

#[test]
fn who_is_busy_is_told_again_and_a_redirection_is_not_followed() {
    let hook = Hook::start();
    let portal = Portal::new(&hook.address);
    hook.will_answer(&[(500, ""), (429, "slow down"), (0, "")]);
    portal.deploy("", 0);
    let told = hook.told();
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|one| one.body == told[0].body));
    let other = Hook::start();
    hook.will_answer(&[(307, &format!("{}/y", other.address))]);
    portal.page("about", "改过");
    let said = portal.deploy("", 3);
    assert!(said.contains(&format!("`{}`", other.address)), "{said}");
    assert_eq!((hook.told().len(), other.told().len()), (1, 0));
}

#[test]
fn what_has_failed_is_done_alone_without_building_and_says_the_same() {
    let hook = Hook::start();
    let portal = Portal::new(&format!("['{0}/a', '{0}/b?t=${{TOKEN}}']", hook.address));
    hook.will_answer(&[(200, ""), (400, "no such token: hush&hush")]);
    let said = portal.deploy("", 3);
    assert!(said.contains("published to `t`"), "{said}");
    assert!(
        said.contains("error[after]") && said.contains("deploy t --after"),
        "{said}"
    );
    assert!(
        said.contains("no such token: ${TOKEN}") && !said.contains("hush"),
        "{said}"
    );
    assert!(portal.has("about/index.html"));
    let first = hook.told();
    assert_eq!(first.len(), 2);
    // Nothing can be built now.
    put(
        &portal.0.root(),
        "content/pages/bad.md",
        "---\nsummary: 没有标题\n---\n",
    );
    portal.deploy("", 1);
    assert_eq!(hook.told(), []);
    let said = portal.deploy("--after --dry-run", 0);
    assert!(
        said.contains("/b?t=${TOKEN}") && !said.contains("/a"),
        "{said}"
    );
    assert_eq!(hook.told(), []);
    hook.will_answer(&[(404, "")]);
    portal.deploy("--after", 3);
    portal.deploy("--after", 0);
    let again = hook.told();
    assert_eq!(again, [first[1].clone(), first[1].clone()]);
    let said = portal.deploy("--after", 0);
    assert!(said.contains("no step"), "{said}");
    assert_eq!(hook.told(), []);
}

#[test]
fn a_later_release_tells_also_what_was_not_told_before() {
    let hook = Hook::start();
    let portal = Portal::new(&format!("['{0}/a', '{0}/b']", hook.address));
    portal.deploy("", 0);
    hook.told();
    portal.page("about", "改过");
    hook.will_answer(&[(200, ""), (403, "")]);
    portal.deploy("", 3);
    portal.page("other", "也改过");
    portal.deploy("", 0);
    let told = hook.told();
    let has = |at: usize, path: &str| {
        let report = told[at].json();
        let urls = report["changed_urls"].as_array().unwrap().clone();
        urls.contains(&url(path).into())
    };
    assert_eq!(told.len(), 4);
    assert!(has(1, "about/") && !has(1, "other/"));
    assert!(
        !has(2, "about/") && has(2, "other/"),
        "the step that succeeded"
    );
    assert!(has(3, "about/") && has(3, "other/"), "the step that failed");
}

#[test]
fn a_run_killed_before_it_could_tell_is_made_up_for() {
    for words in ["--after", ""] {
        let hook = Hook::start();
        let portal = Portal::new(&hook.address);
        hook.for_victim(|| portal.command("").spawn().unwrap());
        assert!(portal.has("about/index.html"));
        assert_eq!(portal.pending().len(), 1);
        let first = hook.told();
        portal.deploy(words, 0);
        assert_eq!(hook.told()[0], first[0], "{words}");
        portal.deploy(words, 0);
        assert_eq!(hook.told(), [], "{words}");
        assert_eq!(portal.pending().len(), 0);
    }
}

#[test]
fn a_dry_run_tells_what_would_be_run_and_runs_nothing() {
    let hook = Hook::start();
    let portal = Portal::new(&format!(
        "['{}/a', {{command: [no-such, -x]}}]",
        hook.address
    ));
    let said = portal.deploy("--dry-run", 0);
    assert!(said.contains("then the steps after it (2)"), "{said}");
    assert!(said.contains("> no-such -x ("), "{said}");
    let json = portal.deploy("--dry-run --format json", 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["summary"]["after"][0]["state"], "planned");
    assert_eq!(hook.told(), []);
    assert!(!portal.has("index.html") && portal.pending().is_empty());
}

#[test]
fn what_an_interrupted_run_had_sent_is_told_by_the_one_that_finishes() {
    let hook = Hook::start();
    let released = || {
        let server = Server::start();
        let portal = Portal::at(&on(&server), &format!("'{}'", hook.address));
        portal.deploy("", 0);
        portal.page("about", "改过");
        server.make(Trouble::default());
        (server, portal)
    };
    // Another run tells at which request the record is written.
    let (server, portal) = released();
    portal.deploy("", 0);
    let mut requests = server.requests().into_iter();
    let record = requests.position(|request| request == "PUT /private/manifest.json.deflate");
    let (server, portal) = released();
    hook.told();
    server.make(Trouble {
        at: record.unwrap(),
        times: 1,
        fault: Some(Fault::Status(403)),
    });
    portal.deploy("", 2);
    assert_eq!(hook.told(), []);
    server.make(Trouble::default());
    let said = portal.deploy("--dry-run", 0);
    assert!(said.contains("dry run: 0 files"), "{said}");
    portal.deploy("", 0);
    let report = hook.told()[0].json();
    let urls = report["changed_urls"].as_array().unwrap();
    assert!(urls.contains(&url("about/").into()), "{report}");
}

#[test]
fn what_was_not_removed_yet_when_it_was_told_is_told_again_when_it_is_gone() {
    let hook = Hook::start();
    let released = || {
        let server = Server::start();
        let portal = Portal::at(&on(&server), &format!("'{}'", hook.address));
        portal.deploy("", 0);
        portal.remove("about");
        server.make(Trouble::default());
        (server, portal)
    };
    // Another run tells at which request the page is removed.
    let (server, portal) = released();
    portal.deploy("", 0);
    let mut requests = server.requests().into_iter();
    let removal = requests.position(|request| request == "DELETE /site/about/index.html");
    let (server, portal) = released();
    hook.told();
    server.make(Trouble {
        at: removal.unwrap(),
        times: 1,
        fault: Some(Fault::Status(403)),
    });
    portal.deploy("", 2);
    // Whoever fetches the page now gets it still.
    portal.deploy("--after", 0);
    portal.deploy("", 0);
    let told = hook.told();
    assert_eq!(told.len(), 2);
    for told in told {
        let report = told.json();
        let urls = report["changed_urls"].as_array().unwrap();
        assert!(urls.contains(&url("about/").into()), "{report}");
    }
}

#[test]
fn steps_cost_a_request_where_nothing_has_changed_and_three_where_something_has() {
    let (hook, server) = (Hook::start(), Server::start());
    let target = on(&server);
    let portal = Portal::at(&target, "[]");
    let requests = |words: &str| {
        server.make(Trouble::default());
        portal.deploy(words, 0);
        let all = server.requests();
        let own = all.iter().filter(|request| request.contains("after"));
        let own = own.map(|request| request.split(' ').next().unwrap().to_owned());
        (own.collect::<Vec<_>>().join(" "), all.len())
    };
    let nothing = |all| (String::new(), all);
    assert_eq!(requests("").0, "");
    assert_eq!(requests(""), nothing(3));
    portal.configure(&target, &format!("'{}'", hook.address));
    // What was published before there was a step is no step's business. That nothing is left is found by a list.
    assert_eq!(requests(""), nothing(4));
    for title in ["二", "三"] {
        portal.page("about", title);
        assert_eq!(requests("").0, "PUT DELETE");
    }
    assert_eq!(requests(""), nothing(4));
    assert_eq!(requests("--after"), nothing(2));
    assert_eq!(hook.told().len(), 2);
}

#[test]
fn what_was_told_before_there_was_a_private_place_is_not_told_again() {
    let hook = Hook::start();
    let steps = format!("'{}'", hook.address);
    let target = "service: fs, path: ../网站";
    let portal = Portal::at(target, &steps);
    portal.deploy("", 0);
    hook.told();
    portal.configure(&format!("{target}, state: {{path: ../私有}}"), &steps);
    portal.deploy("--after", 0);
    portal.deploy("", 0);
    assert_eq!(hook.told(), []);
    portal.page("about", "改过");
    // A step that fails writes nothing down.
    hook.will_answer(&[(403, "")]);
    portal.deploy("", 3);
    portal.deploy("", 0);
    let all = hook.told();
    assert_eq!(all.len(), 2);
    for told in all {
        let report = told.json();
        let urls = report["changed_urls"].as_array().unwrap();
        assert!(urls.contains(&url("about/").into()), "{report}");
        assert!(!urls.contains(&url("other/").into()), "{report}");
    }
}

#[test]
fn what_is_pending_beside_the_site_is_told_once_when_there_is_a_private_place() {
    let hook = Hook::start();
    let steps = format!("'{}'", hook.address);
    let target = "service: fs, path: ../网站";
    for first in ["--after", ""] {
        let portal = Portal::at(target, &steps);
        portal.deploy("", 0);
        hook.told();
        portal.page("about", "改过");
        hook.will_answer(&[(403, "")]);
        portal.deploy("", 3);
        hook.told();
        portal.configure(&format!("{target}, state: {{path: ../私有}}"), &steps);
        portal.deploy(first, 0);
        assert_eq!(hook.told().len(), 1, "{first}");
        portal.deploy("", 0);
        assert_eq!(hook.told(), [], "{first}");
    }
}

#[test]
fn a_step_that_failed_and_is_written_otherwise_now_is_told_what_it_has_missed() {
    let hook = Hook::start();
    let portal = Portal::new(&format!("'{}/wrong'", hook.address));
    portal.deploy("", 0);
    portal.page("about", "改过");
    hook.will_answer(&[(404, "")]);
    portal.deploy("", 3);
    hook.told();
    let target = "service: fs, path: ../网站, state: {path: ../私有}";
    portal.configure(target, &format!("'{}/right'", hook.address));
    portal.deploy("--after", 0);
    let told = hook.told();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].path, "/right");
    let report = told[0].json();
    let urls = report["changed_urls"].as_array().unwrap();
    assert!(urls.contains(&url("about/").into()), "{report}");
    portal.deploy("--after", 0);
    assert_eq!(hook.told(), []);
}

#[test]
fn of_what_is_damaged_everything_is_told() {
    let hook = Hook::start();
    let portal = Portal::new(&hook.address);
    portal.deploy("", 0);
    let first = hook.told();
    portal.page("about", "改过");
    hook.will_answer(&[(403, "")]);
    portal.deploy("", 3);
    hook.told();
    fs::write(&portal.pending()[0], "damaged").unwrap();
    portal.deploy("", 0);
    let told = hook.told();
    assert_eq!(told.len(), 1);
    let pages = [&first[0], &told[0]].map(|told| told.json()["changed_pages"].clone());
    assert_eq!(pages[0], pages[1]);
    portal.deploy("", 0);
    assert_eq!(hook.told(), []);
}

#[test]
fn a_program_that_is_not_there_is_told_and_the_other_steps_are_run() {
    let hook = Hook::start();
    let portal = Portal::new(&format!("[{{command: [./no-such]}}, '{}']", hook.address));
    let said = portal.deploy("", 3);
    assert!(said.contains("no such program"), "{said}");
    assert_eq!(hook.told().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_command_runs_in_the_sites_folder_and_reads_what_has_changed() {
    use std::os::unix::fs::PermissionsExt;
    let portal = Portal::new("{command: [./tools/purge.sh, '$HOME', '-t=${TOKEN}'], send: urls}");
    let root = portal.0.root();
    let script = "#!/bin/sh\necho \"said $1 $2\"\n[ -e fail ] && exit 7\ncat > told.txt\n";
    put(&root, "tools/purge.sh", script);
    let runnable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(root.join("tools/purge.sh"), runnable).unwrap();
    put(&root, "fail", "");
    let said = portal.deploy("", 3);
    assert!(said.contains("exit code is 7"), "{said}");
    assert!(said.contains("said $HOME -t=hush&hush"), "{said}");
    fs::remove_file(root.join("fail")).unwrap();
    let json = portal.command("--after --format json").output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["summary"]["after"][0]["state"], "done");
    let told = fs::read_to_string(root.join("told.txt")).unwrap();
    assert!(told.lines().any(|line| line == url("about/")), "{told}");
}
