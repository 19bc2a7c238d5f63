//! A preview at work: what it knows of the folder, and what it made of it.
//!
//! Input: [`Changes`]. Output: [`Rebuilt`], with everything there is to show afterwards.
//!
//! Invariants: the site shown is the last one without errors; nothing is written; a panic is a
//! diagnostic, after which everything is read and made anew.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::DateTime;

use super::clock::{self, Stopwatch};
use super::read::{Changes, Folder};
use crate::compile::{Memo, Options, Stage, compile_pages};
use crate::diag::{Code, Diagnostic, Lang, Problem, Text, has_errors, sort, text};
use crate::model::snapshot::Snapshot;
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
}

/// A preview at work.
pub struct Session {
    settings: Settings,
    folder: Folder,
    memo: Memo,
    build: u64,
    good: Option<(Arc<OutputTree>, String)>,
    /// The files of the good site that no page shows.
    late: Option<Arc<OutputTree>>,
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
}

impl Session {
    /// A session that has not looked at the folder yet.
    pub fn new(settings: Settings) -> Self {
        // A folder that is renamed while the program works in it is not there any more, as for the
        // watcher.
        let root = std::path::absolute(&settings.root).unwrap_or_else(|_| settings.root.clone());
        Session {
            folder: Folder::new(&root),
            memo: Memo::default(),
            build: 0,
            good: None,
            late: None,
            told: (Arc::default(), events::problems(&[], settings.lang)),
            settings: Settings { root, ..settings },
        }
    }

    /// Looks at what may have changed and, if anything has or something is due, makes the site again;
    /// `changes` is empty when something is due.
    pub fn refresh(&mut self, changes: &Changes) -> Option<Rebuilt> {
        self.guarded(|session| {
            let whole = Stopwatch::start();
            let mut laps = Laps::new(session.settings.lang);
            laps.begin(text!("读取文件", "Reading files"));
            let is_changed = session.folder.refresh(changes);
            let is_due = changes.is_empty();
            (is_changed || is_due).then(|| session.rebuild(whole, laps))
        })
        .unwrap_or_else(|failed| Some(*failed))
    }

    /// Reads everything and makes the site.
    pub fn start(&mut self) -> Rebuilt {
        self.guarded(|session| {
            let whole = Stopwatch::start();
            let mut laps = Laps::new(session.settings.lang);
            laps.begin(text!("读取文件", "Reading files"));
            session.folder.refresh(&Changes::everything());
            session.rebuild(whole, laps)
        })
        .unwrap_or_else(|failed| *failed)
    }

    /// Whether the last rebuild has left something out.
    pub fn is_unfinished(&self) -> bool {
        self.good.is_some() && self.late.is_none()
    }

    /// Makes what the last rebuild has left out, because no page shows it; `None` where there is nothing
    /// to be made.
    ///
    /// # Errors
    /// What there is to show after a panic.
    pub fn finish(&mut self) -> Option<Result<Arc<OutputTree>, Box<Rebuilt>>> {
        if !self.is_unfinished() {
            return None;
        }
        // Nobody shall wait for it after a panic.
        self.late = Some(Arc::default());
        let made = self.guarded(|session| Arc::new(session.memo.finish()));
        self.late = made.as_ref().ok().or(self.late.as_ref()).cloned();
        Some(made)
    }

    /// Does some `work`; if it panics, what it may have left half done is forgotten.
    ///
    /// # Errors
    /// What there is to show after a panic.
    fn guarded<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Result<T, Box<Rebuilt>> {
        let whole = Stopwatch::start();
        let done = catch_unwind(AssertUnwindSafe(|| work(self)));
        done.map_err(|panic| {
            self.folder = Folder::new(&self.settings.root);
            self.memo = Memo::default();
            let as_of = clock::now_at(&Snapshot::default());
            let is_news = self.tell(vec![failed(&*panic)]);
            Box::new(Rebuilt {
                shown: self.shown(as_of, Vec::new()),
                is_news,
                seconds: whole.elapsed().as_secs_f64(),
            })
        })
    }

    fn rebuild(&mut self, whole: Stopwatch, mut laps: Laps) -> Rebuilt {
        let mut diagnostics = self.folder.diagnostics();
        let options = Options {
            as_of: clock::now_at(self.folder.snapshot()),
            drafts: self.settings.drafts,
            base_url: None,
            links: None,
        };
        let tree = compile_pages(
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
            self.late = None;
        }
        let is_news = self.tell(diagnostics);
        Rebuilt {
            shown: self.shown(options.as_of, laps.stages),
            is_news,
            seconds: whole.elapsed().as_secs_f64(),
        }
    }

    /// Notes what the next build has to say; returns whether that is news.
    fn tell(&mut self, diagnostics: Vec<Diagnostic>) -> bool {
        self.build += 1;
        let is_news = self.build == 1 || *self.told.0 != *diagnostics;
        if is_news {
            let digest = events::problems(&diagnostics, self.settings.lang);
            self.told = (diagnostics.into(), digest);
        }
        is_news
    }

    /// The time until another set of entries is public, in seconds.
    pub fn seconds_until_due(&self) -> Option<f64> {
        let due = self.memo.linked()?.next_change()?;
        let now = clock::now_at(self.folder.snapshot());
        Some(now.duration_until(due).as_secs_f64())
    }

    fn shown(&self, as_of: DateTime, stages: Vec<status::Stage>) -> Shown {
        let (site, base) = match &self.good {
            Some((site, base)) => (Some(Arc::clone(site)), base.clone()),
            None => (None, self.base()),
        };
        let status = Status {
            built_at: as_of.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            stages,
            rendered: self.memo.rendered(),
            ..self.memo.linked().map(status::of_site).unwrap_or_default()
        };
        Shown {
            build: self.build,
            lang: self.settings.lang,
            root: self.root(),
            base,
            site,
            late: self.late.clone(),
            diagnostics: Arc::clone(&self.told.0),
            problems: self.told.1.clone(),
            status: Arc::new(status),
        }
    }

    /// The folder's path without links and detours, as far as it is there.
    fn root(&self) -> String {
        let root = &self.settings.root;
        plain(&std::fs::canonicalize(root).unwrap_or_else(|_| root.clone()))
    }

    fn base(&self) -> String {
        let linked = self.memo.linked();
        linked.map_or_else(
            || String::from("/"),
            |linked| linked.site.addresses.base().to_owned(),
        )
    }
}

/// The diagnostic of a panic.
fn failed(panic: &(dyn Any + Send)) -> Diagnostic {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
    let words = words.unwrap_or("?");
    let message = text!(
        "编译时程序自己出错了：{words}",
        "the program itself has failed: {words}"
    );
    Problem::error(Code::Internal, message)
        .hint(text!(
            "预览还在，下次保存会全部重新编译；再出现就撤销刚才的改动，并把它和这条消息告诉开发者",
            "the preview goes on, and the next change makes everything anew; if it fails again, undo the last change, and tell the developers of it and of this message"
        ))
        .nowhere()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_panic_the_preview_goes_on() {
        let scratch = tempfile::tempdir().unwrap();
        let mut session = Session::new(Settings {
            root: scratch.path().to_owned(),
            drafts: false,
            lang: Lang::Zh,
        });
        session.good = Some((Arc::default(), String::from("/qt/")));
        let before = session.start();
        let failed = session.guarded(|_| -> Rebuilt { panic!("{} 坏了", "页面") });
        let failed = failed.unwrap_err();
        let told = &failed.shown.diagnostics;
        assert_eq!((told.len(), told[0].code), (1, Code::Internal));
        assert!(told[0].message.zh.ends_with("页面 坏了"), "{told:?}");
        assert!(failed.is_news && failed.shown.site.is_some());
        assert_eq!(failed.shown.base, "/qt/");
        std::fs::write(scratch.path().join("a.txt"), "").unwrap();
        let after = session.refresh(&Changes::from_iter(["a.txt"])).unwrap();
        assert_eq!(after.shown.build, 3);
        assert_eq!(after.shown.diagnostics, before.shown.diagnostics);
    }
}
