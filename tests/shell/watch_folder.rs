//! Watching a site's folder: every change wakes, and what woke is enough to know the folder anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::folder::{self, Scratch, put};
use yugang::diag::sort;
use yugang::shell::read::{Changes, Folder, read};
use yugang::shell::watch::{Mode, Wake, Watcher};

const MODES: [Mode; 2] = [Mode::Native, Mode::Poll];

/// Longer than any wake should take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A site that is watched.
struct Watched {
    scratch: Scratch,
    watcher: Watcher,
    folder: Folder,
    mode: Mode,
}

impl Watched {
    fn new(mode: Mode) -> Self {
        let scratch = Scratch::new();
        put(&scratch.root(), "site.yaml", "title: 渔港\n");
        put(&scratch.root(), "content/a.md", "one");
        put(&scratch.root(), "content/reports/2021/b.md", "one");
        let watcher = Watcher::start(&scratch.root(), mode);
        let mut folder = Folder::new(&scratch.root());
        folder.refresh(&Changes::everything());
        Watched {
            scratch,
            watcher,
            folder,
            mode,
        }
    }

    fn root(&self) -> PathBuf {
        self.scratch.root()
    }

    fn put(&self, path: &str, content: &str) {
        put(&self.root(), path, content);
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.root().join(from), self.root().join(to)).unwrap();
    }

    /// Waits until what is known is what is there; returns how often it was woken.
    #[track_caller]
    fn follows(&mut self) -> usize {
        let fresh = read(&self.root());
        let expected = shown(&fresh.value, fresh.diagnostics);
        let deadline = Instant::now() + PATIENCE;
        let mut wakes = 0;
        while shown(self.folder.snapshot(), self.folder.diagnostics()) != expected {
            match self.watcher.next(Some(deadline)) {
                Wake::Changed(changes) => {
                    self.folder.refresh(&changes);
                    wakes += 1;
                }
                other => panic!("{other:?} in {:?} after {wakes} wakes", self.mode),
            }
        }
        wakes
    }

    /// Marks the end of what is awaited by a change that cannot go unnoticed; returns what else
    /// was named before it.
    fn others(&mut self) -> Vec<PathBuf> {
        self.put("content/end.md", "the end");
        let end = Path::new("content/end.md");
        let mut named = Vec::new();
        while let Wake::Changed(changes) = self.watcher.next(Some(Instant::now() + PATIENCE)) {
            assert!(!changes.is_everything());
            named.extend(changes.paths().map(Path::to_owned));
            if named.iter().any(|path| path == end) {
                named.retain(|path| path != end);
                return named;
            }
        }
        panic!("the end was not noticed");
    }
}

fn shown(
    snapshot: &yugang::model::snapshot::Snapshot,
    mut diagnostics: Vec<yugang::diag::Diagnostic>,
) -> String {
    sort(&mut diagnostics);
    format!("{:?}\n{diagnostics:?}", snapshot.files)
}

fn in_both_modes(test: impl Fn(&mut Watched) + Sync) {
    std::thread::scope(|scope| {
        for mode in MODES {
            let test = &test;
            scope.spawn(move || test(&mut Watched::new(mode)));
        }
    });
}

#[test]
fn files_that_come_change_and_go_are_noticed() {
    in_both_modes(|site| {
        site.put("content/new.md", "new");
        assert!(site.follows() > 0);
        site.put("content/a.md", "two");
        assert!(site.follows() > 0);
        site.put("site.yaml", "title: 码头\n");
        assert!(site.follows() > 0);
        fs::remove_file(site.root().join("content/a.md")).unwrap();
        assert!(site.follows() > 0);
        site.rename("content/new.md", "content/reports/2021/renamed.md");
        assert!(site.follows() > 0);
        fs::remove_file(site.root().join("site.yaml")).unwrap();
        assert!(site.follows() > 0);
        site.put("site.yml", "title: 渔港\n");
        assert!(site.follows() > 0);
    });
}

#[test]
fn folders_that_come_move_and_go_are_noticed_with_what_is_in_them() {
    in_both_modes(|site| {
        site.put("content/reports/2022/c/d/deep.md", "one");
        assert!(site.follows() > 0);
        site.put("content/reports/2022/c/d/deep.md", "two");
        assert!(site.follows() > 0);
        site.rename("content/reports", "content/notices");
        assert!(site.follows() > 0);
        site.put("content/notices/2022/c/d/deep.md", "three");
        assert!(site.follows() > 0);
        site.rename("content/notices/2022", "content/notices/2021/c");
        site.rename("content/notices/2021", "content/notices/2022");
        assert!(site.follows() > 0);
        site.put("content/notices/2022/c/c/d/deep.md", "four");
        assert!(site.follows() > 0);
        fs::remove_dir_all(site.root().join("content/notices/2022")).unwrap();
        assert!(site.follows() > 0);
        // From elsewhere, in whole, and back.
        let outside = site.root().with_file_name("另一处");
        put(&outside, "里面/a.md", "one");
        fs::rename(&outside, site.root().join("content/moved")).unwrap();
        assert!(site.follows() > 0);
        site.put("content/moved/里面/a.md", "two");
        assert!(site.follows() > 0);
        fs::rename(site.root().join("content/moved"), &outside).unwrap();
        assert!(site.follows() > 0);
        site.put("themes/harbor/theme.yaml", "name: harbor");
        assert!(site.follows() > 0);
        site.put("themes/harbor/assets/a.css", "a {}");
        assert!(site.follows() > 0);
    });
}

#[test]
fn editors_that_replace_files_are_noticed_every_time() {
    in_both_modes(|site| {
        for content in ["two", "six", "ten"] {
            site.put("content/a.md~new", content);
            site.rename("content/a.md~new", "content/a.md");
            assert!(site.follows() > 0);
            // As Vim saves: the old file steps aside.
            site.rename("content/a.md", "content/a.md~");
            site.put("content/a.md", &format!("{content}!"));
            fs::remove_file(site.root().join("content/a.md~")).unwrap();
            assert!(site.follows() > 0);
        }
    });
}

#[test]
fn many_files_at_once_are_a_few_wakes() {
    in_both_modes(|site| {
        for number in 0..1_000 {
            site.put(&format!("content/many/{}/{number}.md", number % 7), "one");
        }
        let wakes = site.follows();
        assert!((1..=12).contains(&wakes), "{wakes} in {:?}", site.mode);
        // Those that were written while the folders were new are watched too.
        site.put("content/many/3/3.md", "two");
        assert!(site.follows() > 0);
        fs::remove_dir_all(site.root().join("content/many")).unwrap();
        assert!((1..=12).contains(&site.follows()));
    });
}

#[test]
fn what_is_not_read_does_not_wake() {
    in_both_modes(|site| {
        site.put("public/index.html", "old");
        site.put(".git/index", "git");
        site.put("README.md", "readme");
        site.put("content/.a.md.swp", "");
        site.put("content/a.md~", "");
        site.put("content/.obsidian/workspace", "");
        site.put("content/~$公文.docx", "");
        site.put("content/a.md___jb_tmp___", "");
        fs::read(site.root().join("content/a.md")).unwrap();
        read(&site.root());
        let others = site.others();
        assert!(others.is_empty(), "{others:?} in {:?}", site.mode);
    });
}

#[test]
fn folders_of_the_site_that_are_made_anew_are_watched() {
    in_both_modes(|site| {
        fs::remove_dir_all(site.root().join("content")).unwrap();
        assert!(site.follows() > 0);
        site.put("content/a.md", "two");
        assert!(site.follows() > 0);
        site.put("content/a.md", "three");
        assert!(site.follows() > 0);
        // At once: nobody saw that it was gone.
        fs::remove_dir_all(site.root().join("content")).unwrap();
        site.put("content/b/c.md", "one");
        assert!(site.follows() > 0);
        site.put("content/b/c.md", "two");
        assert!(site.follows() > 0);
    });
}

#[test]
fn a_root_that_is_made_anew_is_watched() {
    in_both_modes(|site| {
        fs::remove_dir_all(site.root()).unwrap();
        assert!(site.follows() > 0);
        site.put("site.yaml", "title: 渔港\n");
        site.put("content/a.md", "one");
        assert!(site.follows() > 0);
        site.put("content/a.md", "two");
        assert!(site.follows() > 0);
        let aside = site.root().with_extension("aside");
        fs::rename(site.root(), &aside).unwrap();
        site.put("site.yaml", "title: 码头\n");
        assert!(site.follows() > 0);
        site.put("content/b.md", "three");
        assert!(site.follows() > 0);
        fs::remove_dir_all(site.root()).unwrap();
        fs::rename(aside, site.root()).unwrap();
        assert!(site.follows() > 0);
        site.put("content/a.md", "four");
        assert!(site.follows() > 0);
    });
}

#[test]
fn waiting_ends_at_the_deadline_and_when_another_thread_says_so() {
    in_both_modes(|site| {
        let soon = Instant::now() + Duration::from_millis(30);
        assert_eq!(site.watcher.next(Some(soon)), Wake::Deadline);
        assert!(Instant::now() >= soon);
        let remote = site.watcher.remote();
        remote.ask();
        assert_eq!(site.watcher.next(None), Wake::Asked);
        std::thread::scope(|scope| {
            scope.spawn(move || remote.stop());
            assert_eq!(site.watcher.next(None), Wake::Closed);
        });
        assert_eq!(site.watcher.next(None), Wake::Closed);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_when_watchers_come_and_go() {
    let open = || fs::read_dir("/proc/self/fd").unwrap().count();
    let scratch = Scratch::new();
    put(&scratch.root(), "content/a.md", "one");
    let before = open();
    for _ in 0..100 {
        for mode in MODES {
            drop(Watcher::start(&scratch.root(), mode));
        }
    }
    // The other tests of this binary open some meanwhile.
    let deadline = Instant::now() + PATIENCE;
    while open() > before + 60 && Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert!(open() <= before + 60);
}

#[cfg(unix)]
#[test]
fn links_do_not_end_the_watching() {
    in_both_modes(|site| {
        let root = site.root();
        std::os::unix::fs::symlink("..", root.join("content/link")).unwrap();
        assert!(site.follows() > 0);
        site.put("content/a.md", "two");
        assert!(site.follows() > 0);
        std::os::unix::fs::symlink("content", root.join("static")).unwrap();
        assert!(site.follows() > 0);
        fs::remove_file(root.join("static")).unwrap();
        site.put("static/robots.txt", "robots");
        assert!(site.follows() > 0);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn locked_files_and_folders_are_noticed_and_end_nothing() {
    use std::os::unix::fs::PermissionsExt;
    if folder::ran_without_privilege(
        "watch_folder::locked_files_and_folders_are_noticed_and_end_nothing",
    ) {
        return;
    }
    in_both_modes(|site| {
        let root = site.root();
        let allow = |path: &str, mode: u32| {
            fs::set_permissions(root.join(path), fs::Permissions::from_mode(mode)).unwrap();
        };
        for path in ["content/a.md", "content/reports"] {
            allow(path, 0o000);
            assert!(site.follows() > 0);
            allow(path, 0o700);
            assert!(site.follows() > 0);
        }
        site.put("content/reports/2021/b.md", "two");
        assert!(site.follows() > 0);
        // A folder that arrives with a locked one in it.
        put(&root, "aside/1/x.md", "one");
        put(&root, "aside/2/x.md", "one");
        put(&root, "aside/3/x.md", "one");
        allow("aside/2", 0o000);
        site.rename("aside", "content/new");
        assert!(site.follows() > 0);
        for number in [1, 3] {
            site.put(&format!("content/new/{number}/x.md"), "two");
            assert!(site.follows() > 0);
        }
        allow("content/new/2", 0o700);
        assert!(site.follows() > 0);
        site.put("content/new/2/x.md", "two");
        assert!(site.follows() > 0);
    });
}
