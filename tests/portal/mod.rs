//! A small site that is published by the real program, with steps after it.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::bucket::{KEY, SECRET, Server};
use super::folder::{Scratch, contents, put};

pub const BASE: &str = "https://www.shenjiamen.gov.cn/";

/// A site of two pages with a target that has these steps.
pub struct Portal(pub Scratch);

impl Portal {
    pub fn new(steps: &str) -> Self {
        let target = "service: fs, path: ../网站, state: {path: ../私有}";
        Portal::at(target, steps)
    }

    pub fn at(target: &str, steps: &str) -> Self {
        let portal = Portal(Scratch::new());
        let root = portal.0.root();
        for (file, bytes) in contents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("themes")) {
            put(&root, &format!("themes/{file}"), bytes);
        }
        portal.configure(target, steps);
        portal.page("about", "关于");
        portal.page("other", "其他");
        portal
    }

    pub fn configure(&self, target: &str, steps: &str) {
        let site = format!(
            "title: 小站\nbase_url: {BASE}\nowner: 某街道\ndeploy:\n  - {{name: t, {target}, after: {steps}}}\n"
        );
        put(&self.0.root(), "site.yaml", site);
    }

    pub fn page(&self, name: &str, title: &str) {
        let text = format!("---\ntitle: {title}\n---\n正文\n");
        put(&self.0.root(), &format!("content/pages/{name}.md"), text);
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.0.root().join(format!("content/pages/{name}.md"))).unwrap();
    }

    /// `yugang deploy` with these words.
    pub fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yugang"));
        command.args(["deploy", "--lang", "en"]);
        command.args(words.split_whitespace());
        command.current_dir(self.0.root());
        for name in ["all_proxy", "https_proxy", "http_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .env("TOKEN", "hush&hush")
            .env_remove("ABSENT");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What it says when it runs and ends with this code.
    pub fn deploy(&self, words: &str, code: i32) -> String {
        let output = self.command(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        said
    }

    /// Whether a file is published.
    pub fn has(&self, path: &str) -> bool {
        self.0.root().join("../网站").join(path).exists()
    }

    /// The files of what is still to be told.
    pub fn pending(&self) -> Vec<std::path::PathBuf> {
        let files = fs::read_dir(self.0.root().join("../私有/after"));
        let files = files.into_iter().flatten();
        files.map(|file| file.unwrap().path()).collect()
    }
}

/// A target on this server.
pub fn on(server: &Server) -> String {
    let endpoint = &server.endpoint;
    format!(
        "service: s3, bucket: site, region: us-east-1, endpoint: '{endpoint}', state: {{bucket: private}}"
    )
}

pub fn url(path: &str) -> String {
    format!("{BASE}{path}")
}
