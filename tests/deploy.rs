//! Publishing to a bucket: whatever goes wrong at whatever request, no visitor meets a broken site, and the next
//! run finishes the work.
//!
//! The bucket is a real S3 server in this process; publishing runs in a process of its own, which is this test
//! binary started again, so that it can be killed.
//!
//! The same with a second server, where there is one: `pip install 'moto[server]'`, then `moto_server -p 5000` and
//! `YUGANG_TEST_S3=http://127.0.0.1:5000 cargo test --test deploy`. Trouble is made in front of it.
#![cfg(feature = "deploy")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod bucket;

use std::collections::BTreeMap;

use bucket::process::{be_refused, expected, expected_of, fail, for_victim, order, spawn, succeed};
use bucket::site::{Objects, assert_same, dead_links, site_of};
use bucket::{BUCKET, Fault, Server, Trouble};
use yugang::model::digest::Digest;

#[test]
fn what_is_up_to_date_takes_three_requests_and_a_change_six_more_than_objects() {
    for words in ["", "private", "private gzip"] {
        let server = Server::start();
        succeed(&order(&server, "a", words));
        succeed(&order(&server, "b", words));
        server.make(Trouble::default());
        succeed(&order(&server, "b", words));
        let requests = server.requests();
        assert!(requests.len() <= 3, "{requests:?}");
        let before = site_of(&server);
        server.make(Trouble::default());
        let done = succeed(&order(&server, "b-text", words));
        let requests = server.requests();
        let changed: usize = done.split(' ').nth(2).unwrap().parse().unwrap();
        assert!(
            changed > 0 && requests.len() <= changed + 6,
            "{done} {requests:?}"
        );
        assert_ne!(site_of(&server), before);
    }
}

#[test]
fn a_run_refused_from_any_request_on_breaks_no_link_and_the_next_one_finishes() {
    at_every_request(&|server, words, at| {
        be_refused(server, at, &order(server, "b", words));
    });
}

#[test]
fn a_run_killed_at_any_request_breaks_no_link_and_the_next_one_finishes() {
    at_every_request(&|server, words, at| {
        for_victim(server, at, &order(server, "b", words));
    });
}

/// Lets `interrupt` interrupt a release of version b over version a at each of its requests, looks at the site,
/// and then finishes, half of the time with version c instead.
fn at_every_request(interrupt: &dyn Fn(&Server, &str, usize)) {
    for words in ["", "private", "private gzip"] {
        let ends: BTreeMap<&str, _> = ["b", "c"]
            .map(|name| (name, expected_of(name, words)))
            .into();
        let requests = {
            let server = Server::start();
            succeed(&order(&server, "a", words));
            server.make(Trouble::default());
            succeed(&order(&server, "b", words));
            server.requests().len()
        };
        for at in 0..requests {
            let server = Server::start();
            succeed(&order(&server, "a", words));
            interrupt(&server, words, at);
            server.make(Trouble::default());
            assert_eq!(dead_links(&server), Vec::<String>::new(), "{words} {at}");
            let end = if at % 3 == 2 { "c" } else { "b" };
            succeed(&order(&server, end, &format!("{words} break-lock")));
            assert_eq!(dead_links(&server), Vec::<String>::new(), "{words} {at}");
            assert_same(
                &site_of(&server),
                &ends[end],
                &format!("{words} {at} {end}"),
            );
        }
    }
}

#[test]
fn busy_slow_cut_and_truncated_answers_are_asked_for_again() {
    let end = expected("b");
    for fault in [
        Fault::Status(503),
        Fault::Status(500),
        Fault::Slow,
        Fault::CutBefore,
        Fault::CutAfter,
        Fault::Truncated,
    ] {
        for at in [0, 1, 2, 5, 9, 14] {
            let server = Server::start();
            succeed(&order(&server, "a", "private"));
            server.make(Trouble {
                at,
                times: 1,
                fault: Some(fault),
            });
            succeed(&order(&server, "b", "private"));
            assert_same(&site_of(&server), &end, &format!("{fault:?} {at}"));
        }
    }
}

#[test]
fn of_two_runs_at_once_one_refuses() {
    let server = Server::start();
    succeed(&order(&server, "a", ""));
    // The first is slow enough for the second to meet its lock.
    server.make(Trouble {
        at: 1,
        times: 1,
        fault: Some(Fault::Slow),
    });
    let first = spawn(&order(&server, "b", ""));
    while server.requests().len() < 2 {
        std::thread::yield_now();
    }
    let refused = fail(&order(&server, "c", ""));
    assert!(refused.starts_with("FAILED locked"), "{refused}");
    assert!(first.wait_with_output().unwrap().status.success());
    assert_same(&site_of(&server), &expected("b"), "");
}

#[test]
fn going_back_after_each_release_restores_bytes_and_headers() {
    for (first, second) in [("a", "b"), ("b", "c"), ("c", "a")] {
        let server = Server::start();
        succeed(&order(&server, first, "private"));
        succeed(&order(&server, second, "private"));
        assert_same(&site_of(&server), &expected(second), "");
        succeed(&order(&server, "rollback", "private"));
        assert_same(&site_of(&server), &expected(first), "");
    }
}

#[test]
fn after_a_run_that_did_not_finish_going_back_restores_the_latest_release() {
    for at in [9, 12, 15] {
        let server = Server::start();
        succeed(&order(&server, "a", "private"));
        for_victim(&server, at, &order(&server, "b", "private"));
        server.make(Trouble::default());
        succeed(&order(&server, "rollback", "private break-lock"));
        assert_same(&site_of(&server), &expected("a"), &format!("{at}"));
    }
}

#[test]
fn one_can_go_back_three_times_and_then_no_further() {
    let server = Server::start();
    for name in ["a", "b", "c", "a", "b"] {
        succeed(&order(&server, name, "private"));
    }
    for name in ["a", "c", "b"] {
        succeed(&order(&server, "rollback", "private"));
        assert_same(&site_of(&server), &expected(name), "");
    }
    let refused = fail(&order(&server, "rollback", "private"));
    assert!(refused.contains("no earlier release"), "{refused}");
    assert_same(&site_of(&server), &expected("b"), "");
}

#[test]
fn without_a_private_place_there_is_no_going_back() {
    let server = Server::start();
    succeed(&order(&server, "a", ""));
    succeed(&order(&server, "b", ""));
    let refused = fail(&order(&server, "rollback", ""));
    assert!(refused.contains("no earlier release"), "{refused}");
}

#[test]
fn what_somebody_else_put_there_stays() {
    let server = Server::start();
    server.put("about/index.html", "theirs");
    server.put("their/own.html", "theirs");
    let refused = fail(&order(&server, "a", ""));
    assert!(refused.contains("about/index.html"), "{refused}");
    assert_eq!(server.objects(BUCKET, "").get("index.html"), None);
    succeed(&order(&server, "a", "adopt"));
    // Where a page of the next release wants to be.
    server.put("reports/only-b/index.html", "theirs");
    let refused = fail(&order(&server, "b", ""));
    assert!(refused.contains("reports/only-b/index.html"), "{refused}");
    assert_eq!(dead_links(&server), Vec::<String>::new());
    // A release that does not want it leaves it alone, also after the one that failed.
    succeed(&order(&server, "c", ""));
    let objects = server.objects(BUCKET, "");
    for key in ["their/own.html", "reports/only-b/index.html"] {
        assert_eq!(objects[key].0, b"theirs", "{key}");
    }
    succeed(&order(&server, "b", "adopt"));
    assert_eq!(dead_links(&server), Vec::<String>::new());
    let page = "reports/only-b/index.html";
    assert_eq!(server.objects(BUCKET, "")[page].0, expected("b")[page].0);
}

#[test]
fn a_new_page_that_is_edited_after_a_run_was_cut_is_packed_as_it_is_now() {
    const NEW_PAGE: &str = "reports/only-b/index.html";
    let server = Server::start();
    succeed(&order(&server, "a", "private"));
    for_victim(&server, 18, &order(&server, "b", "private"));
    server.make(Trouble::default());
    assert!(server.objects(BUCKET, "").contains_key(NEW_PAGE));
    let done = succeed(&order(&server, "b-text", "private break-lock"));
    assert!(done.starts_with("DONE 2"), "{done}");
    let edited = expected("b-text");
    assert_same(&site_of(&server), &edited, "");
    succeed(&order(&server, "c", "private"));
    // It needs no copy of its own.
    let copy = format!("copies/{}", Digest::of(&edited[NEW_PAGE].0));
    assert!(!server.objects("private", "").contains_key(&copy));
    succeed(&order(&server, "rollback", "private"));
    assert_same(&site_of(&server), &edited, "");
}

#[test]
fn more_removals_than_allowed_change_nothing() {
    let server = Server::start();
    succeed(&order(&server, "a", ""));
    let before = server.objects(BUCKET, "");
    let refused = fail(&order(&server, "b", "no-deletes"));
    assert!(refused.contains("would remove"), "{refused}");
    let is_site = |objects: &Objects| {
        let mut objects = objects.clone();
        objects.retain(|path, _| !path.starts_with(".yugang/"));
        objects
    };
    assert_eq!(is_site(&server.objects(BUCKET, "")), is_site(&before));
    succeed(&order(&server, "b", ""));
}

#[test]
fn a_dry_run_changes_nothing_and_tells_what_would_be_done() {
    let server = Server::start();
    succeed(&order(&server, "a", ""));
    let before = server.objects(BUCKET, "");
    server.make(Trouble::default());
    let planned = succeed(&order(&server, "b", "dry-run"));
    assert_eq!(server.objects(BUCKET, ""), before);
    let requests = server.requests();
    assert!(
        requests.iter().all(|request| !request.starts_with("PUT")),
        "{requests:?}"
    );
    let done = succeed(&order(&server, "b", ""));
    let numbers = |said: &str| {
        said.split(' ')
            .skip(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(&planned), numbers(&done));
}

#[test]
fn a_wrong_key_or_bucket_and_a_key_that_may_only_read_are_told_and_change_nothing() {
    let server = Server::start();
    // The server in this process makes every bucket that is asked for, the other takes every key.
    if server.knows_keys() {
        let mut wrong = order(&server, "a", "");
        wrong.env("AWS_SECRET_ACCESS_KEY", "another");
        let refused = fail(&wrong);
        assert!(refused.contains("key is wrong"), "{refused}");
    } else {
        let refused = fail(&order(&server, "a", "nowhere"));
        assert!(refused.contains("no such bucket"), "{refused}");
    }
    server.be_read_only(true);
    let refused = fail(&order(&server, "a", ""));
    assert!(refused.contains("may not write"), "{refused}");
    assert!(server.objects(BUCKET, "").is_empty());
}

#[test]
fn a_damaged_or_newer_record_stops_everything() {
    let server = Server::start();
    succeed(&order(&server, "a", ""));
    let before = site_of(&server);
    server.put(".yugang/manifest.json.deflate", "damaged");
    let refused = fail(&order(&server, "b", ""));
    assert!(refused.contains("damaged"), "{refused}");
    assert_eq!(site_of(&server), before);
    // The remedy that it names.
    server.remove(".yugang/manifest.json.deflate");
    succeed(&order(&server, "b", "adopt"));
    assert_eq!(dead_links(&server), Vec::<String>::new());
}

#[test]
fn what_is_withdrawn_is_gone_at_once_with_every_copy_and_does_not_come_back_by_accident() {
    let server = Server::start();
    for name in ["a", "b", "b-text"] {
        succeed(&order(&server, name, "private"));
    }
    assert_eq!(
        succeed(&order(&server, "withdraw", "private")),
        "DONE withdrawn 2"
    );
    let site = server.objects(BUCKET, "");
    assert!(
        !site.keys().any(|key| key.starts_with("reports/only-b")),
        "{site:?}"
    );
    let kept: Vec<_> = server.objects("private", "").into_keys().collect();
    assert_eq!(kept, ["manifest.json.deflate"]);
    let refused = fail(&order(&server, "rollback", "private"));
    assert!(refused.contains("no earlier release"), "{refused}");
    let refused = fail(&order(&server, "b", "private"));
    assert!(refused.contains("was withdrawn"), "{refused}");
    // What was sent before is not gone back to either, and nothing of it is kept, also not in an index that
    // open pages may still ask for.
    succeed(&order(&server, "c", "private"));
    assert_same(&server.objects(BUCKET, ""), &expected("c"), "");
    let refused = fail(&order(&server, "rollback", "private"));
    assert!(refused.contains("no earlier release"), "{refused}");
    succeed(&order(&server, "a", "private"));
    succeed(&order(&server, "rollback", "private"));
    assert_same(&site_of(&server), &expected("c"), "");
    let refused = fail(&order(&server, "b", "private"));
    assert!(refused.contains("was withdrawn"), "{refused}");
    succeed(&order(&server, "b", "private republish"));
    assert_same(&site_of(&server), &expected("b"), "");
}

#[test]
fn what_somebody_altered_or_removed_is_told_and_mended_on_request() {
    let server = Server::start();
    succeed(&order(&server, "a", ""));
    let none = "DONE Drift { missing: [], altered: [], extra: [] }";
    assert_eq!(succeed(&order(&server, "verify", "")), none);
    server.put("about/index.html", "altered");
    server.put(
        "index.html",
        &"x".repeat(server.objects(BUCKET, "")["index.html"].0.len()),
    );
    server.remove("photo.jpg");
    server.put("their.html", "theirs");
    let told = succeed(&order(&server, "verify", ""));
    let drift = "missing: [\"photo.jpg\"], altered: [\"about/index.html\", \"index.html\"], extra: [\"their.html\"]";
    assert_eq!(told, format!("DONE Drift {{ {drift} }}"));
    succeed(&order(&server, "a", "repair"));
    let told = succeed(&order(&server, "verify", ""));
    assert_eq!(told, none.replace("extra: []", "extra: [\"their.html\"]"));
    server.remove("their.html");
    assert_same(&site_of(&server), &expected("a"), "");
}

#[test]
fn what_may_be_overwritten_is_not_removed_by_whoever_gives_up() {
    for end in ["rollback", "c"] {
        let server = Server::start();
        server.put("about/index.html", "theirs");
        server.put("reports/only-b/index.html", "theirs");
        for_victim(&server, 6, &order(&server, "b", "private adopt"));
        server.make(Trouble::default());
        let words = "private adopt break-lock";
        match end {
            "rollback" => {
                let refused = fail(&order(&server, end, words));
                assert!(refused.contains("published nothing"), "{refused}");
                assert_eq!(server.objects(BUCKET, "")["about/index.html"].0, b"theirs");
            }
            name => drop(succeed(&order(&server, name, words))),
        }
        assert_eq!(
            server.objects(BUCKET, "")["reports/only-b/index.html"].0,
            b"theirs"
        );
    }
}

#[test]
fn what_somebody_puts_where_a_page_was_removed_is_theirs() {
    let server = Server::start();
    succeed(&order(&server, "b", ""));
    succeed(&order(&server, "a", ""));
    server.put("reports/only-b/index.html", "theirs");
    // Whatever happens to later runs.
    for_victim(&server, 3, &order(&server, "c", ""));
    server.make(Trouble::default());
    succeed(&order(&server, "c", "break-lock"));
    assert_eq!(
        server.objects(BUCKET, "")["reports/only-b/index.html"].0,
        b"theirs"
    );
    let refused = fail(&order(&server, "b", ""));
    assert!(refused.contains("reports/only-b/index.html"), "{refused}");
}

#[test]
fn a_record_is_believed_only_of_its_own_place() {
    let server = Server::start();
    succeed(&order(&server, "a", "private"));
    let refused = fail(&order(&server, "a", "private below"));
    assert!(refused.contains("is of `s3://site/`"), "{refused}");
}

#[test]
fn a_private_place_that_comes_later_takes_the_record_over() {
    let server = Server::start();
    succeed(&order(&server, "a", ""));
    succeed(&order(&server, "b", "private"));
    assert_same(&site_of(&server), &expected("b"), "");
    succeed(&order(&server, "c", "private"));
    succeed(&order(&server, "rollback", "private"));
    assert_same(&site_of(&server), &expected("b"), "");
    let beside = server.objects(BUCKET, ".yugang/");
    assert!(beside.is_empty(), "{:?}", beside.keys());
}

#[test]
fn a_run_that_was_refused_before_it_changed_anything_leaves_nothing_behind() {
    let server = Server::start();
    succeed(&order(&server, "a", "private"));
    succeed(&order(&server, "b", "private"));
    fail(&order(&server, "c", "private no-deletes"));
    succeed(&order(&server, "rollback", "private"));
    assert_same(&site_of(&server), &expected("a"), "");
}

#[test]
fn going_back_that_is_interrupted_goes_on_when_asked_again() {
    for at in [4, 7, 10] {
        let server = Server::start();
        succeed(&order(&server, "a", "private"));
        succeed(&order(&server, "b", "private"));
        for_victim(&server, at, &order(&server, "rollback", "private"));
        server.make(Trouble::default());
        assert_eq!(dead_links(&server), Vec::<String>::new(), "{at}");
        succeed(&order(&server, "rollback", "private break-lock"));
        assert_same(&site_of(&server), &expected("a"), &format!("{at}"));
    }
}

#[test]
fn a_storage_without_conditions_is_looked_at_before_it_is_written_to() {
    let server = Server::start();
    succeed(&order(&server, "a", "unconditional"));
    server.put("reports/only-b/index.html", "theirs");
    let refused = fail(&order(&server, "b", "unconditional"));
    assert!(refused.contains("reports/only-b/index.html"), "{refused}");
    server.remove("reports/only-b/index.html");
    succeed(&order(&server, "b", "unconditional"));
    assert_same(&site_of(&server), &expected("b"), "");
}

#[test]
fn what_an_unfinished_run_sent_is_withdrawn_too() {
    let server = Server::start();
    succeed(&order(&server, "a", "private"));
    for_victim(&server, 14, &order(&server, "b", "private"));
    server.make(Trouble::default());
    succeed(&order(&server, "withdraw", "private break-lock"));
    let site = server.objects(BUCKET, "");
    assert!(
        !site.keys().any(|key| key.starts_with("reports/only-b")),
        "{:?}",
        site.keys()
    );
    succeed(&order(&server, "c", "private"));
    assert_same(&site_of(&server), &expected("c"), "");
}

#[test]
fn withdrawing_removes_nothing_of_others_and_nothing_where_nothing_was() {
    let server = Server::start();
    succeed(&order(&server, "b", "private"));
    succeed(&order(&server, "a", "private"));
    server.put("reports/only-b/index.html", "theirs");
    server.put("reports/only-b/own.html", "theirs");
    // What was there once is kept in copies.
    succeed(&order(&server, "withdraw", "private"));
    let site = server.objects(BUCKET, "");
    assert_eq!(site["reports/only-b/index.html"].0, b"theirs");
    assert_eq!(site["reports/only-b/own.html"].0, b"theirs");
    let other = Server::start();
    succeed(&order(&other, "c", "private"));
    succeed(&order(&other, "a", "private"));
    let refused = fail(&order(&other, "withdraw", "private"));
    assert!(refused.contains("nothing was ever published"), "{refused}");
    succeed(&order(&other, "rollback", "private"));
    assert_same(&site_of(&other), &expected("c"), "");
}
