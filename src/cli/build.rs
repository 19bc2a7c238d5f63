//! `yugang build`.

use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use super::args::{BuildArgs, Format};
use super::console::Console;
use crate::compile::cache::{self, Cache, Flaw, Inputs, Leavings};
use crate::compile::{Memo, Options, compile};
use crate::diag::{Code, Counts, Diagnostic, Problem, Severity, Text, has_errors, sort, text};
use crate::model::snapshot::Snapshot;
use crate::model::tree::{OutPath, OutputTree};
use crate::shell::cache as shell_cache;
use crate::shell::clock::{self, Stopwatch};
use crate::shell::fault::because;
use crate::shell::write::Written;
use crate::shell::{read, write};

/// What a build did, for the last line and for JSON.
#[derive(Debug, Default, Serialize)]
struct Summary {
    pages: usize,
    written: usize,
    unchanged: usize,
    removed: usize,
    /// Files made of photos that an earlier build had not made.
    images_made: usize,
    errors: usize,
    warnings: usize,
    seconds: f64,
}

/// Runs the command.
pub(super) fn run(arguments: &BuildArgs) -> ExitCode {
    let stopwatch = Stopwatch::start();
    let console = Console::new(&arguments.common);
    let root = &arguments.common.root;
    console.progress(&text!("读取文件…", "reading…"));
    let snapshot = read::read(root);
    let mut diagnostics = snapshot.diagnostics;
    let options = Options {
        as_of: match arguments.as_of {
            Some(moment) => moment.start(),
            None => clock::now_at(&snapshot.value),
        },
        drafts: arguments.drafts,
        base_url: arguments.base_url.clone(),
        links: None,
    };
    let site = Site {
        inputs: Inputs::of(&snapshot.value, &options),
        options,
        snapshot: snapshot.value,
        is_complete: !has_errors(&diagnostics),
    };
    let out = arguments.out.clone();
    let out = without_here(&out.unwrap_or_else(|| root.join("public")));
    console.progress(&text!("编译…", "compiling…"));
    let stored = shell_cache::load(&out);
    let mut made = site.make(stored.as_deref());
    let mut exit = ExitCode::SUCCESS;
    if !site.is_complete || has_errors(&made.diagnostics) {
        if told_of_photos_only(diagnostics.iter().chain(&made.diagnostics)) {
            let progress = photos(&console);
            let checked = write::check_photos(root, &out, &made.tree, &progress);
            made.diagnostics.extend(checked.err().into_iter().flatten());
        }
        exit = failed(diagnostics.iter().chain(&made.diagnostics));
    } else {
        console.progress(&text!("写入…", "writing…"));
        match write_out((root, &out), &site, &mut made, &console) {
            Ok(told) => diagnostics.extend(told),
            Err(errors) => {
                diagnostics.extend(errors);
                exit = ExitCode::from(2);
            }
        }
    }
    diagnostics.append(&mut made.diagnostics);
    diagnostics.extend(made.flaw.map(|flaw| not_used(&out, flaw)));
    sort(&mut diagnostics);
    let mut summary = Summary {
        pages: pages(&made.tree),
        written: made.written.written,
        unchanged: made.written.unchanged,
        removed: made.written.removed,
        images_made: made.written.images_made,
        seconds: stopwatch.elapsed().as_secs_f64(),
        ..Summary::default()
    };
    finish(arguments, &console, &diagnostics, &mut summary, &out);
    // The process ends here, and the system takes all its memory back at once; to free a large site
    // piece by piece would only keep the user waiting.
    std::mem::forget((site, made));
    exit
}

/// What is built.
struct Site {
    snapshot: Snapshot,
    inputs: Inputs,
    options: Options,
    /// Whether every file could be read.
    is_complete: bool,
}

/// What came of it.
#[derive(Default)]
struct Made {
    tree: OutputTree,
    diagnostics: Vec<Diagnostic>,
    /// What the next build may use; `None` when nothing has changed.
    leavings: Option<Leavings>,
    /// Why the cache was not used.
    flaw: Option<Flaw>,
    written: Written,
}

impl Site {
    /// Compiles the site, with the help of what an earlier build stored.
    fn make(&self, stored: Option<&[u8]>) -> Made {
        let cached = stored.map(Cache::decode).transpose();
        let unchanged = match &cached {
            Ok(Some(cache)) if self.is_complete => {
                cache.unchanged(&self.inputs, self.options.as_of)
            }
            _ => None,
        };
        if let Some(unchanged) = unchanged {
            return Made {
                tree: unchanged.value,
                diagnostics: unchanged.diagnostics,
                ..Made::default()
            };
        }
        let restored = |cache: Cache<'_>| cache.into_memo(&self.inputs);
        let memo = cached.and_then(|cache| cache.map(restored).transpose());
        let (mut memo, flaw) = match memo {
            Ok(memo) => (memo.unwrap_or_default(), None),
            Err(flaw) => (Memo::default(), Some(flaw)),
        };
        memo = memo.for_last_build();
        let compiled = compile(&self.snapshot, &self.options, &mut memo);
        Made {
            tree: compiled.value,
            diagnostics: compiled.diagnostics,
            leavings: Some(Leavings::of(memo, &self.inputs)),
            flaw,
            ..Made::default()
        }
    }
}

/// Writes what was made, and keeps what the next build may use.
///
/// # Errors
/// What prevents the site from being written.
fn write_out(
    (root, out): (&Path, &Path),
    site: &Site,
    made: &mut Made,
    console: &Console,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let progress = photos(console);
    made.written = match write::write_or_keep(root, out, &made.tree, &progress)? {
        Some(written) => written,
        None => {
            // Somebody has changed the output folder, so that every page is wanted after all.
            *made = site.make(None);
            let written = write::write_or_keep(root, out, &made.tree, &progress)?;
            written.unwrap_or_default()
        }
    };
    let mut told: Vec<Diagnostic> = made
        .written
        .let_go
        .iter()
        .map(|path| let_go(out, path))
        .collect();
    if let Some(leavings) = &made.leavings {
        let files = made.written.files.iter();
        let files = files.map(|(path, file)| (path, file.digest, file.size));
        let inputs = (&site.inputs, site.options.as_of);
        let pieces = cache::encode(leavings, inputs, files, &made.diagnostics);
        if let Err(error) = shell_cache::save(out, pieces.as_ref().map(|pieces| &pieces[..])) {
            told.push(not_kept(out, &error));
        }
    }
    Ok(told)
}

/// Whether every error is about a photo: then the officer should hear of all photos at once.
fn told_of_photos_only<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> bool {
    let mut errors = diagnostics.filter(|found| found.severity == Severity::Error);
    errors.all(|found| found.code == Code::UnusableImage)
}

/// Shows how far the work on photos is.
fn photos(console: &Console) -> impl Fn(usize, usize) + Sync {
    |done, of| {
        console.progress(&text!("处理照片 {done}/{of}…", "photos {done}/{of}…"));
    }
}

fn failed<'a>(mut diagnostics: impl Iterator<Item = &'a Diagnostic>) -> ExitCode {
    let environment = [Code::Environment, Code::Unreadable];
    let is_environment = diagnostics.any(|found| environment.contains(&found.code));
    ExitCode::from(if is_environment { 2 } else { 1 })
}

/// The note that the next build will have to make everything again.
fn not_kept(out: &Path, error: &std::io::Error) -> Diagnostic {
    let shown = out.display();
    let message = text!(
        "`{shown}` 里的缓存没有写成，下次会全部重新编译",
        "the cache in `{shown}` was not written, so the next build starts from nothing"
    );
    Problem::note(Code::Cache, because(message, error)).nowhere()
}

/// The note that everything was made again.
fn not_used(out: &Path, flaw: Flaw) -> Diagnostic {
    let shown = out.display();
    let message = match flaw {
        Flaw::Foreign => text!(
            "`{shown}` 里的缓存是另一个版本的程序留下的，没有用它",
            "the cache in `{shown}` is that of another version of the program and was not used"
        ),
        Flaw::Damaged => text!(
            "`{shown}` 里的缓存已损坏，没有用它",
            "the cache in `{shown}` is damaged and was not used"
        ),
    };
    Problem::note(Code::Cache, message).nowhere()
}

fn pages(tree: &OutputTree) -> usize {
    tree.keys()
        .filter(|path| path.as_str().ends_with(".html"))
        .count()
}

fn finish(
    arguments: &BuildArgs,
    console: &Console,
    diagnostics: &[Diagnostic],
    summary: &mut Summary,
    out: &Path,
) {
    let counts = Counts::of(diagnostics);
    (summary.errors, summary.warnings) = (counts.errors, counts.warnings);
    if arguments.common.format == Format::Json {
        console.json(diagnostics, summary);
        return;
    }
    console.diagnostics(diagnostics);
    let out = out.display().to_string();
    console.summary(&sentence(summary, &out), summary.errors > 0);
}

fn sentence(summary: &Summary, out: &str) -> Text {
    let Summary {
        pages,
        written,
        unchanged,
        removed,
        errors,
        warnings,
        seconds,
        ..
    } = summary;
    if *errors > 0 {
        return text!(
            "没有发布：{errors} 个错误，{warnings} 个警告；{out} 保持原样（{seconds:.2} 秒）",
            "not written: {errors} errors, {warnings} warnings; {out} is as before ({seconds:.2} s)"
        );
    }
    text!(
        "完成：{pages} 个页面；写入 {written} 个文件，未变 {unchanged} 个，移除 {removed} 个；{warnings} 个警告（{seconds:.2} 秒）→ {out}",
        "done: {pages} pages; {written} files written, {unchanged} unchanged, {removed} removed; {warnings} warnings ({seconds:.2} s) → {out}"
    )
}

/// The diagnostic that a file was left in the output folder.
fn let_go(out: &Path, path: &OutPath) -> Diagnostic {
    let shown = out.join(path.as_str());
    let shown = shown.display();
    Problem::warning(
        Code::OccupiedPath,
        text!(
            "`{shown}` 被别人改过，网站也不再需要它，已留在原处",
            "`{shown}` was changed by somebody, and the site no longer needs it: it was left there"
        ),
    )
    .hint(text!("不需要就自己删除", "delete it if you do not need it"))
    .nowhere()
}

/// The path without `./`, as people write it.
fn without_here(path: &Path) -> PathBuf {
    let parts = path.components();
    let path: PathBuf = parts.filter(|part| *part != Component::CurDir).collect();
    if path.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        path
    }
}
