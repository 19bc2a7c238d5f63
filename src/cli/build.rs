//! `yugang build`.

use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use super::args::{BuildArgs, Format};
use super::console::Console;
use crate::compile::{Memo, Options, compile};
use crate::diag::{Code, Diagnostic, Problem, Severity, Text, has_errors, sort, text};
use crate::model::tree::{OutPath, OutputTree};
use crate::shell::clock::{self, Stopwatch};
use crate::shell::{read, write};

/// What a build did, for the last line and for JSON.
#[derive(Debug, Default, Serialize)]
struct Summary {
    pages: usize,
    written: usize,
    unchanged: usize,
    removed: usize,
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
    let snapshot = snapshot.value;
    console.progress(&text!("编译…", "compiling…"));
    let options = Options {
        as_of: match arguments.as_of {
            Some(moment) => moment.start(),
            None => clock::now_at(&snapshot),
        },
        drafts: arguments.drafts,
        base_url: arguments.base_url.clone(),
    };
    let mut memo = Memo::default();
    let tree = compile(&snapshot, &options, &mut memo).drain_into(&mut diagnostics);
    let mut summary = Summary {
        pages: pages(&tree),
        ..Summary::default()
    };
    let out = arguments.out.clone();
    let out = without_here(&out.unwrap_or_else(|| root.join("public")));
    let mut exit = ExitCode::SUCCESS;
    if has_errors(&diagnostics) {
        let environment = [Code::Environment, Code::Unreadable];
        let is_environment = diagnostics
            .iter()
            .any(|found| environment.contains(&found.code));
        exit = ExitCode::from(if is_environment { 2 } else { 1 });
    } else {
        console.progress(&text!("写入…", "writing…"));
        match write::write(root, &out, &tree) {
            Ok(written) => {
                summary.written = written.written;
                summary.unchanged = written.unchanged;
                summary.removed = written.removed;
                diagnostics.extend(written.let_go.iter().map(|path| let_go(&out, path)));
            }
            Err(errors) => {
                diagnostics.extend(errors);
                exit = ExitCode::from(2);
            }
        }
    }
    sort(&mut diagnostics);
    summary.seconds = stopwatch.elapsed().as_secs_f64();
    finish(arguments, &console, &diagnostics, &mut summary, &out);
    // The process ends here, and the system takes all its memory back at once; to free a large site
    // piece by piece would only keep the user waiting.
    std::mem::forget((snapshot, tree, memo));
    exit
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
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    };
    summary.errors = count(Severity::Error);
    summary.warnings = count(Severity::Warning);
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
