//! The rules of ARCHITECTURE.md that the compiler does not know.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the test reads the program's own source"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The layers from the bottom up; a module imports only from those before it.
const LAYERS: [&str; 17] = [
    "diag", "model", "content", "markdown", "link", "search", "theme", "assets", "render", "view",
    "feeds", "output", "compile", "preview", "deploy", "shell", "cli",
];

/// Each third-party engine and the one place that may name it.
const ENGINES: [(&str, &str); 27] = [
    ("ammonia", "markdown/"),
    ("annotate_snippets", "diag/report.rs"),
    ("chardetng", "content/decode.rs"),
    ("clap", "cli/"),
    ("encoding_rs", "content/decode.rs"),
    ("exif", "shell/read/media.rs"),
    ("fast_glob", "deploy/headers.rs"),
    ("fast_image_resize", "shell/images/pixels.rs"),
    ("flate2", "deploy/codec.rs"),
    ("granit_parser", "content/yaml.rs"),
    ("html5ever", "markdown/"),
    ("image", "shell/images/pixels.rs"),
    ("imagesize", "shell/read/media.rs"),
    ("img_parts", "shell/images/strip.rs"),
    ("lightningcss", "assets/css.rs"),
    ("notify", "shell/watch"),
    ("opendal", "shell/deploy/bucket"),
    ("pinyin", "search/names.rs"),
    ("pulldown_cmark", "markdown/"),
    ("serde_yaml", "content/yaml.rs"),
    ("qrcodegen", "render/qr.rs"),
    ("reqwest", "shell/deploy/after/post.rs"),
    ("rqrr", "render/qr.rs"),
    ("tera", "render/"),
    ("tiny_http", "shell/serve"),
    ("walkdir", "shell/"),
    ("webp", "shell/images/"),
];

struct Source {
    /// Its path below `src/`.
    path: String,
    text: String,
}

impl Source {
    /// The layer it belongs to.
    fn layer(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.trim_end_matches(".rs")
    }

    /// The lines that are not comments, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate();
        lines
            .map(|(at, line)| (at + 1, line.split("//").next().unwrap()))
            .filter(|(_, line)| !line.trim().is_empty())
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn sources(folder: &str) -> Vec<Source> {
    let folder = root().join(folder);
    let files = walkdir::WalkDir::new(&folder).sort_by_file_name();
    files
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| Source {
            path: path
                .strip_prefix(&folder)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/"),
            text: fs::read_to_string(&path).unwrap(),
        })
        .collect()
}

/// The words that follow `prefix` in a line of code.
fn after<'a>(line: &'a str, prefix: &str) -> Vec<&'a str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(prefix)
        .filter(|(at, _)| !line[..*at].ends_with(is_word))
        .map(|(at, _)| {
            let rest = &line[at + prefix.len()..];
            &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())]
        })
        .collect()
}

fn assert_none(found: Vec<String>) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn imports_point_downwards_only() {
    let height = |layer: &str| LAYERS.iter().position(|known| *known == layer);
    let mut upward = Vec::new();
    for source in sources("src") {
        let Some(own) = height(source.layer()) else {
            assert!(["lib", "main"].contains(&source.layer()), "{}", source.path);
            continue;
        };
        for (number, line) in source.code() {
            for target in after(line, "crate::") {
                if height(target).is_some_and(|target| target > own) {
                    upward.push(format!("src/{}:{number}: {}", source.path, line.trim()));
                }
            }
        }
    }
    assert_none(upward);
}

#[test]
fn modules_are_listed_from_the_bottom_up() {
    let library = read("src/lib.rs");
    let listed: Vec<&str> = library
        .lines()
        .flat_map(|line| after(line, "pub mod "))
        .collect();
    assert_eq!(listed, LAYERS);
}

#[test]
fn each_engine_is_named_in_one_place() {
    let mut elsewhere = Vec::new();
    for source in sources("src") {
        for (number, line) in source.code() {
            for (engine, place) in ENGINES {
                let named = after(line, engine).iter().any(|rest| rest.is_empty());
                let is_path = line.contains(&format!("{engine}::"));
                if named && is_path && !source.path.starts_with(place) {
                    elsewhere.push(format!("src/{}:{number}: {}", source.path, line.trim()));
                }
            }
        }
    }
    assert_none(elsewhere);
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut found = Vec::new();
    for folder in ["src", "tests"] {
        for source in sources(folder) {
            let lines = source.text.lines().count();
            if lines > 500 {
                found.push(format!("{folder}/{}: {lines} lines", source.path));
            }
            if !source.text.starts_with("//! ") {
                found.push(format!("{folder}/{}: no module documentation", source.path));
            }
        }
    }
    assert_none(found);
}

#[test]
fn architecture_names_every_module_and_every_test() {
    let page = read("ARCHITECTURE.md");
    assert!(page.lines().count() <= 200);
    let mut missing = Vec::new();
    for layer in LAYERS {
        let (folder, file) = (format!("`src/{layer}`"), format!("`src/{layer}.rs`"));
        if !page.contains(&folder) && !page.contains(&file) {
            missing.push(folder);
        }
    }
    let tests: BTreeSet<String> = fs::read_dir(root().join("tests"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for test in tests {
        if !page.contains(&format!("`tests/{test}`")) && !page.contains(&format!("`tests/{test}/`"))
        {
            missing.push(format!("tests/{test}"));
        }
    }
    assert_none(missing);
}

#[test]
fn every_diagnostic_code_is_used() {
    let all = sources("src");
    let unused = yugang::diag::Code::ALL.iter().filter(|code| {
        let name = format!("Code::{code:?}");
        let mut others = all.iter().filter(|source| source.path != "diag/code.rs");
        !others.any(|source| source.text.contains(&name))
    });
    assert_none(unused.map(|code| code.as_str().to_owned()).collect());
}

#[test]
fn the_readmes_name_both_commands_and_every_option() {
    let arguments = read("src/cli/args.rs") + &read("src/cli/deploy/args.rs");
    let options: BTreeSet<&str> = arguments
        .lines()
        .filter_map(|line| line.trim().strip_prefix(".long(\"")?.strip_suffix("\")"))
        .chain(["out", "base-url", "drafts", "as-of"])
        .filter(|option| !["help", "version"].contains(option))
        .collect();
    for command in ["cargo run --release -- build", "bash tests/all.sh"] {
        assert!(
            read("README.md").contains(command),
            "README.md lacks {command}"
        );
    }
    for page in ["README.md", "README.zh-CN.md"] {
        let text = read(page);
        for option in &options {
            assert!(
                text.contains(&format!("--{option}")),
                "{page} lacks --{option}"
            );
        }
    }
}
