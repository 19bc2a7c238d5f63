//! Test cases in one text file each: a comment, then named sections.
//!
//! ```text
//! What this case shows.
//! -- content/pages/a.md --
//! ---
//! title: 标题
//! ---
//! -- diagnostics --
//! ```
//!
//! A section's name may be followed by how its text is to be stored, in brackets: `(gbk)`,
//! `(bom)`, `(crlf)`, `(mixed)` (every other line end is that of Windows), `(hex)`, `(tabs)` (each `→`
//! becomes a tab).
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub name: String,
    pub stored: Option<String>,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    pub comment: String,
    pub sections: Vec<Section>,
}

impl Section {
    pub fn new(name: &str, text: String) -> Self {
        Section {
            name: name.to_owned(),
            stored: None,
            text,
        }
    }

    /// The bytes as they lie on the disk.
    pub fn bytes(&self) -> Vec<u8> {
        let text = self.text.as_str();
        match self.stored.as_deref() {
            None => text.as_bytes().to_vec(),
            Some("gbk") => encoding_rs::GBK.encode(text).0.into_owned(),
            Some("bom") => format!("\u{feff}{text}").into_bytes(),
            Some("crlf") => text.replace('\n', "\r\n").into_bytes(),
            Some("tabs") => text.replace('→', "\t").into_bytes(),
            Some("mixed") => mixed(text).into_bytes(),
            Some("hex") => text
                .split_whitespace()
                .map(|byte| u8::from_str_radix(byte, 16).unwrap())
                .collect(),
            Some(other) => panic!("nothing can be stored as `{other}`"),
        }
    }
}

impl Archive {
    pub fn load(path: &Path) -> Self {
        Archive::parse(
            &fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}")),
        )
    }

    pub fn parse(text: &str) -> Self {
        let mut archive = Archive {
            comment: String::new(),
            sections: Vec::new(),
        };
        for line in text.split_inclusive('\n') {
            match (header(line.trim_end()), archive.sections.last_mut()) {
                (Some(section), _) => archive.sections.push(section),
                (None, Some(section)) => section.text.push_str(line),
                (None, None) => archive.comment.push_str(line),
            }
        }
        archive
    }

    pub fn print(&self) -> String {
        let mut text = self.comment.clone();
        for section in &self.sections {
            let stored = section.stored.iter();
            let stored: String = stored.map(|stored| format!(" ({stored})")).collect();
            write!(text, "-- {}{stored} --\n{}", section.name, section.text).unwrap();
        }
        text
    }

    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }
}

fn mixed(text: &str) -> String {
    let lines = text.lines().enumerate();
    lines
        .map(|(at, line)| format!("{line}{}", if at % 2 == 0 { "\r\n" } else { "\n" }))
        .collect()
}

fn header(line: &str) -> Option<Section> {
    let inside = line.strip_prefix("-- ")?.strip_suffix(" --")?;
    let (name, stored) = match inside
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" ("))
    {
        Some((name, stored)) => (name, Some(stored.to_owned())),
        None => (inside, None),
    };
    let text = String::new();
    Some(Section {
        name: name.to_owned(),
        stored,
        text,
    })
}

/// Whether expected results are to be rewritten (`UPDATE=1`).
pub fn updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Compares what a case says with what happened, or rewrites the case.
pub fn settle(path: &Path, expected: &Archive, actual: &Archive) {
    if updating() {
        fs::write(path, actual.print()).unwrap();
        return;
    }
    let (expected, actual) = (expected.print(), actual.print());
    assert!(
        expected == actual,
        "{} differs (UPDATE=1 rewrites it):\n{}",
        path.display(),
        difference(&expected, &actual)
    );
}

/// The paths, one a line, in order and without the fingerprints of assets, so that no case depends on
/// the theme's style.
pub fn listed<'a>(paths: impl Iterator<Item = &'a str>) -> String {
    let mut lines: Vec<_> = paths.map(|path| without_fingerprint(path) + "\n").collect();
    lines.sort();
    lines.concat()
}

/// A path with the fingerprint of an asset as `…`.
fn without_fingerprint(path: &str) -> String {
    let is_fingerprint = |part: &&str| {
        let is_digit = |digit: char| digit.is_ascii_digit() || ('a'..='f').contains(&digit);
        part.len() == 10 && part.chars().all(is_digit)
    };
    let parts = path.split('.');
    let parts: Vec<&str> = parts
        .map(|part| if is_fingerprint(&part) { "…" } else { part })
        .collect();
    parts.join(".")
}

/// The lines that differ, after the common beginning and before the common end.
pub fn difference(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (expected.lines().collect(), actual.lines().collect());
    let same = |a: &mut dyn Iterator<Item = (&&str, &&str)>| a.take_while(|(a, b)| a == b).count();
    let start = same(&mut old.iter().zip(&new));
    let (old, new) = (&old[start..], &new[start..]);
    let end = same(&mut old.iter().rev().zip(new.iter().rev()));
    let mut shown = String::new();
    for line in &old[..old.len() - end] {
        writeln!(shown, "- {line}").unwrap();
    }
    for line in &new[..new.len() - end] {
        writeln!(shown, "+ {line}").unwrap();
    }
    shown
}

/// The case files below `tests/<folder>`, in order of their names.
pub fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let files = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter();
    files
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect()
}

/// Declares one test for each case file, and one that finds files without a test.
#[macro_export]
macro_rules! case_tests {
    ($folder:literal, $run:path: $($group:ident { $($name:ident)+ })+) => {
        $(mod $group {
            $(#[test]
            fn $name() {
                let file = concat!($folder, "/", stringify!($group), "/", stringify!($name), ".txt");
                $run(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file));
            })+
        })+

        #[test]
        fn every_case_has_its_test() {
            let listed: std::collections::BTreeSet<String> =
                [$($(concat!(stringify!($group), "/", stringify!($name), ".txt")),+),+]
                    .map(str::to_owned).into();
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join($folder);
            let found: std::collections::BTreeSet<String> = $crate::archive::cases($folder)
                .iter()
                .map(|path| path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/"))
                .collect();
            assert_eq!(listed, found);
        }
    };
}
