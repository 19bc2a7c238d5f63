//! What the plan does with what is on the disk.

use super::*;

fn digest(content: &str) -> Digest {
    Digest::of(content.as_bytes())
}

fn wanted(files: &[(&str, &str)]) -> BTreeMap<OutPath, Wanted> {
    let file = |(path, content): &(&str, &str)| {
        let content = Wanted {
            digest: digest(content),
            size: content.len() as u64,
        };
        (OutPath::new(*path), content)
    };
    files.iter().map(file).collect()
}

fn manifest(files: &[(&str, &str)]) -> Manifest {
    let file = |(path, content): &(&str, &str)| {
        let stamp = Stamp {
            digest: digest(content),
            size: content.len() as u64,
            mtime: 1,
        };
        (OutPath::new(*path), stamp)
    };
    files.iter().map(file).collect()
}

/// A disk with these files, untouched since time 1, and their folders.
fn disk(files: &[(&str, &str)]) -> Disk {
    let mut disk = Disk::new();
    for (path, content) in files {
        let file = Found::File {
            size: content.len() as u64,
            mtime: 1,
            digest: Some(digest(content)),
        };
        disk.insert((*path).to_owned(), file);
        for folder in folders_above(path) {
            let below = format!("{folder}/");
            let inside = files.iter().filter(|(path, _)| path.starts_with(&below));
            let found = Found::Folder {
                files: inside.map(|(path, _)| OutPath::new(*path)).collect(),
                has_others: false,
                folders: vec![folder.to_owned()],
            };
            disk.insert(folder.to_owned(), found);
        }
    }
    disk
}

fn paths(paths: &[&str]) -> Vec<OutPath> {
    paths.iter().map(|path| OutPath::new(*path)).collect()
}

#[test]
fn a_new_site_goes_in_by_whole_folders_assets_first_and_home_last() {
    let tree = wanted(&[
        ("index.html", ""),
        ("a/index.html", ""),
        ("a/b/1.jpg", ""),
        ("c/index.html", ""),
        ("assets/x.css", ""),
        ("robots.txt", ""),
    ]);
    let plan = plan(&Manifest::new(), &Disk::new(), &tree).unwrap();
    let folder = |path: &str| Unit::Folder(path.to_owned());
    let file = |path: &str| Unit::File(OutPath::new(path));
    assert_eq!(
        plan.units,
        [
            file("robots.txt"),
            folder("assets"),
            folder("a"),
            folder("c"),
            file("index.html"),
        ]
    );
}

#[test]
fn a_file_of_ours_that_was_edited_is_written_again_and_one_only_touched_is_kept() {
    let ours = manifest(&[("a", "x"), ("b", "x")]);
    let mut now = disk(&[("a", "y"), ("b", "x")]);
    for found in ["a", "b"] {
        if let Some(Found::File { mtime, .. }) = now.get_mut(found) {
            *mtime = 2;
        }
    }
    let plan = plan(&ours, &now, &wanted(&[("a", "x"), ("b", "x")])).unwrap();
    assert_eq!(plan.write, paths(&["a"]));
    assert_eq!(plan.keep[0].1.mtime, 2);
}

#[test]
fn stale_files_go_last_but_a_mere_change_of_case_goes_first() {
    let old = [("A.html", "x"), ("b.html", "x")];
    let plan = plan(&manifest(&old), &disk(&old), &wanted(&[("a.html", "x")])).unwrap();
    assert_eq!(plan.clear_files, BTreeSet::from([OutPath::new("A.html")]));
    assert_eq!(plan.remove, paths(&["b.html"]));
}

#[test]
fn where_case_does_not_count_a_renamed_page_is_ours_and_not_lost() {
    let ours = manifest(&[("A.html", "x")]);
    let now = disk(&[("A.html", "x"), ("a.html", "x")]);
    for content in ["x", "y"] {
        let plan = plan(&ours, &now, &wanted(&[("a.html", content)])).unwrap();
        assert_eq!(plan.clear_files, BTreeSet::from([OutPath::new("A.html")]));
        assert_eq!(plan.write, paths(&["a.html"]));
    }
}
