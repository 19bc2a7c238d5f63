//! A small site, byte for byte: `tests/golden/site` becomes `tests/golden/public`.
//!
//! `UPDATE=1` rewrites what is expected; a file that is missing or too many fails.

use std::fs;
use std::path::{Path, PathBuf};

use crate::archive::{difference, updating};
use crate::folder::{Scratch, contents, options, put, themes};
use yugang::compile::{Memo, compile};
use yugang::diag::Severity;
use yugang::shell::{read, write};

fn golden(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(folder)
}

/// The site with the theme of this repository.
fn site(root: &Path) {
    for (path, bytes) in contents(&golden("site")).into_iter().chain(themes()) {
        put(root, &path, bytes);
    }
}

#[test]
fn the_small_site_is_the_same_byte_for_byte() {
    let scratch = Scratch::new();
    site(&scratch.root());
    let snapshot = read::read(&scratch.root());
    assert_eq!(snapshot.diagnostics, []);
    let compiled = compile(&snapshot.value, &options(), &mut Memo::default());
    let mut told = compiled.diagnostics.iter();
    assert!(
        told.all(|found| found.severity == Severity::Note),
        "{:#?}",
        compiled.diagnostics
    );
    write::write(&scratch.root(), &scratch.out(), &compiled.value).unwrap();
    let actual = contents(&scratch.out());
    if updating() {
        fs::remove_dir_all(golden("public")).ok();
        for (path, bytes) in &actual {
            put(&golden("public"), path, bytes);
        }
        return;
    }
    let expected = contents(&golden("public"));
    let names: Vec<&String> = actual.keys().collect();
    assert_eq!(expected.keys().collect::<Vec<_>>(), names);
    for (path, bytes) in &actual {
        if expected[path] != *bytes {
            let (old, new) = (text(&expected[path]), text(bytes));
            panic!(
                "{path} differs (UPDATE=1 rewrites):\n{}",
                difference(&old, &new)
            );
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
