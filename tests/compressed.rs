//! Publishing to a bucket what is compressed before: browsers get exactly the site, and everything that holds of
//! what is sent as it is holds of it too. `deploy.rs` interrupts such runs at every request.
#![cfg(feature = "deploy")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod bucket;

use std::collections::BTreeMap;

use bucket::process::{expected_of, fail, for_victim, order, succeed, target};
use bucket::site::{assert_same, dead_links, encoding, shown, site_of, version};
use bucket::{BUCKET, Fault, Server, Trouble};
use yugang::deploy::encoding::Encoding;
use yugang::model::digest::Digest;
use yugang::model::target::{DeployTarget, Service};
use yugang::model::tree::OutPath;
use yugang::shell::deploy::{Asked, publish};

/// A page of version b that version a does not have, large enough to be compressed.
const NEW_PAGE: &str = "reports/only-b/index.html";

/// Places whose objects are encoded so.
fn encoded(server: &Server, wanted: Encoding) -> Vec<String> {
    let objects = server.objects(BUCKET, "").into_iter();
    let encoded = objects.filter(|(_, (_, headers))| encoding(headers) == Some(wanted));
    encoded.map(|(path, _)| path).collect()
}

#[test]
fn browsers_get_exactly_the_site() {
    for (word, name) in [("gzip", Encoding::Gzip), ("brotli", Encoding::Brotli)] {
        let server = Server::here();
        succeed(&order(&server, "b", word));
        let mut objects = server.objects(BUCKET, "");
        objects.retain(|path, _| !path.starts_with(".yugang/"));
        let tree = version("b");
        assert_eq!(objects.len(), tree.len());
        for (path, object) in &objects {
            let wanted = tree[&OutPath::new(path.as_str())].bytes().unwrap();
            assert_eq!(*shown(object), *wanted, "{path}");
        }
        let encoded = encoded(&server, name);
        let pages = [
            "index.html",
            "reports/index.html",
            "reports/same/index.html",
        ];
        for path in pages {
            assert!(encoded.iter().any(|known| known == path), "{path}");
            assert!(objects[path].0.len() < shown(&objects[path]).len() / 2);
        }
        // Too small, or for programs that may not understand it.
        for path in ["about/index.html", "feed.xml", "sitemap.xml", "photo.jpg"] {
            assert!(!encoded.iter().any(|known| known == path), "{path}");
        }
        assert_eq!(encoded.len(), 6, "{encoded:?}");
        assert_eq!(dead_links(&server), Vec::<String>::new());
    }
}

#[test]
fn a_storage_that_cannot_say_what_is_compressed_is_sent_nothing() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("site");
    let target = DeployTarget {
        service: Service::Fs,
        path: Some(folder.to_str().unwrap().to_owned()),
        ..target("", &|word| word == "gzip")
    };
    let (tree, expires) = (version("a"), BTreeMap::new());
    let places = (root.path(), root.path());
    let (site, asked) = ((&tree, &expires), Asked::default());
    let refused = publish(places, &target, site, &asked, (&|_, _| {}, &|_| {}));
    let problems = refused.unwrap_err();
    assert!(problems[0].message.en.contains("Content-Encoding"));
    let names = folder.read_dir().unwrap();
    let mut names = names.map(|entry| entry.unwrap().file_name());
    // Where it writes files before they are put in place.
    assert!(names.all(|name| name == ".yugang"));
}

#[test]
fn what_is_up_to_date_takes_three_requests_and_a_change_six_more_than_objects() {
    for words in ["gzip", "private brotli"] {
        let server = Server::start();
        succeed(&order(&server, "a", words));
        succeed(&order(&server, "b", words));
        server.make(Trouble::default());
        succeed(&order(&server, "b", words));
        let requests = server.requests();
        assert!(requests.len() <= 3, "{requests:?}");
        server.make(Trouble::default());
        let done = succeed(&order(&server, "b-text", words));
        let requests = server.requests();
        let numbers: Vec<usize> = done
            .split(' ')
            .skip(1)
            .map(|n| n.parse().unwrap())
            .collect();
        // The pages but for the one that is the same in every version.
        assert_eq!(numbers, [3, 4, 0]);
        assert!(requests.len() <= 4 + 6, "{requests:?}");
        assert_same(&site_of(&server), &expected_of("b-text", words), words);
    }
}

#[test]
fn another_compression_is_another_content_and_one_can_go_back_to_the_one_before() {
    let server = Server::start();
    let ways = ["gzip", "", "brotli", "gzip"];
    for way in ways {
        let words = format!("private {way}");
        succeed(&order(&server, "a", &words));
        assert_same(&site_of(&server), &expected_of("a", way), way);
        assert_eq!(dead_links(&server), Vec::<String>::new(), "{way}");
        server.make(Trouble::default());
        succeed(&order(&server, "a", &words));
        assert!(server.requests().len() <= 3, "{:?}", server.requests());
    }
    for way in ["brotli", "", "gzip"] {
        // Whatever the target says today.
        succeed(&order(&server, "rollback", "private"));
        assert_same(&site_of(&server), &expected_of("a", way), way);
        let told = succeed(&order(&server, "verify", "private"));
        assert!(told.contains("altered: []"), "{told}");
    }
}

#[test]
fn going_back_after_each_release_restores_bytes_and_headers() {
    for (first, second) in [("a gzip", "b gzip"), ("b brotli", "c"), ("c", "a gzip")] {
        let server = Server::start();
        let publish = |release: &str| {
            let (name, way) = release.split_once(' ').unwrap_or((release, ""));
            succeed(&order(&server, name, &format!("private {way}")));
            expected_of(name, way)
        };
        let before = publish(first);
        assert_same(&site_of(&server), &before, first);
        let after = publish(second);
        assert_same(&site_of(&server), &after, second);
        succeed(&order(&server, "rollback", "private"));
        assert_same(&site_of(&server), &before, first);
    }
}

#[test]
fn a_change_of_compression_that_is_interrupted_ends_as_the_next_run_wants_it() {
    let mut has_left_a_new_page = false;
    for at in (0..24).step_by(3) {
        for (first, cut, end) in [
            ("", "gzip", ""),
            ("gzip", "brotli", "brotli"),
            ("brotli", "", "gzip"),
            ("gzip", "brotli", "gzip"),
        ] {
            let server = Server::start();
            succeed(&order(&server, "a", &format!("private {first}")));
            for_victim(&server, at, &order(&server, "b", &format!("private {cut}")));
            server.make(Trouble::default());
            let context = format!("{at} {first}-{cut}-{end}");
            assert_eq!(dead_links(&server), Vec::<String>::new(), "{context}");
            let has_new_page = server.objects(BUCKET, "").contains_key(NEW_PAGE);
            let done = succeed(&order(&server, "b", &format!("private break-lock {end}")));
            assert_same(&site_of(&server), &expected_of("b", end), &context);
            let told = succeed(&order(&server, "verify", "private"));
            assert!(
                told.contains("missing: [], altered: []"),
                "{context} {told}"
            );
            // A run that had written its record was a release of its own.
            let is_release = done.starts_with("DONE 3");
            let before = match is_release {
                true => expected_of("b", cut),
                false => expected_of("a", first),
            };
            has_left_a_new_page |= has_new_page && !is_release;
            succeed(&order(&server, "rollback", "private"));
            assert_same(&site_of(&server), &before, &context);
        }
    }
    assert!(has_left_a_new_page);
}

#[test]
fn a_new_page_that_is_edited_after_a_run_was_cut_is_packed_as_it_is_now() {
    for (cut, end) in [("", ""), ("gzip", "gzip"), ("brotli", "gzip"), ("gzip", "")] {
        let (server, context) = (Server::start(), format!("{cut}-{end}"));
        succeed(&order(&server, "a", &format!("private {end}")));
        for_victim(&server, 18, &order(&server, "b", &format!("private {cut}")));
        server.make(Trouble::default());
        assert!(server.objects(BUCKET, "").contains_key(NEW_PAGE));
        let done = succeed(&order(
            &server,
            "b-text",
            &format!("private break-lock {end}"),
        ));
        assert!(done.starts_with("DONE 2"), "{context} {done}");
        let edited = expected_of("b-text", end);
        assert_same(&site_of(&server), &edited, &context);
        succeed(&order(&server, "c", &format!("private {end}")));
        // It needs no copy of its own.
        let copy = format!("copies/{}", Digest::of(&edited[NEW_PAGE].0));
        assert!(
            !server.objects("private", "").contains_key(&copy),
            "{context}"
        );
        succeed(&order(&server, "rollback", "private"));
        assert_same(&site_of(&server), &edited, &context);
    }
}

#[test]
fn after_a_run_that_did_not_finish_going_back_restores_the_latest_release() {
    let end = expected_of("a", "gzip");
    for at in [9, 12, 15] {
        let server = Server::start();
        succeed(&order(&server, "a", "private gzip"));
        for_victim(&server, at, &order(&server, "b", "private brotli"));
        server.make(Trouble::default());
        succeed(&order(&server, "rollback", "private break-lock"));
        assert_same(&site_of(&server), &end, &format!("{at}"));
    }
}

#[test]
fn lost_and_truncated_answers_are_asked_for_again() {
    let end = expected_of("b", "gzip");
    for fault in [Fault::CutAfter, Fault::Truncated, Fault::Status(503)] {
        for at in [1, 4, 5, 7, 9, 11, 14] {
            let server = Server::start();
            succeed(&order(&server, "a", "private gzip"));
            server.make(Trouble {
                at,
                times: 1,
                fault: Some(fault),
            });
            succeed(&order(&server, "b", "private gzip"));
            assert_same(&site_of(&server), &end, &format!("{fault:?} {at}"));
        }
    }
}

#[test]
fn what_somebody_altered_or_removed_is_told_and_mended_on_request() {
    let server = Server::here();
    succeed(&order(&server, "a", "gzip"));
    let none = "DONE Drift { missing: [], altered: [], extra: [] }";
    assert_eq!(succeed(&order(&server, "verify", "")), none);
    let length = server.objects(BUCKET, "")["index.html"].0.len();
    server.put("index.html", &"x".repeat(length));
    server.remove("reports/index.html");
    // The bytes are the same, and browsers would show garbage.
    server.forget_headers("reports/same/index.html");
    let told = succeed(&order(&server, "verify", ""));
    let altered = "\"index.html\", \"reports/same/index.html\"";
    let drift = format!("missing: [\"reports/index.html\"], altered: [{altered}], extra: []");
    assert_eq!(told, format!("DONE Drift {{ {drift} }}"));
    succeed(&order(&server, "a", "gzip repair"));
    assert_eq!(succeed(&order(&server, "verify", "")), none);
    assert_same(&site_of(&server), &expected_of("a", "gzip"), "");
}

#[test]
fn what_is_in_the_way_is_taken_over_on_request_only() {
    let server = Server::start();
    // Somebody has published the same by other means.
    let page = shown(&expected_of("a", "")["index.html"]);
    server.put("index.html", &String::from_utf8(page).unwrap());
    let refused = fail(&order(&server, "a", "gzip"));
    assert!(refused.contains("index.html"), "{refused}");
    succeed(&order(&server, "a", "gzip adopt"));
    assert_same(&site_of(&server), &expected_of("a", "gzip"), "");
}

#[test]
fn what_is_withdrawn_is_gone_at_once_with_every_copy() {
    let server = Server::start();
    succeed(&order(&server, "a", "private gzip"));
    succeed(&order(&server, "b", "private brotli"));
    let withdrawn = succeed(&order(&server, "withdraw", "private"));
    assert_eq!(withdrawn, "DONE withdrawn 2");
    let kept: Vec<_> = server.objects("private", "").into_keys().collect();
    assert_eq!(kept, ["manifest.json.deflate"]);
    succeed(&order(&server, "c", "private brotli"));
    assert_same(&server.objects(BUCKET, ""), &expected_of("c", "brotli"), "");
    // What a run that did not finish has sent goes too.
    for at in [8, 12, 16] {
        let server = Server::start();
        succeed(&order(&server, "a", "private gzip"));
        for_victim(&server, at, &order(&server, "b", "private gzip"));
        server.make(Trouble::default());
        succeed(&order(&server, "withdraw", "private break-lock"));
        let site = server.objects(BUCKET, "");
        let left: Vec<_> = site
            .keys()
            .filter(|key| key.starts_with("reports/only-b"))
            .collect();
        assert!(left.is_empty(), "{at} {left:?}");
    }
}
