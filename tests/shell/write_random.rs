//! Whatever sites follow one another and whatever others put between: the folder is the site
//! beside the foreign files.

use std::collections::BTreeMap;
use std::fs;

use crate::folder::{Scratch, contents, put};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use yugang::diag::Code;
use yugang::model::tree::{OutFile, OutPath, OutputTree};
use yugang::shell::write::write;

type Files = BTreeMap<String, Vec<u8>>;

#[derive(Debug, Clone)]
enum Step {
    /// Write this site.
    Write(Files),
    /// Somebody puts a file there.
    Drop(String, Vec<u8>),
    /// Somebody removes the file there, whosever it is.
    Remove(String),
}

fn path() -> impl Strategy<Value = String> {
    vec(prop::sample::select(vec!["a", "b", "渔"]), 1..4).prop_map(|segments| segments.join("/"))
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(vec!["x", "y", "long"]).prop_map(|content| content.as_bytes().to_vec())
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => btree_map(path(), content(), 0..7).prop_map(|files| Step::Write(without_clashes(files))),
        1 => (path(), content()).prop_map(|(path, content)| Step::Drop(path, content)),
        1 => path().prop_map(Step::Remove),
    ]
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.starts_with('/'))
}

fn clash(one: &str, other: &str) -> bool {
    is_below(one, other) || is_below(other, one)
}

fn without_clashes(files: Files) -> Files {
    let paths: Vec<String> = files.keys().cloned().collect();
    files
        .into_iter()
        .filter(|(path, _)| !paths.iter().any(|folder| is_below(path, folder)))
        .collect()
}

fn as_tree(files: &Files) -> OutputTree {
    let file = |(path, content): (&String, &Vec<u8>)| {
        (
            OutPath::new(path.as_str()),
            OutFile::Bytes(content.as_slice().into()),
        )
    };
    files.iter().map(file).collect()
}

fn is_in_the_way(foreign: &Files, site: &Files) -> bool {
    foreign.iter().any(|(path, content)| {
        site.iter()
            .any(|(wanted, bytes)| clash(path, wanted) || (path == wanted && content != bytes))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn the_folder_is_the_site_beside_the_foreign_files(steps in vec(step(), 1..12)) {
        let scratch = Scratch::new();
        let out = scratch.out();
        fs::create_dir_all(&out).unwrap();
        let mut site = Files::new();
        let mut foreign = Files::new();
        // Files of ours that somebody has changed since.
        let mut edited = Files::new();
        for step in steps {
            match step {
                Step::Write(next) => {
                    let before = contents(&out);
                    let mut others = foreign.clone();
                    let kept = edited.iter().filter(|(path, content)| {
                        !next.contains_key(*path) && site.get(*path) != Some(content)
                    });
                    others.extend(kept.map(|(path, content)| (path.clone(), content.clone())));
                    let outcome = write(&scratch.root(), &out, &as_tree(&next));
                    if is_in_the_way(&others, &next) {
                        let problems = outcome.unwrap_err();
                        prop_assert!(problems.iter().all(|one| one.code == Code::OccupiedPath));
                        prop_assert_eq!(contents(&out), before);
                        continue;
                    }
                    prop_assert!(outcome.is_ok(), "{:?}", outcome);
                    others.retain(|path, _| !next.contains_key(path));
                    foreign = others;
                    edited.clear();
                    site = next;
                    let mut expected = site.clone();
                    expected.extend(foreign.clone());
                    prop_assert_eq!(contents(&out), expected);
                    prop_assert!(!out.join(".yugang/tmp").exists());
                }
                Step::Drop(path, content) => {
                    let there = contents(&out);
                    if out.join(&path).is_dir() || there.keys().any(|other| clash(&path, other)) {
                        continue;
                    }
                    put(&out, &path, &content);
                    if site.contains_key(&path) {
                        edited.insert(path, content);
                    } else {
                        foreign.insert(path, content);
                    }
                }
                Step::Remove(path) => {
                    fs::remove_file(out.join(&path)).ok();
                    foreign.remove(&path);
                    edited.remove(&path);
                }
            }
        }
    }
}
