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

/// Leaves the lock of a run that has died.
fn leave(scratch: &Scratch) {
    let lock = r#"{"id":"1","holder":"machine 1","expires":9000000000,"is_unfinished":true}"#;
    put(scratch.root().parent().unwrap(), "state/lock.json", lock);
}

#[test]
fn while_one_is_at_work_others_are_refused_and_one_that_died_is_in_nobodys_way() {
    let scratch = Scratch::new();
    let target = target(&scratch.root());
    leave(&scratch);
    let site = tree(&[("index.html", "一"), ("a.jpg", "二")]);
    let (root, out) = (scratch.root(), scratch.out());
    let refusals = Mutex::new(Vec::new());
    let other = Scratch::new();
    let meanwhile = |_: Progress| {
        // A thread cannot publish while it publishes.
        let run = || go((&scratch, &other), &target, &site, false).unwrap_err();
        let refused = thread::scope(|scope| scope.spawn(run).join().unwrap());
        refusals.lock().unwrap().extend(refused);
    };
    let (asked, expires) = (Asked::default(), BTreeMap::new());
    let (places, site) = ((&*root, &*out), (&site, &expires));
    publish(places, &target, site, &asked, (&|_, _| {}, &meanwhile)).unwrap();
    let refusals = refusals.into_inner().unwrap();
    assert_eq!(refusals.len(), 2);
    assert!(refusals.iter().all(|found| found.code == Code::Locked));
    let state = contents(&root.parent().unwrap().join("state"));
    assert_eq!(state["lock.json"], b"");
}

#[test]
fn of_several_runs_at_once_the_others_refuse_and_the_site_is_that_of_one() {
    const RUNS: usize = 6;
    // Also where a run that died has left its lock.
    for is_left in [false, true].repeat(8) {
        let scratch = Scratch::new();
        let target = target(&scratch.root());
        if is_left {
            leave(&scratch);
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
