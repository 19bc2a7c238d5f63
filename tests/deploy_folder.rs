//! Publishing to a folder: looking changes nothing, of several runs at once one is at work, and it tells how far it is.
#![cfg(feature = "deploy")]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test looks at the folders that are published to"
)]

mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Barrier, Mutex};
use std::thread;

use folder::{Scratch, contents, put, tree};
use yugang::content;
use yugang::diag::{Code, Diagnostic};
use yugang::model::digest::Digest;
use yugang::model::target::DeployTarget;
use yugang::model::tree::OutputTree;
use yugang::shell::deploy::{Asked, Progress, Published, publish, roll_back, verify};
use yugang::shell::read::read;

/// A target as an officer writes it, beside the site's folder; nothing of it is there yet.
fn target(root: &Path) -> DeployTarget {
    let target = "{name: test, service: fs, path: ../www/qt, state: {path: ../state}}";
    let site = "title: t\nbase_url: https://www.example.gov.cn/qt/\nowner: o\n";
    put(root, "site.yaml", format!("{site}deploy:\n  - {target}\n"));
    content::config(&read(root).value)
        .value
        .unwrap()
        .config
        .deploy
        .remove(0)
}

/// Publishes; `other` is the machine at which it is done.
fn go(
    (scratch, other): (&Scratch, &Scratch),
    target: &DeployTarget,
    tree: &OutputTree,
    dry_run: bool,
) -> Result<Published, Vec<Diagnostic>> {
    let (root, out) = (scratch.root(), other.out());
    let asked = Asked {
        dry_run,
        ..Asked::default()
    };
    let site = (tree, &BTreeMap::new());
    publish((&root, &out), target, site, &asked, (&|_, _| {}, &|_| {}))
}

/// Everything beside the site's folder that publishing could make, folders too.
fn there(scratch: &Scratch) -> BTreeSet<String> {
    let above = scratch.root().parent().unwrap().to_owned();
    let places = ["www", "state"].map(|place| above.join(place));
    let all = places.iter().flat_map(walkdir::WalkDir::new);
    let all = all.filter_map(|entry| Some(entry.ok()?.path().display().to_string()));
    all.collect()
}

#[test]
fn one_is_told_how_far_keeping_and_sending_have_come() {
    let scratch = Scratch::new();
    let target = target(&scratch.root());
    let (root, out) = (scratch.root(), scratch.out());
    let mut told = Vec::new();
    for version in ["一", "二"] {
        let site = tree(&[("index.html", "页"), ("a.jpg", version), ("b.jpg", version)]);
        let steps = Mutex::new(Vec::new());
        let tell = |progress: Progress| {
            let Progress { sent, of, .. } = progress;
            let step = (progress.is_keeping, sent, of, progress.bytes);
            steps.lock().unwrap().push(step);
        };
        let (site, asked) = ((&site, &BTreeMap::new()), Asked::default());
        publish((&root, &out), &target, site, &asked, (&|_, _| {}, &tell)).unwrap();
        told = steps.into_inner().unwrap();
    }
    let wanted = [true, false].map(|is_keeping| [(is_keeping, 1, 2, 3), (is_keeping, 2, 2, 6)]);
    assert_eq!(told, wanted.concat());
}

#[test]
fn looking_makes_no_folder_where_nothing_is_and_changes_none() {
    let scratch = Scratch::new();
    let target = target(&scratch.root());
    let site = tree(&[("index.html", "一"), ("a/index.html", "二")]);
    let dry = Asked {
        dry_run: true,
        ..Asked::default()
    };
    let look = || {
        let planned = go((&scratch, &scratch), &target, &site, true).unwrap();
        verify(&scratch.root(), &target).ok();
        roll_back(&scratch.root(), &target, &dry, &|_| {}).ok();
        planned
    };
    let planned = look();
    assert_eq!(there(&scratch), BTreeSet::new());
    let done = go((&scratch, &scratch), &target, &site, false).unwrap();
    assert_eq!(planned.plan, done.plan);
    assert_eq!(planned.notes, done.notes);
    // As where the web server's folder is put up anew and has nothing of the tool's.
    let www = scratch.root().parent().unwrap().join("www/qt/.yugang");
    std::fs::remove_dir_all(www).ok();
    let before = there(&scratch);
    assert!(look().plan.is_idle());
    assert_eq!(there(&scratch), before);
}

/// Where a run says that it takes over from the one with this id, which has left this lock or claim.
fn claim_on(name: &str, id: &str) -> String {
    let digest = Digest::of(format!("{name} {id}").as_bytes());
    format!("lock.claim.{}", digest.short())
}

/// Leaves a lock or a claim of a run with this id, which ends at some time.
fn leave(scratch: &Scratch, (name, id, expires): &(String, &str, i64)) {
    let lock = format!(r#"{{"id":"{id}","holder":"machine {id}","expires":{expires}}}"#);
    let above = scratch.root().parent().unwrap().to_owned();
    put(&above, &format!("state/{name}"), lock);
}

#[test]
fn a_claim_that_was_left_holds_no_longer_than_a_lock() {
    const NEVER: i64 = i64::MAX / 2;
    let lock = ("lock.json".to_owned(), "1", 0);
    // The lock or claim of which run is claimed, by whom, until when; and who is at work then.
    let cases = [
        (vec![("1", "2", 0)], None),
        (vec![("1", "2", 0), ("2", "3", 0)], None),
        (vec![("1", "2", NEVER)], Some("machine 2")),
        (vec![("1", "2", 0), ("2", "3", NEVER)], Some("machine 3")),
        (vec![("another", "2", NEVER)], None),
    ];
    for (claims, at_work) in cases {
        let scratch = Scratch::new();
        let target = target(&scratch.root());
        leave(&scratch, &lock);
        let mut name = lock.0.clone();
        for (of, id, expires) in &claims {
            name = claim_on(&name, of);
            leave(&scratch, &(name.clone(), id, *expires));
        }
        let (root, out) = (scratch.root(), scratch.out());
        let tree = tree(&[("index.html", "一")]);
        let publish = |break_lock| {
            let asked = Asked {
                break_lock,
                ..Asked::default()
            };
            let site = (&tree, &BTreeMap::new());
            publish((&root, &out), &target, site, &asked, (&|_, _| {}, &|_| {}))
        };
        if let Some(at_work) = at_work {
            let refused = publish(false).unwrap_err();
            assert_eq!(refused[0].code, Code::Locked, "{claims:?}");
            assert!(refused[0].message.en.contains(at_work), "{refused:?}");
        }
        publish(at_work.is_some()).unwrap();
        let left = contents(&root.parent().unwrap().join("state"));
        let mut left: Vec<_> = left.into_keys().collect();
        let other = claim_on(&lock.0, "another");
        left.retain(|name| name.starts_with("lock") && *name != other);
        assert_eq!(left, Vec::<String>::new(), "{claims:?}");
    }
}

#[test]
fn a_damaged_claim_holds_for_nobody() {
    let scratch = Scratch::new();
    let target = target(&scratch.root());
    leave(&scratch, &("lock.json".to_owned(), "1", 0));
    let above = scratch.root().parent().unwrap().to_owned();
    put(&above, &format!("state/{}", claim_on("lock.json", "1")), "");
    let site = tree(&[("index.html", "一")]);
    go((&scratch, &scratch), &target, &site, false).unwrap();
}

#[test]
fn of_several_runs_at_once_the_others_refuse_and_the_site_is_that_of_one() {
    const RUNS: usize = 6;
    // Also where a run that died has left its lock, and where the next one died while it took that over.
    for is_left in [[false, false], [true, false], [true, true]].repeat(8) {
        let scratch = Scratch::new();
        let target = target(&scratch.root());
        let left = [
            ("lock.json".to_owned(), "1", 0),
            (claim_on("lock.json", "1"), "2", 0),
        ];
        for (left, _) in left.iter().zip(is_left).filter(|(_, is_left)| *is_left) {
            leave(&scratch, left);
        }
        let barrier = Barrier::new(RUNS);
        let sites: Vec<_> = (0..RUNS)
            .map(|run| {
                let text = format!("{run} ").repeat(1000);
                tree(&[("index.html", &text), ("a/index.html", &text)])
            })
            .collect();
        let outcomes: Vec<_> = thread::scope(|scope| {
            let start = |site| {
                let (barrier, scratch, target) = (&barrier, &scratch, &target);
                scope.spawn(move || {
                    let own = Scratch::new();
                    barrier.wait();
                    go((scratch, &own), target, site, false)
                })
            };
            let runs: Vec<_> = sites.iter().map(start).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
        for problem in refused.flatten() {
            assert_eq!(problem.code, Code::Locked, "{problem:?}");
        }
        // One after another they may all have been at work; but no two at once.
        let done = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok());
        let releases: Vec<u64> = done.map(|published| published.release).collect();
        let different: BTreeSet<u64> = releases.iter().copied().collect();
        assert_eq!(different.len(), releases.len(), "{releases:?}");
        let www = contents(&scratch.root().parent().unwrap().join("www/qt"));
        assert_eq!(www["index.html"], www["a/index.html"]);
    }
}
