//! Publishing to a bucket what is compressed before: browsers get exactly the site. To everything behind that, what
//! is compressed is a content like any other; `deploy.rs` interrupts such runs at every request.
#![cfg(feature = "deploy")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod bucket;

use std::collections::BTreeMap;

use bucket::process::{expected_of, order, succeed, target};
use bucket::site::{assert_same, dead_links, is_compressed, shown, site_of, version};
use bucket::{BUCKET, Server, Trouble};
use yugang::model::target::{DeployTarget, Service};
use yugang::model::tree::OutPath;
use yugang::shell::deploy::{Asked, publish};

#[test]
fn browsers_get_exactly_the_site() {
    let server = Server::here();
    succeed(&order(&server, "b", "gzip"));
    let mut objects = server.objects(BUCKET, "");
    objects.retain(|path, _| !path.starts_with(".yugang/"));
    let tree = version("b");
    assert_eq!(objects.len(), tree.len());
    for (path, object) in &objects {
        let wanted = tree[&OutPath::new(path.as_str())].bytes().unwrap();
        assert_eq!(*shown(object), *wanted, "{path}");
        if is_compressed(&object.1) {
            assert!(object.0.len() < wanted.len() / 2, "{path}");
        }
    }
    objects.retain(|_, (_, headers)| is_compressed(headers));
    let compressed: Vec<&str> = objects.keys().map(String::as_str).collect();
    // All but what is too small, or for programs that may not understand it.
    assert_eq!(compressed.len(), 6, "{compressed:?}");
    for path in [
        "index.html",
        "reports/index.html",
        "reports/same/index.html",
    ] {
        assert!(compressed.contains(&path), "{path}");
    }
    assert_eq!(dead_links(&server), Vec::<String>::new());
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
fn what_is_compressed_otherwise_is_another_content_and_one_can_go_back_to_the_one_before() {
    let server = Server::start();
    for way in ["gzip", "", "gzip"] {
        let words = format!("private {way}");
        succeed(&order(&server, "a", &words));
        assert_same(&site_of(&server), &expected_of("a", way), way);
        assert_eq!(dead_links(&server), Vec::<String>::new(), "{way}");
        server.make(Trouble::default());
        succeed(&order(&server, "a", &words));
        assert!(server.requests().len() <= 3, "{:?}", server.requests());
    }
    for way in ["", "gzip"] {
        // Whatever the target says today.
        succeed(&order(&server, "rollback", "private"));
        assert_same(&site_of(&server), &expected_of("a", way), way);
        let told = succeed(&order(&server, "verify", "private"));
        assert!(told.contains("altered: []"), "{told}");
    }
}

#[test]
fn what_browsers_would_take_for_garbage_is_mended_on_request() {
    let server = Server::here();
    succeed(&order(&server, "a", "gzip"));
    // The bytes are the same.
    server.forget_headers("reports/same/index.html");
    let told = succeed(&order(&server, "verify", ""));
    let drift = "missing: [], altered: [\"reports/same/index.html\"], extra: []";
    assert_eq!(told, format!("DONE Drift {{ {drift} }}"));
    succeed(&order(&server, "a", "gzip repair"));
    assert_same(&site_of(&server), &expected_of("a", "gzip"), "");
}
