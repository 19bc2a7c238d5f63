//! A small site, and the program that previews it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::client::{self, Answer, Events};
use crate::folder::{Scratch, put, themes};

/// How long anything may take before the test fails.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

const PROGRAM: &str = env!("CARGO_BIN_EXE_yugang");

pub(crate) const SETTINGS: &str = "title: 小站\nbase_url: https://example.org/\nowner: 某街道\n";

/// An entry with `title` and `body`.
pub(crate) fn entry(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\n---\n{body}\n")
}

/// A site in a folder whose path has spaces and Chinese.
pub(crate) struct Site {
    scratch: Scratch,
}

impl Site {
    pub(crate) fn new() -> Self {
        let site = Site::empty();
        site.put("site.yaml", SETTINGS);
        site.put("content/pages/about.md", entry("关于", "最初的正文"));
        site.put("content/pages/other.md", entry("其他", "另一页"));
        site.put(
            "content/organizations/fulian.md",
            "---\ntitle: 街道妇联\nkind: womens_federation\n---\n",
        );
        site.put("content/reports/2021/清洁日.md", report("清洁日"));
        site.put("static/a.txt", "最初的文件");
        site
    }

    /// Only the theme.
    pub(crate) fn empty() -> Self {
        let site = Site {
            scratch: Scratch::new(),
        };
        for (path, bytes) in themes() {
            site.put(&path, bytes);
        }
        site
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.scratch.root()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        put(&self.root(), path, content);
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Writes a file as most editors do: beside the old one, which it then replaces.
    pub(crate) fn save(&self, path: &str, content: impl AsRef<[u8]>) {
        let beside = self.root().with_file_name("beside");
        fs::write(&beside, content).unwrap();
        fs::rename(beside, self.path(path)).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    pub(crate) fn remove_folder(&self, path: &str) {
        fs::remove_dir_all(self.path(path)).unwrap();
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// Every file of the site.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let all = walkdir::WalkDir::new(self.root()).sort_by_file_name();
        all.into_iter()
            .map(|entry| entry.unwrap().into_path())
            .collect()
    }

    /// Previews the site on a free port.
    pub(crate) fn serve(&self, arguments: &[&str]) -> Preview {
        self.serve_from(0, arguments)
    }

    /// Previews the site on `port` or one after it.
    pub(crate) fn serve_from(&self, port: u16, arguments: &[&str]) -> Preview {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--port", &port.to_string()]);
        run(command.args(arguments).arg("--root").arg(self.root()))
    }

    /// Previews the site on a free port, run by another `program` with its arguments.
    pub(crate) fn serve_through(&self, program: &[&str]) -> Preview {
        let mut command = Command::new(program[0]);
        command.args(&program[1..]).arg(PROGRAM);
        command.args(["serve", "--port", "0"]);
        run(command.arg("--root").arg(self.root()))
    }

    /// Previews the site in the current folder, as officers do, on a free port.
    pub(crate) fn serve_here(&self) -> Preview {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--port", "0"]);
        run(command.current_dir(self.root()))
    }
}

fn run(command: &mut Command) -> Preview {
    let mut child = command
        .env("LC_ALL", "zh_CN.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = Said::listen(BufReader::new(child.stderr.take().unwrap()));
    let mut preview = Preview {
        child,
        said,
        port: 0,
    };
    preview.says("按 Ctrl+C 结束");
    let said = preview.said.text();
    let (_, after) = said.split_once("网站预览  http://127.0.0.1:").unwrap();
    preview.port = after.split('/').next().unwrap().parse().unwrap();
    preview
}

/// A report of the women's federation.
pub(crate) fn report(title: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2021-04-01\norganizations: [fulian]\n---\n报告正文\n")
}

/// The program at work; ended when dropped.
pub(crate) struct Preview {
    child: Child,
    said: Said,
    pub(crate) port: u16,
}

impl Preview {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        client::ask(self.port, "GET", &encoded(path), "")
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.get(&format!("/_yugang/{name}")).body).unwrap()
    }

    /// The states that a page open at `path` is told.
    pub(crate) fn open(&self, path: &str) -> Tab<'_> {
        Tab {
            preview: self,
            path: path.to_owned(),
            events: client::stream(self.port, &encoded(path)),
            patience: DEADLINE,
        }
    }

    /// The state of the page at `path` now.
    pub(crate) fn state(&self, path: &str) -> Value {
        self.open(path).until("there is a state", |_| true)
    }

    pub(crate) fn build(&self) -> u64 {
        self.state("/")["build"].as_u64().unwrap()
    }

    /// Follows what a page open at `path` is told until its answer is as it should be.
    #[track_caller]
    pub(crate) fn until(&self, path: &str, is_right: impl Fn(&Answer) -> bool) -> Answer {
        let mut last = None;
        self.open(path).until(path, |_| {
            let answer = self.get(path);
            let is_done = is_right(&answer);
            last = Some(answer);
            is_done
        });
        last.unwrap()
    }

    /// Until the page at `path` is there and contains `text`.
    #[track_caller]
    pub(crate) fn shows(&self, path: &str, text: &str) -> Answer {
        self.until(path, |answer| {
            answer.status == 200 && answer.text().contains(text)
        })
    }

    /// Until there is no page at `path`.
    #[track_caller]
    pub(crate) fn misses(&self, path: &str) {
        self.until(path, |answer| answer.status == 404);
    }

    /// Until the last build has, or has not, errors; returns the problems.
    #[track_caller]
    pub(crate) fn has_errors(&self, has_errors: bool) -> Value {
        let what = if has_errors { "errors" } else { "no errors" };
        self.open("/").until(what, |state| {
            (state["errors"].as_u64().unwrap() > 0) == has_errors
        });
        self.json("problems.json")
    }

    /// Waits until the program has printed `words`.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) {
        let is_said = self.said.wait_for(words);
        assert!(is_said, "never said {words:?}, but:\n{}", self.said.text());
    }

    pub(crate) fn said(&self) -> String {
        self.said.text()
    }

    /// Presses Ctrl-C; returns how long the program took to end.
    pub(crate) fn interrupt(&mut self) -> Duration {
        let start = Instant::now();
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &id])
                .status()
                .unwrap()
                .success()
        );
        while self.child.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < DEADLINE, "{}", self.said());
            thread::sleep(Duration::from_millis(5));
        }
        start.elapsed()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The event stream of an open page.
pub(crate) struct Tab<'a> {
    preview: &'a Preview,
    path: String,
    events: Events,
    pub(crate) patience: Duration,
}

impl Tab<'_> {
    /// Follows the states until one is as it should be.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, mut is_right: impl FnMut(&Value) -> bool) -> Value {
        let start = Instant::now();
        let mut last = Value::Null;
        loop {
            let line = self.events.line();
            let line = line.unwrap_or_else(|| panic!("the stream ended: {}", self.preview.said()));
            if let Some(data) = line.strip_prefix("data: ") {
                last = serde_json::from_str(data).unwrap();
                if is_right(&last) {
                    return last;
                }
            }
            // The server proves every two seconds that it is there.
            let is_late = start.elapsed() > self.patience;
            assert!(
                !is_late,
                "{what} at {}: {last}\n{}",
                self.path,
                self.preview.said()
            );
        }
    }
}

/// The path as browsers send it.
fn encoded(path: &str) -> String {
    const PATH: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'.')
        .remove(b'_')
        .remove(b'-');
    utf8_percent_encode(path, PATH).to_string()
}

/// What the program has printed so far.
#[derive(Clone, Default)]
struct Said(Arc<(Mutex<String>, Condvar)>);

impl Said {
    fn listen(mut from: impl BufRead + Send + 'static) -> Self {
        let said = Said::default();
        let to = said.clone();
        thread::spawn(move || {
            let mut line = String::new();
            while from.read_line(&mut line).is_ok_and(|length| length > 0) {
                to.0.0.lock().unwrap().push_str(&line);
                to.0.1.notify_all();
                line.clear();
            }
        });
        said
    }

    fn text(&self) -> String {
        self.0.0.lock().unwrap().clone()
    }

    fn wait_for(&self, words: &str) -> bool {
        let said = self.0.0.lock().unwrap();
        let waited = self
            .0
            .1
            .wait_timeout_while(said, DEADLINE, |said| !said.contains(words));
        !waited.unwrap().1.timed_out()
    }
}
