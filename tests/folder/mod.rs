//! Folders for the tests of the shell.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use yugang::compile::Options;
use yugang::diag::SourcePath;
use yugang::model::date::Moment;
use yugang::model::digest::Digest;
use yugang::model::tree::{OutFile, OutPath, OutputTree};

/// A site folder and an output folder whose path has spaces and Chinese, removed at the end.
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    pub fn new() -> Self {
        let scratch = Scratch(tempfile::tempdir().unwrap());
        fs::create_dir_all(scratch.root()).unwrap();
        scratch
    }

    pub fn root(&self) -> PathBuf {
        self.0.path().join("渔港 site")
    }

    pub fn out(&self) -> PathBuf {
        self.0.path().join("输出 folder/public")
    }
}

/// Writes a file and the folders above it.
pub fn put(folder: &Path, path: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Every file below `folder` except the tool's own.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .min_depth(1)
        .into_iter()
        .filter_entry(|entry| entry.file_name() != ".yugang")
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            let content = fs::read(entry.path()).unwrap();
            (path.to_str().unwrap().replace('\\', "/"), content)
        })
        .collect()
}

/// The themes of this repository, by their paths below the root of a site.
pub fn themes() -> impl Iterator<Item = (String, Vec<u8>)> {
    let themes = contents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("themes"));
    let below = |(path, bytes)| (format!("themes/{path}"), bytes);
    themes.into_iter().map(below)
}

/// How a site is built as of 20 May 2021.
pub fn options() -> Options {
    Options {
        as_of: Moment::parse("2021-05-20").unwrap().start(),
        drafts: false,
        base_url: None,
        links: None,
    }
}

/// A tree of text files.
pub fn tree(files: &[(&str, &str)]) -> OutputTree {
    let file = |(path, content): &(&str, &str)| {
        (
            OutPath::new(*path),
            OutFile::Bytes(content.as_bytes().into()),
        )
    };
    files.iter().map(file).collect()
}

/// A file of a tree that is copied from `source`, which had these bytes when it was read.
pub fn copy_of(path: &str, source: &str, bytes: &[u8]) -> (OutPath, OutFile) {
    let copy = OutFile::Copy {
        source: SourcePath::new(source),
        size: bytes.len() as u64,
        digest: Digest::of(bytes),
    };
    (OutPath::new(path), copy)
}

/// Runs the test `name` of this binary as a user whom permission bits bind, when they do not bind
/// this one; says whether it has been run so.
#[cfg(unix)]
pub fn ran_without_privilege(name: &str) -> bool {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    let place = tempfile::tempdir().unwrap();
    let probe = place.path().join("probe");
    fs::write(&probe, "").unwrap();
    fs::set_permissions(&probe, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&probe).is_err() {
        return false;
    }
    // A copy, because the build folder may lie where that user may not look.
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = place.path().join("test");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let status = Command::new(&program)
        .args(["--exact", name])
        .current_dir(place.path())
        .uid(NOBODY)
        .gid(NOBODY)
        .status()
        .unwrap();
    assert!(status.success(), "`{name}` failed without privilege");
    true
}

/// A mounted file system in memory, unmounted at the end.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one of `size` at `place`; `None` where that is not permitted.
    pub fn mount(place: &Path, size: &str) -> Option<Self> {
        fs::create_dir_all(place).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(place)
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then(|| SmallDisk(place.to_owned()))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg(&self.0).status().ok();
    }
}
