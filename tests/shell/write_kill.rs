//! A process killed while it writes a site leaves every file whole, and the next run mends all.
//!
//! This test binary starts itself again as the process to be killed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::folder::{Scratch, contents, copy_of, put};
use yugang::model::tree::{OutFile, OutPath, OutputTree};
use yugang::shell::write::write;

const KILLS: usize = 240;
const PLACE: &str = "YUGANG_TEST_WRITE_INTO";
const STARTED: &str = "started writing";

/// Version `A` or `B` of a site of some 300 files: most change, some come and go, some pages
/// become folders and the reverse.
fn version(name: &str) -> OutputTree {
    let mut site = OutputTree::new();
    let mut add = |path: String, content: String| {
        site.insert(
            OutPath::new(path),
            OutFile::Bytes(content.into_bytes().into()),
        );
    };
    for at in 0..220 {
        let folder = format!("reports/{}/第{at}篇", at % 7);
        let text = format!("{name} {at} ").repeat(200 + at * 5);
        add(format!("{folder}/index.html"), text);
    }
    for at in 0..40 {
        add(format!("assets/{at}.css"), format!("same {at}"));
        add(
            format!("only-{name}/{}/{at}.html", at % 3),
            format!("{name}{at}"),
        );
    }
    let below = if name == "A" { "" } else { "/index.html" };
    let above = if name == "A" { "/index.html" } else { "" };
    for at in 0..10 {
        add(format!("turn/{at}{below}"), format!("{name} down {at}"));
        add(format!("turn/b{at}{above}"), format!("{name} up {at}"));
    }
    let photo = photo();
    let (path, copy) = copy_of(&format!("photos/{name}.jpg"), "content/photo.jpg", &photo);
    site.insert(path, copy);
    site
}

fn photo() -> Vec<u8> {
    vec![5; 300_000]
}

fn bytes_of(site: &OutputTree) -> BTreeMap<String, Vec<u8>> {
    let file = |(path, file): (&OutPath, &OutFile)| {
        let bytes = file.bytes().map_or_else(photo, Cow::into_owned);
        (path.as_str().to_owned(), bytes)
    };
    site.iter().map(file).collect()
}

/// Does nothing in an ordinary run; in the child it writes A and B in turn until it is killed.
#[test]
fn child_writes_until_killed() {
    let Some(place) = env::var_os(PLACE).map(PathBuf::from) else {
        return;
    };
    let versions = [version("A"), version("B")];
    println!("\n{STARTED}");
    for site in versions.iter().cycle() {
        write(&place.join("site"), &place.join("out"), site).unwrap();
    }
}

fn start_child(place: &Path) -> Child {
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "write_kill::child_writes_until_killed",
            "--nocapture",
        ])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.stdout.take().unwrap();
    let started = BufReader::new(output)
        .lines()
        .map_while(Result::ok)
        .any(|line| line == STARTED);
    assert!(started, "the child ended before it wrote");
    child
}

fn check(out: &Path, a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>, foreign: &str) {
    let mut found = contents(out);
    assert_eq!(found.remove(foreign).as_deref(), Some(&b"mine"[..]));
    for (path, content) in &found {
        let whole = a.get(path) == Some(content) || b.get(path) == Some(content);
        assert!(whole, "`{path}` is neither old nor new");
    }
    for path in a.keys().filter(|path| b.contains_key(*path)) {
        assert!(found.contains_key(path), "`{path}` is missing");
    }
}

#[test]
fn a_killed_run_leaves_whole_files_and_the_next_one_mends_all() {
    let scratch = Scratch::new();
    let place = scratch.root();
    let (root, out) = (place.join("site"), place.join("out"));
    put(&root, "content/photo.jpg", photo());
    put(&out, "only-A/1/mine.txt", "mine");
    write(&root, &out, &version("A")).unwrap();
    // Kills fall anywhere within the time that this machine takes for both versions.
    let start = Instant::now();
    write(&root, &out, &version("B")).unwrap();
    write(&root, &out, &version("A")).unwrap();
    let window = start.elapsed().as_micros() as u64;
    let (a, b) = (bytes_of(&version("A")), bytes_of(&version("B")));
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut cut_off = 0;
    for kill in 0..KILLS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut child = start_child(&place);
        if kill % 2 == 0 {
            thread::sleep(Duration::from_micros(random % window));
        } else {
            // The renames take a small part of a run, so every second kill waits for them.
            let noted = out.join(".yugang/next.json");
            while !noted.exists() {
                thread::yield_now();
            }
            thread::sleep(Duration::from_micros(random % (window / 8)));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        cut_off += usize::from(out.join(".yugang/next.json").exists());
        check(&out, &a, &b, "only-A/1/mine.txt");
    }
    // Without this the kills would prove nothing about a run cut off among its renames.
    assert!(
        cut_off > 0,
        "no kill hit a run between its first and its last change"
    );
    println!("{KILLS} kills, {cut_off} of them among the renames");

    write(&root, &out, &version("B")).unwrap();
    let mut expected = b;
    expected.insert("only-A/1/mine.txt".to_owned(), b"mine".to_vec());
    assert_eq!(contents(&out), expected);
    let mut state: Vec<_> = fs::read_dir(out.join(".yugang"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    state.sort();
    assert_eq!(state, ["lock", "manifest.json"]);
    assert!(!out.join("only-A/0").exists(), "an empty folder was left");
}
