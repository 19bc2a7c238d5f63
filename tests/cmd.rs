//! Transcripts of the command line, in a folder whose path has spaces and Chinese.
//!
//! The sections of a case in `tests/cmd/` happen one after the other: a file is written,
//! `rm PATH` removes one, `$ yugang …` runs the program and holds what it printed (standard output,
//! then standard error, then the exit code where it is not 0), `ls DIR` holds what lies in a folder.
//! Seconds are shown as `…`. `UPDATE=1` rewrites what was printed.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test runs the program on files of its own"
)]

mod archive;
mod folder;

use std::fs;
use std::path::Path;
use std::process::Command;

use archive::{Archive, listed, settle};
use folder::{Scratch, contents, put, themes};

fn run(path: &Path) {
    let case = Archive::load(path);
    let scratch = Scratch::new();
    let root = scratch.root();
    for (path, bytes) in themes() {
        put(&root, &path, bytes);
    }
    let mut actual = case.clone();
    for section in &mut actual.sections {
        if let Some(arguments) = section.name.strip_prefix("$ yugang") {
            section.text = printed(&root, &words(arguments));
        } else if let Some(gone) = section.name.strip_prefix("rm ") {
            fs::remove_file(root.join(gone)).unwrap();
        } else if let Some(folder) = section.name.strip_prefix("ls ") {
            let files = contents(&root.join(folder));
            section.text = listed(files.keys().map(String::as_str));
        } else {
            put(&root, &section.name, section.bytes());
        }
    }
    settle(path, &case, &actual);
}

/// The arguments of a command line; those with spaces stand in quotes.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for (at, part) in line.split('"').enumerate() {
        if at % 2 == 0 {
            words.extend(part.split_whitespace());
        } else {
            words.push(part);
        }
    }
    words
}

fn printed(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_yugang"))
        .args(arguments)
        .current_dir(root)
        .env("LC_ALL", "zh_CN.UTF-8")
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text += &String::from_utf8(output.stderr).unwrap();
    match output.status.code() {
        Some(0) => {}
        code => {
            text += &format!(
                "[{}]\n",
                code.map_or("killed".into(), |code| code.to_string())
            )
        }
    }
    let lines = text
        .lines()
        .map(|line| without_seconds(line.trim_end()) + "\n");
    lines.collect()
}

/// The line with the time that something took as `…`.
fn without_seconds(line: &str) -> String {
    for (before, after) in [("（", " 秒）"), ("(", " s)"), ("\"seconds\": ", "")] {
        let Some((head, rest)) = line.rsplit_once(before) else {
            continue;
        };
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        if end > 0 && rest[end..].starts_with(after) {
            return format!("{head}{before}…{}", &rest[end..]);
        }
    }
    line.to_owned()
}

/// Stands for a full disk, which not every machine lets a test make: the system refuses to write
/// more than a few kilobytes to a file.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_whole_leaves_the_old_site() {
    let scratch = Scratch::new();
    let root = scratch.root();
    put(
        &root,
        "site.yaml",
        "title: 站\nbase_url: https://example.org/\nowner: 街道\n",
    );
    put(&root, "content/pages/a.md", "---\ntitle: 旧\n---\n");
    for (path, bytes) in themes() {
        put(&root, &path, bytes);
    }
    assert!(printed(&root, &["build"]).contains("完成"));
    let before = contents(&root.join("public"));
    let long = format!("---\ntitle: 新\n---\n{}\n", "很长的正文。".repeat(20_000));
    put(&root, "content/pages/a.md", long);
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" build"])
        .arg(env!("CARGO_BIN_EXE_yugang"))
        .current_dir(&root)
        .env("LC_ALL", "zh_CN.UTF-8")
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("文件超过系统允许的大小"), "{errors}");
    assert_eq!(contents(&root.join("public")), before);
    assert!(printed(&root, &["build"]).contains("完成"));
}

#[test]
fn an_error_is_shown_however_many_warnings_come_before_it() {
    let scratch = Scratch::new();
    let root = scratch.root();
    put(
        &root,
        "site.yaml",
        "title: 站\nbase_url: https://example.org/\nowner: 街道\n",
    );
    for number in 0..250 {
        let (text, _, _) = encoding_rs::GBK.encode("---\ntitle: 旧的编码\n---\n街道妇联\n");
        put(&root, &format!("content/pages/a{number}.md"), text);
    }
    put(&root, "content/pages/z.md", "---\nsummary: 没有标题\n---\n");
    let printed = printed(&root, &["build"]);
    assert!(printed.contains("content/pages/z.md:2:1"), "{printed}");
    assert!(printed.contains("另有 52 条未列出"), "{printed}");
}

case_tests! { "cmd", super::run:
    build {
        a_first_site
        content_that_is_gone
        drafts_and_dates
        errors_before_warnings
        errors_stop_publishing
        help
        json
        other_places
        quiet_and_verbose
        wrong_environment
        wrong_usage
    }
    deploy {
        a_folder
        after
        refusals
    }
}
