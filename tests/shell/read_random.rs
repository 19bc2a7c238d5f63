//! Whatever happens to a site's folder: refreshing what is known of it gives what reading it
//! afresh gives.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::folder::{Scratch, put};
use proptest::prelude::*;
use proptest::sample::select;
use yugang::diag::sort;
use yugang::model::snapshot::{InputFile, Snapshot};
use yugang::shell::read::{Changes, Folder, LARGEST_TEXT, read};

#[derive(Debug, Clone)]
enum Step {
    Write(PathBuf, &'static str),
    /// A file of the same size and time but another content.
    WriteKeepingTime(PathBuf, &'static str),
    /// As editors save: a new file takes the place of the old one.
    Replace(PathBuf, &'static str),
    Enlarge(PathBuf),
    MakeFolder(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    Link(PathBuf, &'static str),
    RemoveRoot,
}

/// What a refresh is told.
#[derive(Debug, Clone, Copy)]
enum Told {
    /// The paths, below the root.
    Paths,
    /// The paths, absolute.
    Absolute,
    /// The folders they lie in.
    Folders,
    Everything,
    /// Nothing yet: the next refresh is told.
    Later,
}

fn path() -> impl Strategy<Value = PathBuf> {
    let top = select(vec![
        "site.yaml",
        "site.yml",
        "content",
        "content",
        "content",
        "content",
        "Content",
        "themes",
        "static",
        "public",
    ]);
    let name = || {
        select(vec![
            "a.md",
            "A.md",
            "b",
            "b",
            "caf\u{e9}",
            "cafe\u{301}",
            "c.yaml",
            ".x",
            "x.jpg",
            "a.tmp",
        ])
    };
    (top, prop::collection::vec(name(), 0..4)).prop_map(|(top, names)| {
        let is_folder = !top.starts_with("site");
        let names = names.into_iter().filter(|_| is_folder);
        std::iter::once(top).chain(names).collect()
    })
}

fn content() -> impl Strategy<Value = &'static str> {
    select(vec!["one", "two", "正文"])
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (path(), content()).prop_map(|(path, content)| Step::Write(path, content)),
        3 => (path(), content()).prop_map(|(path, content)| Step::WriteKeepingTime(path, content)),
        3 => (path(), content()).prop_map(|(path, content)| Step::Replace(path, content)),
        1 => path().prop_map(Step::Enlarge),
        2 => path().prop_map(Step::MakeFolder),
        5 => (path(), path()).prop_map(|(from, to)| Step::Rename(from, to)),
        4 => path().prop_map(Step::Remove),
        1 => (path(), select(vec!["a.md", "..", "nowhere"]))
            .prop_map(|(path, target)| Step::Link(path, target)),
        1 => Just(Step::RemoveRoot),
    ]
}

fn told() -> impl Strategy<Value = Told> {
    prop_oneof![
        6 => Just(Told::Paths),
        2 => Just(Told::Absolute),
        1 => Just(Told::Folders),
        2 => Just(Told::Everything),
        2 => Just(Told::Later),
    ]
}

impl Step {
    /// Does it, where that is possible; names every path that may have changed.
    fn apply(&self, root: &Path) -> Vec<PathBuf> {
        match self {
            Step::Write(path, content) => {
                make_folder(root, path);
                fs::write(root.join(path), content).ok();
                vec![path.clone()]
            }
            Step::WriteKeepingTime(path, content) => {
                let time = fs::metadata(root.join(path)).and_then(|found| found.modified());
                if let (Ok(time), Ok(mut file)) = (time, File::create(root.join(path))) {
                    std::io::Write::write_all(&mut file, content.as_bytes()).unwrap();
                    file.set_modified(time).unwrap();
                }
                vec![path.clone()]
            }
            Step::Replace(path, content) => {
                let new = root.join(".new");
                if fs::write(&new, content).is_ok() {
                    fs::rename(&new, root.join(path)).ok();
                }
                vec![path.clone()]
            }
            Step::Enlarge(path) => {
                if let Ok(file) = File::options().write(true).open(root.join(path)) {
                    file.set_len(LARGEST_TEXT + 1).unwrap();
                }
                vec![path.clone()]
            }
            Step::MakeFolder(path) => {
                fs::create_dir_all(root.join(path)).ok();
                // The first that is new is enough, and any above it is as good.
                vec![path.iter().take(1).collect()]
            }
            Step::Rename(from, to) => {
                fs::rename(root.join(from), root.join(to)).ok();
                vec![from.clone(), to.clone()]
            }
            Step::Remove(path) => {
                remove(&root.join(path));
                vec![path.clone()]
            }
            Step::Link(path, target) => {
                #[cfg(unix)]
                std::os::unix::fs::symlink(target, root.join(path)).ok();
                let _ = target;
                vec![path.clone()]
            }
            Step::RemoveRoot => {
                remove(root);
                vec![PathBuf::new()]
            }
        }
    }
}

/// Makes the folder that `path` lies in; files that are in the way stay.
fn make_folder(root: &Path, path: &Path) {
    fs::create_dir_all(root.join(path).parent().unwrap()).ok();
}

fn remove(path: &Path) {
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()) {
        fs::remove_dir_all(path).unwrap();
    } else {
        fs::remove_file(path).ok();
    }
}

/// Where the paths lead when links are followed: what is written to a link changes the file it leads to,
/// and that is what a watcher names.
fn reached(root: &Path, paths: &[PathBuf]) -> Vec<PathBuf> {
    let Ok(real_root) = root.canonicalize() else {
        return Vec::new();
    };
    let followed = paths.iter().flat_map(|path| {
        let here = root.join(path);
        let beside = here.parent().and_then(|above| above.canonicalize().ok());
        let beside = beside.and_then(|above| Some(above.join(here.file_name()?)));
        [here.canonicalize().ok(), beside]
    });
    let followed = followed.flatten();
    followed
        .filter_map(|real| Some(real.strip_prefix(&real_root).ok()?.to_owned()))
        .collect()
}

fn changes(paths: &[PathBuf], root: &Path, told: Told) -> Changes {
    match told {
        Told::Paths => paths.iter().cloned().collect(),
        Told::Absolute => paths.iter().map(|path| root.join(path)).collect(),
        Told::Folders => paths
            .iter()
            .map(|path| path.parent().unwrap_or(path))
            .collect(),
        Told::Everything | Told::Later => Changes::everything(),
    }
}

/// The paths of files whose content stayed but whose allocation did not.
fn moved<'a>(before: &'a Snapshot, after: &Snapshot) -> Vec<&'a str> {
    let is_moved = |one: &InputFile, other: &InputFile| match (one, other) {
        (InputFile::Text(one), InputFile::Text(other)) => {
            one == other && one.as_ptr() != other.as_ptr()
        }
        _ => false,
    };
    let both = before
        .files
        .iter()
        .filter_map(|(path, file)| Some((path, file, after.files.get(path)?)));
    // Names in two forms may be two files.
    both.filter(|(path, one, other)| path.as_str().is_ascii() && is_moved(one, other))
        .map(|(path, _, _)| path.as_str())
        .collect()
}

fn play(steps: &[(Step, Told)]) {
    let scratch = Scratch::new();
    let root = scratch.root();
    let mut folder = Folder::new(&root);
    folder.refresh(&Changes::none());
    let mut paths = Vec::new();
    let mut history = Vec::new();
    for (step, told) in steps {
        let is_new_root = !root.exists();
        history.push(step);
        let named = step.apply(&root);
        paths.extend(reached(&root, &named));
        paths.extend(named);
        if is_new_root {
            paths.push(PathBuf::new());
        }
        if matches!(told, Told::Later) {
            continue;
        }
        let before = (folder.snapshot().clone(), folder.diagnostics());
        let is_changed = folder.refresh(&changes(&paths, &root, *told));
        paths.clear();
        let fresh = read(&root);
        let shown = |snapshot: &Snapshot| format!("{:#?}", short(snapshot));
        assert_eq!(
            shown(folder.snapshot()),
            shown(&fresh.value),
            "after {history:#?} told {told:?}"
        );
        let (mut found, mut expected) = (folder.diagnostics(), fresh.diagnostics);
        if !is_changed {
            assert_eq!(shown(&before.0), shown(folder.snapshot()), "{history:#?}");
            assert_eq!(before.1, found, "{history:#?}");
        }
        sort(&mut found);
        sort(&mut expected);
        assert_eq!(found, expected, "after {history:#?} told {told:?}");
        assert_eq!(moved(&before.0, folder.snapshot()), [""; 0], "{history:#?}");
    }
}

/// The snapshot with the sizes of long files only.
fn short(snapshot: &Snapshot) -> Vec<(&str, String)> {
    let files = snapshot.files.iter();
    files
        .map(|(path, file)| match file.bytes() {
            Some(bytes) if bytes.len() > 100 => (path.as_str(), bytes.len().to_string()),
            _ => (path.as_str(), format!("{file:?}")),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(120) })]

    #[test]
    fn refreshing_what_changed_gives_what_a_fresh_reading_gives(
        steps in prop::collection::vec((step(), told()), 15..30)
    ) {
        play(&steps);
    }
}

#[test]
fn what_is_written_through_a_link_changes_the_file_that_it_leads_to() {
    let write = |path: &str, content| (Step::Write(path.into(), content), Told::Paths);
    let link = Step::Link("content/b".into(), "a.md");
    play(&[
        write("content/a.md", "one"),
        (link, Told::Paths),
        write("content/b", "two"),
    ]);
}

#[test]
fn what_changes_nothing_is_no_change() {
    let scratch = Scratch::new();
    let root = scratch.root();
    put(&root, "site.yaml", "title: 渔港\n");
    put(&root, "content/a.md", "one");
    let mut folder = Folder::new(&root);
    assert!(folder.refresh(&Changes::none()));
    put(&root, "content/a.md", "one");
    let changes = Changes::from_iter(["content/a.md", "content/a.md~", "public/index.html"]);
    assert!(!folder.refresh(&changes));
    assert!(!folder.refresh(&Changes::none()));
    assert!(!folder.refresh(&Changes::everything()));
    put(&root, "content/a.md", "two");
    assert!(folder.refresh(&changes));
}
