//! A preview at work: what it knows of the folder, and what it made of it.
//!
//! Input: [`Changes`]. Output: [`Rebuilt`], with everything there is to show afterwards.
//!
//! Invariants: the site shown is the last one without errors; nothing is written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clock::{self, Stopwatch};
use super::read::{Changes, Folder};
use crate::compile::{Memo, Options, Stage, compile_observed};
use crate::content;
use crate::diag::{Diagnostic, Lang, Text, has_errors, sort, text};
use crate::link::urls::Addresses;
use crate::model::tree::OutputTree;
use crate::preview::status::{self, Status};
use crate::preview::{Shown, events};

/// What a preview is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The site's folder.
    pub root: PathBuf,
    /// Whether drafts and entries not yet due are shown too.
    pub drafts: bool,
    /// The language of messages.
    pub lang: Lang,
    /// The URL of the page of which each rebuild is to say why it was or was not rendered.
    pub explain: Option<String>,
}

/// A preview at work.
pub struct Session {
    settings: Settings,
    absolute: String,
    folder: Folder,
    memo: Memo,
    build: u64,
    good: Option<(Arc<OutputTree>, String)>,
    told: (Arc<[Diagnostic]>, String),
}

/// What a rebuild came to.
#[derive(Debug)]
pub struct Rebuilt {
    /// Everything there is to show now.
    pub shown: Shown,
    /// Whether the diagnostics are others than before.
    pub is_news: bool,
    /// How long it took.
    pub seconds: f64,
    /// Why the page asked about was or was not rendered.
    pub explanation: Option<Text>,
}

impl Session {
    /// A session that has not looked at the folder yet.
    pub fn new(settings: Settings) -> Self {
        let absolute = std::fs::canonicalize(&settings.root)
            .or_else(|_| std::path::absolute(&settings.root))
            .unwrap_or_else(|_| settings.root.clone());
        Session {
            absolute: plain(&absolute),
            folder: Folder::new(&settings.root),
            memo: Memo::default(),
            build: 0,
            good: None,
            told: (Arc::default(), events::problems(&[], settings.lang)),
            settings,
        }
    }

    /// Looks at what may have changed and, if anything has or something is due, makes the site again;
    /// `changes` is empty when something is due.
    pub fn refresh(&mut self, changes: &Changes) -> Option<Rebuilt> {
        let whole = Stopwatch::start();
        let mut laps = Laps::new(self.settings.lang);
        laps.begin(text!("读取文件", "Reading files"));
        let is_changed = self.folder.refresh(changes);
        let is_due = changes.is_empty();
        (is_changed || is_due).then(|| self.rebuild(whole, laps))
    }

    /// Reads everything and makes the site.
    pub fn start(&mut self) -> Rebuilt {
        let whole = Stopwatch::start();
        let mut laps = Laps::new(self.settings.lang);
        laps.begin(text!("读取文件", "Reading files"));
        self.folder.refresh(&Changes::everything());
        self.rebuild(whole, laps)
    }

    fn rebuild(&mut self, whole: Stopwatch, mut laps: Laps) -> Rebuilt {
        let mut diagnostics = self.folder.diagnostics();
        self.ask();
        let options = Options {
            as_of: clock::now_at(self.folder.snapshot()),
            drafts: self.settings.drafts,
            base_url: None,
        };
        let tree = compile_observed(
            self.folder.snapshot(),
            &options,
            &mut self.memo,
            &mut |stage| laps.begin(label(stage)),
        )
        .drain_into(&mut diagnostics);
        laps.end();
        sort(&mut diagnostics);
        if !has_errors(&diagnostics) {
            self.good = Some((Arc::new(tree), self.base()));
        }
        self.build += 1;
        let is_news = self.build == 1 || *self.told.0 != *diagnostics;
        if is_news {
            let digest = events::problems(&diagnostics, self.settings.lang);
            self.told = (diagnostics.into(), digest);
        }
        Rebuilt {
            shown: self.shown(&options, laps.stages),
            is_news,
            seconds: whole.elapsed().as_secs_f64(),
            explanation: self.memo.explanation(),
        }
    }

    /// The time until another set of entries is public, in seconds.
    pub fn seconds_until_due(&self) -> Option<f64> {
        let due = self.memo.linked()?.next_due()?;
        let now = clock::now_at(self.folder.snapshot());
        Some(now.duration_until(due).as_secs_f64())
    }

    /// Tells the memo, once the site's base path is known, which page to explain.
    fn ask(&mut self) {
        let Some(url) = &self.settings.explain else {
            return;
        };
        if let Some(raw) = content::config(self.folder.snapshot()).value {
            let addresses = Addresses::of(&raw.config);
            self.memo.explain(&addresses.out_path(url));
            self.settings.explain = None;
        }
    }

    fn shown(&self, options: &Options, stages: Vec<status::Stage>) -> Shown {
        let (site, base) = match &self.good {
            Some((site, base)) => (Some(Arc::clone(site)), base.clone()),
            None => (None, self.base()),
        };
        let status = Status {
            built_at: options.as_of.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            stages,
            rendered: self.memo.rendered(),
            ..self.memo.linked().map(status::of_site).unwrap_or_default()
        };
        Shown {
            build: self.build,
            lang: self.settings.lang,
            root: self.absolute.clone(),
            base,
            site,
            diagnostics: Arc::clone(&self.told.0),
            problems: self.told.1.clone(),
            status: Arc::new(status),
        }
    }

    fn base(&self) -> String {
        let linked = self.memo.linked();
        linked.map_or_else(
            || String::from("/"),
            |linked| linked.site.addresses.base().to_owned(),
        )
    }
}

fn label(stage: Stage) -> Text {
    match stage {
        Stage::Content => text!("解析内容", "Parsing content"),
        Stage::Markdown => text!("排版正文", "Formatting bodies"),
        Stage::Link => text!("连接条目", "Linking entries"),
        Stage::Render => text!("生成页面", "Making pages"),
    }
}

/// The path as people know it: Windows' canonical paths begin with `\\?\`.
fn plain(path: &Path) -> String {
    let shown = path.display().to_string();
    match shown.strip_prefix(r"\\?\") {
        Some(plain) if !plain.starts_with("UNC") => plain.to_owned(),
        _ => shown,
    }
}

/// How long each stage takes.
struct Laps {
    lang: Lang,
    stages: Vec<status::Stage>,
    running: Option<(Text, Stopwatch)>,
}

impl Laps {
    fn new(lang: Lang) -> Self {
        Laps {
            lang,
            stages: Vec::new(),
            running: None,
        }
    }

    fn begin(&mut self, label: Text) {
        self.end();
        self.running = Some((label, Stopwatch::start()));
    }

    fn end(&mut self) {
        if let Some((label, watch)) = self.running.take() {
            self.stages.push(status::Stage {
                label: label.get(self.lang).to_owned(),
                milliseconds: watch.elapsed().as_secs_f64() * 1000.0,
            });
        }
    }
}
