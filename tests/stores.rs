//! Publishing to OSS, COS and OBS: addresses, headers and signatures are those of their documentation.
//!
//! The storage is a stub in this process, used as an HTTP proxy; nothing leaves the machine. Publishing runs in
//! a process of its own, which is this test binary started again, so that keys come from its environment.
#![cfg(feature = "deploy")]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "the test tells its child by variables what to publish"
)]

mod stub;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use stub::{KEY, Object, SECRET, Server, Store};
use yugang::content;
use yugang::deploy::codec::gzipped;
use yugang::model::digest::Digest;
use yugang::model::target::DeployTarget;
use yugang::model::tree::{OutFile, OutPath, OutputTree};
use yugang::shell::deploy::{Asked, publish, roll_back};
use yugang::shell::read::read;

const ORDER: &str = "YUGANG_TEST_STORES";

/// COS wants the number of the account in the name.
const BUCKET: &str = "site-1250000000";
const PRIVATE: &str = "private-1250000000";

const CSS: &str = "body{margin:0}";

/// A site of three files; in `second` one has another text and one is gone. In `long` the text is long enough to
/// be compressed.
fn version(name: &str) -> OutputTree {
    let bytes = |text: &str| OutFile::Bytes(text.to_owned().into_bytes().into());
    let mut site = OutputTree::new();
    site.insert(css(), bytes(CSS));
    let text = match name {
        "long" => name.repeat(1000),
        name => name.to_owned(),
    };
    site.insert(OutPath::new("index.html"), bytes(&text));
    if name == "first" {
        site.insert(OutPath::new("报道/四月 1+1.html"), bytes("<p>四月</p>"));
    }
    site
}

fn css() -> OutPath {
    let digest = Digest::of(CSS.as_bytes());
    OutPath::new(format!("assets/main.{}.css", digest.short()))
}

/// What a version is in the bucket.
fn expected(name: &str) -> BTreeMap<String, Object> {
    let objects = version(name).into_iter().map(|(path, file)| {
        let (content_type, cache_control) = match path == css() {
            true => (
                "text/css; charset=utf-8",
                "public, max-age=31536000, immutable",
            ),
            false => ("text/html; charset=utf-8", "no-cache"),
        };
        let object = Object {
            content: file.bytes().unwrap().into_owned(),
            content_type: content_type.to_owned(),
            cache_control: cache_control.to_owned(),
            content_encoding: String::new(),
        };
        (format!("qt/{}", path.as_str()), object)
    });
    objects.collect()
}

/// A process that publishes `what` (a version, or `rollback`) to a target with these lines; `words` are of
/// [`Asked`].
fn order(lines: &str, what: &str, words: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["publishes_when_asked_to", "--exact", "--nocapture"]);
    command.env(ORDER, format!("{what}|{words}|{lines}"));
    for name in ["all_proxy", "https_proxy", "http_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command
}

/// The same to a stub.
fn order_to(store: Store, server: &Server, what: &str, words: &str) -> Command {
    let (service, region) = (format!("{store:?}").to_lowercase(), store.region());
    let mut lines = format!("service: {service}, bucket: {BUCKET}, region: {region}");
    if words.contains("gzip") {
        lines += ", compress: gzip";
    }
    if !words.contains("by-region") {
        lines += &format!(", endpoint: 'http://{}'", store.host());
    }
    let mut command = order(&lines, what, words);
    command.env("http_proxy", &server.proxy);
    command.env("https_proxy", &server.proxy);
    let [key, secret] = variables(store);
    command.env(key, KEY).env(secret, SECRET);
    command
}

/// The variables that README tells people to set.
fn variables(store: Store) -> [&'static str; 2] {
    match store {
        Store::Oss => [
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        ],
        Store::Cos => ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"],
        Store::Obs => [
            "HUAWEI_CLOUD_ACCESS_KEY_ID",
            "HUAWEI_CLOUD_SECRET_ACCESS_KEY",
        ],
    }
}

/// The process in which publishing runs.
#[test]
fn publishes_when_asked_to() {
    let Ok(order) = env::var(ORDER) else { return };
    let [what, words, lines] = order.split('|').collect::<Vec<_>>()[..] else {
        panic!()
    };
    let has = |word: &str| words.split(' ').any(|known| known == word);
    let root = tempfile::tempdir().unwrap();
    let target = target(root.path(), lines);
    let asked = Asked {
        dry_run: has("dry-run"),
        adopt: has("adopt"),
        break_lock: has("break-lock"),
        ..Asked::default()
    };
    let out = root.path().join("public");
    let done = match what {
        "rollback" => roll_back(root.path(), &target, &asked, &|_| {}),
        name => {
            let (tree, expires) = (version(name), BTreeMap::new());
            let (places, site) = ((root.path(), out.as_path()), (&tree, &expires));
            publish(places, &target, site, &asked, (&|_, _| {}, &|_| {}))
        }
    };
    match done {
        Ok(published) => {
            let plan = published.plan;
            let (sent, removed) = (plan.uploads.len(), plan.deletes.len());
            println!("SAID {} {sent} {removed}", published.release);
        }
        Err(problems) => {
            for problem in problems {
                println!("SAID {} {}", problem.code.as_str(), problem.message.en);
            }
        }
    }
}

/// A target as an officer writes it, with a private bucket.
fn target(root: &Path, lines: &str) -> DeployTarget {
    let own = format!("name: test, prefix: qt/, state: {{bucket: {PRIVATE}}}");
    let site = format!(
        "title: t\nbase_url: https://www.example.gov.cn/qt/\nowner: o\ndeploy:\n  - {{{own}, {lines}}}\n"
    );
    fs::write(root.join("site.yaml"), site).unwrap();
    let config = content::config(&read(root).value);
    assert!(config.diagnostics.is_empty(), "{:?}", config.diagnostics);
    config.value.unwrap().config.deploy.remove(0)
}

/// What a process said: numbers of release, uploads and removals, or the problems.
fn said(order: &mut Command) -> String {
    let output = order.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text
        .lines()
        .filter_map(|line| Some(line.split_once("SAID ")?.1));
    let lines: Vec<&str> = lines.collect();
    assert!(!lines.is_empty(), "{output:?}");
    lines.join("\n")
}

fn for_each_store(test: impl Fn(Store, Server) + Sync) {
    let test = &test;
    std::thread::scope(|scope| {
        for store in [Store::Oss, Store::Cos, Store::Obs] {
            scope.spawn(move || test(store, Server::start(store)));
        }
    });
}

#[test]
fn releases_arrive_with_their_headers_and_one_can_go_back() {
    for_each_store(|store, server| {
        let publish = |what: &str| said(&mut order_to(store, &server, what, ""));
        assert_eq!(publish("first"), "1 3 0", "{store:?}");
        assert_eq!(server.objects(BUCKET), expected("first"), "{store:?}");
        assert_eq!(publish("second"), "2 1 1", "{store:?}");
        assert_eq!(server.objects(BUCKET), expected("second"), "{store:?}");
        assert_eq!(publish("rollback"), "3 2 0", "{store:?}");
        assert_eq!(server.objects(BUCKET), expected("first"), "{store:?}");
    });
}

#[test]
fn what_is_compressed_arrives_with_the_header_and_one_can_go_back() {
    for_each_store(|store, server| {
        let publish = |what: &str, words: &str| said(&mut order_to(store, &server, what, words));
        let page = || server.objects(BUCKET)["qt/index.html"].clone();
        let text = "long".repeat(1000).into_bytes();
        let done = publish("long", "gzip");
        assert!(!done.contains("storage"), "{store:?} {done}");
        let compressed = page();
        assert_eq!(compressed.content_encoding, "gzip", "{store:?}");
        let content_type = &compressed.content_type;
        assert_eq!(content_type, "text/html; charset=utf-8", "{store:?}");
        assert_eq!(compressed.content, gzipped(&text), "{store:?}");
        // What is too small has no such header.
        let css = &server.objects(BUCKET)[&format!("qt/{}", css().as_str())];
        assert_eq!(css.content_encoding, "", "{store:?}");
        let again = publish("long", "gzip");
        assert!(again.ends_with(" 0 0"), "{store:?} {again}");
        publish("long", "");
        assert_eq!(page().content, text, "{store:?}");
        publish("rollback", "");
        assert_eq!(page(), compressed, "{store:?}");
    });
}

#[test]
fn what_is_up_to_date_takes_few_requests() {
    for_each_store(|store, server| {
        said(&mut order_to(store, &server, "first", ""));
        server.asked();
        let again = said(&mut order_to(store, &server, "first", ""));
        assert_eq!(again, "1 0 0", "{store:?}");
        let asked = server.asked();
        let asked: Vec<String> = asked
            .iter()
            .map(|asked| format!("{} {}", asked.method, asked.key))
            .collect();
        // Where nothing can be written only if nothing is there, one looks before and after.
        let (before, after): (&[&str], &[&str]) = match store {
            Store::Obs => (&["GET lock.json"], &["GET lock.json"]),
            _ => (&[], &[]),
        };
        let usual = ["GET manifest.json.deflate", "DELETE lock.json"];
        let wanted = [before, &["PUT lock.json"], after, &usual].concat();
        assert_eq!(asked, wanted, "{store:?}");
    });
}

#[test]
fn another_key_is_refused() {
    for_each_store(|store, server| {
        for name in variables(store) {
            let mut order = order_to(store, &server, "first", "");
            let refused = said(order.env(name, "another"));
            assert!(refused.starts_with("storage"), "{store:?} {refused}");
            assert!(refused.contains("the key is wrong"), "{store:?} {refused}");
        }
        assert!(server.objects(BUCKET).is_empty());
    });
}

#[test]
fn without_a_key_nothing_is_asked_of_the_storage() {
    for_each_store(|store, server| {
        let mut order = order_to(store, &server, "first", "");
        for name in variables(store) {
            order.env_remove(name);
        }
        let told = said(order.env("HOME", "/nowhere"));
        assert!(told.contains("no key was found"), "{store:?} {told}");
        assert!(server.asked().is_empty(), "{store:?}");
    });
}

#[test]
fn what_somebody_else_put_there_stays() {
    for_each_store(|store, server| {
        for key in ["a", "qt/b", "qt/c", "qt/index.html", "qt/z"] {
            server.put(BUCKET, key, "theirs");
        }
        let refused = said(&mut order_to(store, &server, "first", ""));
        assert!(refused.contains("`index.html`"), "{store:?} {refused}");
        assert_eq!(server.objects(BUCKET).len(), 5, "{store:?}");
        let adopted = said(&mut order_to(store, &server, "first", "adopt"));
        assert_eq!(adopted, "1 3 0", "{store:?}");
        let objects = server.objects(BUCKET);
        for key in ["a", "qt/b", "qt/c", "qt/z"] {
            assert_eq!(objects[key].content, b"theirs", "{store:?} {key}");
        }
    });
}

#[test]
fn a_lock_that_another_run_holds_is_respected() {
    for_each_store(|store, server| {
        let lock = r#"{"id":"1","holder":"somebody","expires":9999999999}"#;
        server.put(PRIVATE, "lock.json", lock);
        let refused = said(&mut order_to(store, &server, "first", ""));
        assert!(refused.starts_with("locked"), "{store:?} {refused}");
        assert!(server.objects(BUCKET).is_empty(), "{store:?}");
        let broken = said(&mut order_to(store, &server, "first", "break-lock"));
        assert_eq!(broken, "1 3 0", "{store:?}");
        assert!(!server.objects(PRIVATE).contains_key("lock.json"));
    });
}

#[test]
fn a_region_is_enough_to_find_the_storage() {
    for_each_store(|store, server| {
        // The stub speaks no TLS: the run fails, and has asked for the right host.
        let refused = said(&mut order_to(store, &server, "first", "by-region"));
        assert!(refused.starts_with("storage"), "{store:?} {refused}");
        let host = format!("{PRIVATE}.{}:443", store.host());
        let asked = server.asked();
        let is_right = |asked: &stub::Asked| asked.method == "CONNECT" && asked.host == host;
        assert!(
            !asked.is_empty() && asked.iter().all(is_right),
            "{store:?} {asked:?}"
        );
    });
}
