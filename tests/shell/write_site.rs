//! Writing a site into an output folder: what stays, what goes, what is refused.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::folder::{self, Scratch, contents, copy_of, put, tree};
use yugang::diag::{Code, Diagnostic};
use yugang::model::digest::Digest;
use yugang::model::tree::{OutFile, OutPath, OutputTree};
use yugang::shell::write::{Written, write};

fn write_into(scratch: &Scratch, tree: &OutputTree) -> Result<Written, Vec<Diagnostic>> {
    write(&scratch.root(), &scratch.out(), tree)
}

fn refused(scratch: &Scratch, tree: &OutputTree) -> Diagnostic {
    let diagnostics = write_into(scratch, tree).unwrap_err();
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    let diagnostic = diagnostics.into_iter().next().unwrap();
    assert!(!diagnostic.hints.is_empty(), "{diagnostic:#?}");
    assert_ne!(diagnostic.message.zh, diagnostic.message.en);
    diagnostic
}

fn as_written(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let file = |(path, content): &(&str, &str)| ((*path).to_owned(), content.as_bytes().to_vec());
    files.iter().map(file).collect()
}

#[test]
fn a_site_is_written_then_left_alone_then_changed() {
    let scratch = Scratch::new();
    let first = [
        ("index.html", "一"),
        ("报告/2021/index.html", "报告"),
        ("assets/a.css", "a"),
    ];
    let done = write_into(&scratch, &tree(&first)).unwrap();
    assert_eq!((done.written, done.unchanged, done.removed), (3, 0, 0));
    assert_eq!(done.bytes, 10);
    assert_eq!(contents(&scratch.out()), as_written(&first));

    let again = write_into(&scratch, &tree(&first)).unwrap();
    assert_eq!((again.written, again.unchanged, again.bytes), (0, 3, 0));

    let second = [("index.html", "二"), ("assets/a.css", "a")];
    let done = write_into(&scratch, &tree(&second)).unwrap();
    assert_eq!((done.written, done.unchanged, done.removed), (1, 1, 1));
    assert_eq!(contents(&scratch.out()), as_written(&second));
    assert!(!scratch.out().join("报告").exists());
    assert!(!scratch.out().join(".yugang/tmp").exists());
}

#[test]
fn an_unchanged_file_is_not_touched() {
    let scratch = Scratch::new();
    let site = tree(&[("a/index.html", "a"), ("b/index.html", "b")]);
    write_into(&scratch, &site).unwrap();
    let changed = |path: &str| {
        fs::metadata(scratch.out().join(path))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = changed("a/index.html");
    write_into(
        &scratch,
        &tree(&[("a/index.html", "a"), ("b/index.html", "c")]),
    )
    .unwrap();
    assert_eq!(changed("a/index.html"), before);
}

#[test]
fn foreign_files_stay_and_so_do_their_folders() {
    let scratch = Scratch::new();
    write_into(
        &scratch,
        &tree(&[("a/b/index.html", "x"), ("a/c/index.html", "x")]),
    )
    .unwrap();
    put(&scratch.out(), "a/b/note.txt", "mine");
    fs::create_dir(scratch.out().join("leer")).unwrap();
    let done = write_into(&scratch, &tree(&[])).unwrap();
    assert_eq!(done.removed, 2);
    assert_eq!(
        contents(&scratch.out()),
        as_written(&[("a/b/note.txt", "mine")])
    );
    assert!(!scratch.out().join("a/c").exists());
    assert!(scratch.out().join("leer").exists());
}

#[test]
fn a_foreign_file_in_the_way_stops_everything() {
    let scratch = Scratch::new();
    let old = [("index.html", "old")];
    write_into(&scratch, &tree(&old)).unwrap();
    put(&scratch.out(), "a/index.html", "mine");
    let problem = refused(
        &scratch,
        &tree(&[("index.html", "new"), ("a/index.html", "ours")]),
    );
    assert_eq!(problem.code, Code::OccupiedPath);
    assert!(problem.message.zh.contains("a/index.html"));
    let expected = as_written(&[("index.html", "old"), ("a/index.html", "mine")]);
    assert_eq!(contents(&scratch.out()), expected);

    // The same bytes are adopted, and ours from then on.
    write_into(&scratch, &tree(&[("a/index.html", "mine")])).unwrap();
    write_into(&scratch, &tree(&[])).unwrap();
    assert_eq!(contents(&scratch.out()), as_written(&[]));
}

#[test]
fn a_file_that_somebody_changed_is_not_removed_with_its_page() {
    let scratch = Scratch::new();
    write_into(
        &scratch,
        &tree(&[("a.html", "a"), ("b.html", "b"), ("c/d.html", "d")]),
    )
    .unwrap();
    put(&scratch.out(), "a.html", "x");
    put(&scratch.out(), "c/d.html", "another length");
    let done = write_into(&scratch, &tree(&[("c.html", "c")])).unwrap();
    assert_eq!((done.written, done.removed), (1, 1));
    let left: Vec<&str> = done.let_go.iter().map(|path| path.as_str()).collect();
    assert_eq!(left, ["a.html", "c/d.html"]);
    let stays = [
        ("a.html", "x"),
        ("c.html", "c"),
        ("c/d.html", "another length"),
    ];
    assert_eq!(contents(&scratch.out()), as_written(&stays));
    // It is foreign from now on.
    let again = write_into(&scratch, &tree(&[("c.html", "c")])).unwrap();
    assert!(again.let_go.is_empty());
    let blocked = refused(&scratch, &tree(&[("c", "x")]));
    assert_eq!(blocked.code, Code::OccupiedPath);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    use std::os::unix::fs::symlink;
    let scratch = Scratch::new();
    let elsewhere = scratch.root().join("elsewhere");
    put(&elsewhere, "x.html", "precious");
    write_into(&scratch, &tree(&[("a.html", "old"), ("d/x.html", "old")])).unwrap();
    fs::remove_file(scratch.out().join("a.html")).unwrap();
    fs::remove_dir_all(scratch.out().join("d")).unwrap();
    symlink(elsewhere.join("x.html"), scratch.out().join("a.html")).unwrap();
    symlink(&elsewhere, scratch.out().join("d")).unwrap();
    for site in [[("a.html", "new")], [("d/x.html", "new")]] {
        let problem = refused(&scratch, &tree(&site));
        assert_eq!(problem.code, Code::OccupiedPath);
    }
    write_into(&scratch, &tree(&[("b.html", "b")])).unwrap();
    assert_eq!(fs::read(elsewhere.join("x.html")).unwrap(), b"precious");
    assert!(scratch.out().join("a.html").is_symlink());
}

#[test]
fn photos_are_copied_and_a_photo_changed_or_gone_since_it_was_read_is_an_error() {
    let scratch = Scratch::new();
    let photo = "长".repeat(100_000);
    put(&scratch.root(), "content/清洁日/一.jpg", &photo);
    let site = OutputTree::from([copy_of(
        "a/一.jpg",
        "content/清洁日/一.jpg",
        photo.as_bytes(),
    )]);
    write_into(&scratch, &site).unwrap();
    assert_eq!(
        contents(&scratch.out()),
        as_written(&[("a/一.jpg", &photo)])
    );

    let other = Scratch::new();
    for change in ["短".repeat(100_000), "短".to_owned()] {
        put(&other.root(), "content/清洁日/一.jpg", &change);
        assert_eq!(refused(&other, &site).code, Code::Unreadable);
    }
    fs::remove_file(other.root().join("content/清洁日/一.jpg")).unwrap();
    let problem = refused(&other, &site);
    assert_eq!(problem.span.unwrap().file.as_str(), "content/清洁日/一.jpg");
    assert_eq!(contents(&other.out()), as_written(&[]));
    assert!(!other.out().join(".yugang/tmp").exists());
}

#[test]
fn a_photo_whose_name_the_disk_keeps_decomposed_is_found() {
    let scratch = Scratch::new();
    put(&scratch.root(), "content/cafe\u{301}/e\u{301}.jpg", "photo");
    let site = OutputTree::from([copy_of("e.jpg", "content/café/é.jpg", b"photo")]);
    write_into(&scratch, &site).unwrap();
    assert_eq!(contents(&scratch.out()), as_written(&[("e.jpg", "photo")]));
}

#[test]
fn a_damaged_or_newer_list_stops_the_run_and_nothing_is_touched() {
    let scratch = Scratch::new();
    let old = [("a.html", "old")];
    write_into(&scratch, &tree(&old)).unwrap();
    for (name, list) in [
        ("manifest.json", "{\"version\":1,\"fil"),
        ("manifest.json", ""),
        ("manifest.json", "{\"version\":99}"),
        (
            "manifest.json",
            "{\"version\":1,\"files\":{\"../x\":[\"0\",1,2]}}",
        ),
    ] {
        put(&scratch.out().join(".yugang"), name, list);
        assert_eq!(refused(&scratch, &tree(&[])).code, Code::Environment);
        assert_eq!(contents(&scratch.out()), as_written(&old));
    }
}

#[test]
fn without_its_list_the_folder_is_foreign() {
    let scratch = Scratch::new();
    write_into(&scratch, &tree(&[("a.html", "a"), ("b.html", "b")])).unwrap();
    fs::remove_dir_all(scratch.out().join(".yugang")).unwrap();
    write_into(&scratch, &tree(&[("a.html", "a")])).unwrap();
    let expected = as_written(&[("a.html", "a"), ("b.html", "b")]);
    assert_eq!(contents(&scratch.out()), expected);
}

#[test]
fn a_second_run_at_the_same_time_is_told_so() {
    let scratch = Scratch::new();
    write_into(&scratch, &tree(&[])).unwrap();
    let lock = fs::File::options()
        .write(true)
        .open(scratch.out().join(".yugang/lock"))
        .unwrap();
    lock.lock().unwrap();
    let problem = refused(&scratch, &tree(&[("a", "a")]));
    assert_eq!(problem.code, Code::Environment);
    assert_eq!(contents(&scratch.out()), as_written(&[]));
    lock.unlock().unwrap();
    write_into(&scratch, &tree(&[("a", "a")])).unwrap();
}

#[test]
fn an_output_folder_that_cannot_be_made_is_an_error() {
    let scratch = Scratch::new();
    put(&scratch.root(), "file", "");
    let out = scratch.root().join("file/public");
    let problems = write(&scratch.root(), &out, &tree(&[("a", "a")])).unwrap_err();
    assert_eq!(problems[0].code, Code::Environment);
    assert!(
        problems[0].message.zh.contains("不是文件夹"),
        "{problems:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_where_nobody_may_write_is_an_error() {
    let scratch = Scratch::new();
    let problems = write(&scratch.root(), Path::new("/proc/public"), &tree(&[])).unwrap_err();
    assert_eq!(problems[0].code, Code::Environment);
}

#[cfg(unix)]
#[test]
fn an_output_folder_without_permission_is_an_error_and_keeps_the_old_site() {
    use std::os::unix::fs::PermissionsExt;
    if folder::ran_without_privilege(
        "write_site::an_output_folder_without_permission_is_an_error_and_keeps_the_old_site",
    ) {
        return;
    }
    let scratch = Scratch::new();
    let old = [("a.html", "old")];
    write_into(&scratch, &tree(&old)).unwrap();
    for place in [scratch.out(), scratch.out().join(".yugang")] {
        fs::set_permissions(&place, fs::Permissions::from_mode(0o555)).unwrap();
        let problem = refused(&scratch, &tree(&[("a.html", "new"), ("b.html", "new")]));
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(problem.code, Code::Environment);
        assert!(problem.message.zh.contains("没有权限"), "{problem:?}");
        assert_eq!(contents(&scratch.out()), as_written(&old));
        assert!(!scratch.out().join(".yugang/tmp").exists());
    }
    // A refusal among the renames leaves whole files, and the next run ends the work.
    let done = write_into(&scratch, &tree(&[("b.html", "new")])).unwrap();
    assert_eq!((done.written, done.removed), (1, 1));
    assert_eq!(contents(&scratch.out()), as_written(&[("b.html", "new")]));
}

#[test]
fn a_name_too_long_for_the_disk_leaves_the_old_site() {
    let scratch = Scratch::new();
    let old = [("a.html", "old")];
    write_into(&scratch, &tree(&old)).unwrap();
    let long = format!("{}/index.html", "长".repeat(100));
    let problem = refused(&scratch, &tree(&[("a.html", "new"), (&long, "x")]));
    assert_eq!(problem.code, Code::Environment);
    assert!(problem.message.zh.contains("过长"), "{problem:?}");
    assert_eq!(contents(&scratch.out()), as_written(&old));
}

#[test]
fn paths_that_leave_the_folder_or_clash_are_refused() {
    let scratch = Scratch::new();
    for path in [
        "../x",
        "/x",
        "a/../../x",
        "",
        "a//b",
        ".yugang/manifest.json",
    ] {
        assert_eq!(
            refused(&scratch, &tree(&[(path, "x")])).code,
            Code::InvalidName
        );
    }
    assert_eq!(
        refused(&scratch, &tree(&[("a", "x"), ("a-b", "x"), ("a/b", "x")])).code,
        Code::InvalidName
    );
    assert!(!scratch.out().exists());
}

#[test]
fn the_sources_are_no_output_folder() {
    let scratch = Scratch::new();
    put(&scratch.root(), "content/a.md", "a");
    let root = scratch.root();
    for out in [
        root.clone(),
        root.join("content"),
        root.join("static/new"),
        root.join("x/../content"),
    ] {
        fs::create_dir_all(root.join("x")).unwrap();
        let problems = write(&root, &out, &tree(&[("a.md", "x")])).unwrap_err();
        assert_eq!(problems[0].code, Code::Environment, "{}", out.display());
    }
    assert_eq!(fs::read(root.join("content/a.md")).unwrap(), b"a");
}

#[test]
fn a_run_cut_off_before_its_end_claims_only_what_it_wrote() {
    let scratch = Scratch::new();
    write_into(
        &scratch,
        &tree(&[("a", "old"), ("gone", "x"), ("back", "x")]),
    )
    .unwrap();
    // As left by a run that was to write `a`, `new` and `late` and to remove `gone` and `back`,
    // and was cut off; then somebody put files where `late` was to be and where `back` was.
    let row = |content: &str| {
        format!(
            "[\"{}\",{},0]",
            Digest::of(content.as_bytes()),
            content.len()
        )
    };
    let next = format!(
        "{{\"version\":1,\"files\":{{\"a\":{},\"new\":{},\"late\":{}}}}}",
        row("new a"),
        row("new"),
        row("late")
    );
    let out = scratch.out();
    put(&out.join(".yugang"), "next.json", &next);
    put(&out.join(".yugang/tmp/x"), "leftover", "x");
    put(&out, "new", "new");
    put(&out, "late", "mine");
    put(&out, "back", "mine");
    let done = write_into(&scratch, &tree(&[("a", "third")])).unwrap();
    assert_eq!((done.written, done.removed), (1, 2));
    let expected = as_written(&[("a", "third"), ("late", "mine"), ("back", "mine")]);
    assert_eq!(contents(&out), expected);
    assert!(!out.join(".yugang/next.json").exists());
    assert!(!out.join(".yugang/tmp").exists());
}

/// A full disk: a file system of one megabyte where the test may mount one, else skipped.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_site_and_no_leftovers() {
    let scratch = Scratch::new();
    let disk = folder::SmallDisk::mount(&scratch.root().join("盘"), "1m");
    let Some(disk) = disk else {
        eprintln!(
            "skipped: this user may not mount a file system, and none can be filled otherwise"
        );
        return;
    };
    let out = disk.path().join("public");
    let old = tree(&[("a/index.html", "old"), ("index.html", "old")]);
    write(&scratch.root(), &out, &old).unwrap();
    let large = "x".repeat(40_000);
    let mut new: OutputTree = (0..100)
        .map(|at| {
            (
                OutPath::new(format!("p{at}/index.html")),
                OutFile::Bytes(large.as_bytes().into()),
            )
        })
        .collect();
    new.insert(
        OutPath::new("index.html"),
        OutFile::Bytes(b"new"[..].into()),
    );
    let problems = write(&scratch.root(), &out, &new).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!(problems[0].code, Code::Environment);
    assert!(problems[0].message.zh.contains("磁盘已满"), "{problems:?}");
    let expected = as_written(&[("a/index.html", "old"), ("index.html", "old")]);
    assert_eq!(contents(&out), expected);
    assert!(!out.join(".yugang/tmp").exists());
    let done = write(&scratch.root(), &out, &tree(&[("index.html", "new")])).unwrap();
    assert_eq!((done.written, done.removed), (1, 1));
}
