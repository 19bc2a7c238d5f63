//! A build that uses what an earlier process left equals one that starts from nothing, and whatever
//! is wrong with what was left does no harm.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test writes folders of its own and reads the theme of this repository"
)]

mod edits;
mod folder;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use edits::{Edits, Rng};
use folder::{Scratch, contents, put};
use yugang::compile::cache::{Cache, Files, Flaw, Inputs, Leavings, encode};
use yugang::compile::{Memo, Options, compile};
use yugang::diag::{Checked, Code, SourcePath, has_errors};
use yugang::model::date::Moment;
use yugang::model::digest::Digest;
use yugang::model::snapshot::{InputFile, Snapshot};
use yugang::model::tree::{OutFile, OutputTree};

/// What is written of a tree: digests and sizes.
fn files(tree: &OutputTree) -> Files {
    let file = |file: &OutFile| match file {
        OutFile::Kept { digest, size } | OutFile::Copy { digest, size, .. } => (*digest, *size),
        // What an image is, no one knows before it is made; its key stands for it.
        OutFile::Image(image) => (image.key(), 0),
        file => {
            let bytes = file.bytes().unwrap();
            (Digest::of(&bytes), bytes.len() as u64)
        }
    };
    tree.iter()
        .map(|(path, at)| (path.clone(), file(at)))
        .collect()
}

/// Builds with what is stored, as `yugang build` does; returns what it stores in turn.
fn build(
    snapshot: &Snapshot,
    options: &Options,
    stored: Option<&[u8]>,
) -> (Checked<OutputTree>, Option<Vec<u8>>) {
    let inputs = Inputs::of(snapshot, options);
    let cache = stored.map(|bytes| Cache::decode(bytes).unwrap());
    let unchanged = cache
        .as_ref()
        .and_then(|cache| cache.unchanged(&inputs, options.as_of));
    if let Some(unchanged) = unchanged {
        return (unchanged, stored.map(<[u8]>::to_vec));
    }
    let memo = cache.map(|cache| cache.into_memo(&inputs).unwrap());
    let mut memo = memo.unwrap_or_default().for_last_build();
    let built = compile(snapshot, options, &mut memo);
    let stored = if has_errors(&built.diagnostics) {
        stored.map(<[u8]>::to_vec)
    } else {
        let files = files(&built.value);
        let files = files
            .iter()
            .map(|(path, (digest, size))| (path, *digest, *size));
        let leavings = Leavings::of(memo, &inputs);
        let pieces = encode(
            &leavings,
            (&inputs, options.as_of),
            files,
            &built.diagnostics,
        );
        pieces.map(|pieces| pieces.concat())
    };
    (built, stored)
}

#[test]
fn a_build_from_a_cache_equals_a_cold_one_after_any_edit() {
    let mut kept = 0;
    for seed in 20..26 {
        let mut edits = Edits::new(40, Rng::new(seed));
        let mut stored = None;
        for _ in 0..60 {
            let what = edits.step();
            let (snapshot, options) = (edits.snapshot(), edits.options());
            let cold = compile(&snapshot, &options, &mut Memo::default());
            let (warm, left) = build(&snapshot, &options, stored.as_deref());
            assert_eq!(warm.diagnostics, cold.diagnostics, "seed {seed}, {what}");
            assert!(
                files(&warm.value) == files(&cold.value),
                "seed {seed}, {what}"
            );
            let is_kept = |file: &&OutFile| matches!(file, OutFile::Kept { .. });
            kept += warm.value.values().filter(is_kept).count();
            stored = left;
        }
    }
    assert!(kept > 3_000, "{kept}");
}

#[test]
fn the_same_inputs_at_a_later_minute_need_no_compiling() {
    let edits = Edits::new(40, Rng::new(1));
    let (snapshot, mut options) = (edits.snapshot(), edits.options());
    let (built, stored) = build(&snapshot, &options, None);
    let stored = stored.unwrap();
    options.as_of = options.as_of.date().at(23, 59, 0, 0);
    let cache = Cache::decode(&stored).unwrap();
    let unchanged = cache
        .unchanged(&Inputs::of(&snapshot, &options), options.as_of)
        .unwrap();
    assert!(files(&unchanged.value) == files(&built.value));
    options.drafts = true;
    assert!(
        cache
            .unchanged(&Inputs::of(&snapshot, &options), options.as_of)
            .is_none()
    );
}

#[test]
fn a_cache_is_not_used_when_something_has_become_due() {
    let mut edits = Edits::new(10, Rng::new(1));
    edits.hold_back_a_report("2021-05-21");
    let (snapshot, mut options) = (edits.snapshot(), edits.options());
    let (_, stored) = build(&snapshot, &options, None);
    let stored = stored.unwrap();
    let cache = Cache::decode(&stored).unwrap();
    assert!(
        cache
            .unchanged(&Inputs::of(&snapshot, &options), options.as_of)
            .is_some()
    );
    options.as_of = options.as_of.date().tomorrow().unwrap().at(0, 0, 0, 0);
    assert!(
        cache
            .unchanged(&Inputs::of(&snapshot, &options), options.as_of)
            .is_none()
    );
    options.as_of = options.as_of.date().yesterday().unwrap().at(0, 0, 0, 0);
    assert!(
        cache
            .unchanged(&Inputs::of(&snapshot, &options), options.as_of)
            .is_none(),
        "it was made later"
    );
}

/// What is said of a date that has not come is no longer said when it has, though no page differs.
#[test]
fn a_date_that_has_come_is_no_longer_warned_of() {
    let mut snapshot = Edits::new(0, Rng::new(1)).snapshot();
    let mut options = Edits::new(0, Rng::new(1)).options();
    let report = "---\ntitle: 甲\ndate: 2021-05-21 10:30\n---\n";
    let file = InputFile::of_bytes(report.as_bytes().to_vec());
    snapshot
        .files
        .insert(SourcePath::new("content/reports/a.md"), file);
    let mut stored = None;
    let mut memo = Memo::default();
    for (moment, is_warned) in [
        ("2021-05-20", true),
        ("2021-05-21 10:29", true),
        ("2021-05-21 10:30", false),
        ("2021-05-21 10:29", true),
    ] {
        options.as_of = Moment::parse(moment).unwrap().start();
        let cold = compile(&snapshot, &options, &mut Memo::default());
        let mut told = cold.diagnostics.iter().map(|found| found.code);
        assert_eq!(
            told.any(|code| code == Code::FutureDate),
            is_warned,
            "{moment}"
        );
        let warm = compile(&snapshot, &options, &mut memo);
        assert_eq!(warm.diagnostics, cold.diagnostics, "{moment}");
        let (from_cache, left) = build(&snapshot, &options, stored.as_deref());
        assert_eq!(from_cache.diagnostics, cold.diagnostics, "{moment}");
        stored = left;
    }
}

/// What is shown of an event that does not repeat, of rotas and of meetings that were due depends on the
/// month and the year too.
#[test]
fn a_cache_is_not_used_when_another_month_has_begun() {
    let mut snapshot = Edits::new(0, Rng::new(1)).snapshot();
    let mut options = Edits::new(0, Rng::new(1)).options();
    let turns = "turns: [{month: 1, lead: a}, {month: 5, lead: a}, {month: 6, lead: a}]\n";
    let cadence = "title: 站\nbase_url: https://example.org/\nowner: 街道\nshow_gaps: true\n\
        cadence: [{meeting: working, every: month, since: 2021-01-01}]\n";
    for (path, text) in [
        ("site.yaml", cadence.to_owned()),
        (
            "content/organizations/a.md",
            String::from("---\ntitle: 甲\nkind: other\n---\n"),
        ),
        ("content/rota/2021.yaml", format!("title: 2021年\n{turns}")),
        ("content/rota/2022.yaml", format!("title: 2022年\n{turns}")),
        (
            "content/events/e.md",
            String::from("---\ntitle: 活动\nstart: 2021-05-22\norganizations: [a]\n---\n"),
        ),
        (
            "content/meetings/m.md",
            String::from("---\ntitle: 例会\nkind: working\ndate: 2021-04-02\n---\n"),
        ),
    ] {
        let file = InputFile::of_bytes(text.into_bytes());
        snapshot.files.insert(SourcePath::new(path), file);
    }
    let mut stored = None;
    let mut before = None;
    let mut memo = Memo::default();
    for moment in ["2021-05-20", "2021-06-01", "2021-12-31", "2022-01-01"] {
        options.as_of = Moment::parse(moment).unwrap().start();
        let cold = compile(&snapshot, &options, &mut Memo::default());
        let (from_cache, left) = build(&snapshot, &options, stored.as_deref());
        let cold = files(&cold.value);
        assert!(files(&from_cache.value) == cold, "{moment}");
        let warm = compile(&snapshot, &options, &mut memo);
        assert!(files(&warm.value) == cold, "{moment}");
        assert!(before.as_ref() != Some(&cold), "{moment} changes nothing");
        before = Some(cold);
        stored = left;
    }
}

#[test]
fn damaged_and_foreign_caches_are_refused() {
    let edits = Edits::new(5, Rng::new(1));
    let (_, stored) = build(&edits.snapshot(), &edits.options(), None);
    let stored = stored.unwrap();
    assert!(Cache::decode(&stored).is_ok());
    let head = stored.iter().position(|byte| *byte == b'\n').unwrap();
    for end in (0..stored.len()).step_by(97) {
        assert!(Cache::decode(&stored[..end]).is_err(), "{end}");
    }
    let mut rng = Rng::new(3);
    for _ in 0..300 {
        let mut damaged = stored.clone();
        let at = rng.below(damaged.len());
        damaged[at] ^= 1 << rng.below(8);
        let flaw = Cache::decode(&damaged).unwrap_err();
        let expected = if at <= head {
            Flaw::Foreign
        } else {
            Flaw::Damaged
        };
        assert_eq!(flaw, expected, "{at}");
    }
    assert_eq!(Cache::decode(b"").unwrap_err(), Flaw::Foreign);
    assert_eq!(
        Cache::decode(b"yugang cache 9.9.9 0\n").unwrap_err(),
        Flaw::Foreign
    );
}

fn a_site() -> Scratch {
    let scratch = Scratch::new();
    let root = scratch.root();
    for (path, bytes) in contents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("themes")) {
        put(&root, &format!("themes/{path}"), bytes);
    }
    put(
        &root,
        "site.yaml",
        "title: 站\nbase_url: https://example.org/\nowner: 街道\n",
    );
    put(&root, "content/pages/a.md", "---\ntitle: 甲\n---\n正文。\n");
    put(
        &root,
        "content/reports/b.md",
        "---\ntitle: 乙\ndate: 2021-04-01\n---\n正文。\n",
    );
    scratch
}

fn command(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yugang"));
    command.args(["build", "--lang", "zh", "-v", "--as-of", "2021-05-20"]);
    command.current_dir(root);
    command
}

fn run(root: &Path) -> String {
    let Output { status, stderr, .. } = command(root).output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{stderr}");
    stderr
}

#[test]
fn a_damaged_cache_is_told_and_replaced() {
    let scratch = a_site();
    run(&scratch.root());
    let public = contents(&scratch.root().join("public"));
    let cache = scratch.root().join("public/.yugang/cache");
    let mut bytes = fs::read(&cache).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&cache, bytes).unwrap();
    let told = run(&scratch.root());
    assert!(
        told.contains("[cache]") && told.contains("已损坏"),
        "{told}"
    );
    assert_eq!(contents(&scratch.root().join("public")), public);
    assert!(!run(&scratch.root()).contains("[cache]"));
}

#[test]
fn pages_that_somebody_took_away_or_changed_are_written_again() {
    let scratch = a_site();
    run(&scratch.root());
    let out = scratch.root().join("public");
    let public = contents(&out);
    fs::remove_file(out.join("about/index.html")).ok();
    fs::remove_dir_all(out.join("reports")).unwrap();
    run(&scratch.root());
    assert_eq!(contents(&out), public);
    // Of the same length, and with another time of change.
    let page = out.join("404.html");
    let text = fs::read_to_string(&page).unwrap().replace("title", "tltle");
    fs::write(&page, text).unwrap();
    let _ = command(&scratch.root()).output().unwrap();
    put(
        &scratch.root(),
        "content/pages/a.md",
        "---\ntitle: 甲甲\n---\n正文。\n",
    );
    let _ = command(&scratch.root()).output().unwrap();
    fs::remove_dir_all(&out).unwrap();
    run(&scratch.root());
    let cold = contents(&out);
    run(&scratch.root());
    assert_eq!(contents(&out), cold);
}

#[test]
fn two_builds_at_once_leave_a_site_and_a_cache_that_hold() {
    let scratch = a_site();
    let root = scratch.root();
    run(&root);
    for round in 0..6 {
        let text = format!("---\ntitle: 第{round}次\n---\n正文{round}。\n");
        put(&root, "content/pages/a.md", text);
        let both = [
            command(&root).spawn().unwrap(),
            command(&root).spawn().unwrap(),
        ];
        let ended = both.map(|mut build| build.wait().unwrap().success());
        assert!(ended.contains(&true), "one of them has the lock");
        let warm = contents(&root.join("public"));
        run(&root);
        fs::remove_dir_all(root.join("public")).unwrap();
        run(&root);
        assert_eq!(contents(&root.join("public")), warm);
    }
}
