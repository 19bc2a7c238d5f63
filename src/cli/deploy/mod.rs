//! `yugang deploy`.

pub(super) mod args;
mod refusals;
mod words;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;

use serde::Serialize;
use url::Url;

use super::args::Format;
use super::console::Console;
use args::DeployArgs;
use refusals::{drafts_are_for_staging, elsewhere, no_target, not_public};
use words::{as_published, gone_back, how_far, lines, sentence, told_of, withdrawn};

use crate::compile::{Memo, Options, compile};
use crate::content;
use crate::deploy::DeployPlan;
use crate::diag::{Code, Counts, Diagnostic, Severity, has_errors, sort, text};
use crate::model::config::{Links, SiteConfig};
use crate::model::snapshot::Snapshot;
use crate::model::target::DeployTarget;
use crate::model::tree::OutputTree;
use crate::shell::clock::{self, Stopwatch};
use crate::shell::deploy::{self, Progress, Published};
use crate::shell::read;

/// What a run did, for the last line and for JSON.
#[derive(Debug, Default, Serialize)]
struct Summary<'a> {
    target: &'a str,
    dry_run: bool,
    release: u64,
    plan: DeployPlan,
    /// The addresses of what is new, has changed or is gone.
    changed_urls: Vec<String>,
    errors: usize,
    warnings: usize,
    seconds: f64,
}

/// A finished site that may be published.
struct Ready {
    config: SiteConfig,
    tree: OutputTree,
    expires: BTreeMap<String, i64>,
    /// Warnings and notes.
    told: Vec<Diagnostic>,
}

/// Runs the command.
pub(super) fn run(arguments: &DeployArgs) -> ExitCode {
    let stopwatch = Stopwatch::start();
    let console = Console::new(&arguments.common);
    console.progress(&text!("读取文件…", "reading…"));
    let snapshot = read::read(&arguments.common.root);
    let chosen = choose(&snapshot.value, arguments.target.as_deref());
    let (name, done) = match chosen {
        Err(problems) => (String::new(), Err(problems)),
        Ok((target, config)) => {
            let done = publish(arguments, &console, snapshot, (&target, config));
            (target.name, done)
        }
    };
    let mut exit = ExitCode::SUCCESS;
    let mut summary = Summary {
        target: &name,
        dry_run: arguments.asked.dry_run,
        seconds: stopwatch.elapsed().as_secs_f64(),
        ..Summary::default()
    };
    let mut diagnostics = match done {
        Ok((published, changed_urls, mut told)) => {
            told.extend(published.notes);
            summary.release = published.release;
            summary.plan = published.plan;
            summary.changed_urls = changed_urls;
            told
        }
        Err(problems) => {
            exit = code(&problems);
            problems
        }
    };
    sort(&mut diagnostics);
    let counts = Counts::of(&diagnostics);
    (summary.errors, summary.warnings) = (counts.errors, counts.warnings);
    // A dry run shows the plan also where it would be refused.
    if summary.errors > 0 {
        exit = code(&diagnostics);
    }
    if let Some(path) = arguments.report.as_ref().filter(|_| summary.errors == 0)
        && let Err(problem) = deploy::save_report(path, &report(&summary))
    {
        diagnostics.push(*problem);
        summary.errors += 1;
        exit = ExitCode::from(2);
    }
    if arguments.common.format == Format::Json {
        console.json(&diagnostics, &summary);
        return exit;
    }
    console.diagnostics(&diagnostics);
    if summary.dry_run {
        console.lines(&lines(&summary.plan));
    }
    let done = match (summary.errors, arguments.verify, arguments.rollback) {
        (0, true, _) => as_published(&name),
        (0, _, true) if !summary.dry_run => gone_back(&name, summary.plan.uploads.len()),
        _ => sentence(&summary),
    };
    console.summary(&done, summary.errors > 0);
    exit
}

/// 1 where the content has errors, 2 where something else prevents publishing.
fn code(problems: &[Diagnostic]) -> ExitCode {
    let elsewhere = [
        Code::Environment,
        Code::Unreadable,
        Code::Storage,
        Code::Locked,
        Code::OccupiedPath,
    ];
    let mut errors = problems
        .iter()
        .filter(|found| found.severity == Severity::Error);
    let is_content = errors.any(|found| !elsewhere.contains(&found.code));
    ExitCode::from(if is_content { 1 } else { 2 })
}

/// The target that is meant, and the configuration of the site.
fn choose(
    snapshot: &Snapshot,
    name: Option<&str>,
) -> Result<(DeployTarget, SiteConfig), Vec<Diagnostic>> {
    let config = content::config(snapshot);
    let Some(raw) = config.value.filter(|_| !has_errors(&config.diagnostics)) else {
        return Err(config.diagnostics);
    };
    let targets = &raw.config.deploy;
    let found = match name {
        Some(name) => targets.iter().find(|target| target.name == name),
        None => targets.first(),
    };
    match found {
        Some(target) => Ok((target.clone(), raw.config)),
        None => Err(vec![no_target(targets, name)]),
    }
}

type Done = (Published, Vec<String>, Vec<Diagnostic>);

fn publish(
    arguments: &DeployArgs,
    console: &Console,
    snapshot: crate::diag::Checked<Snapshot>,
    (target, config): (&DeployTarget, SiteConfig),
) -> Result<Done, Vec<Diagnostic>> {
    let root = &arguments.common.root;
    let started = Stopwatch::start();
    let shown = Mutex::new(0.0);
    let told = |progress: Progress| {
        let elapsed = started.elapsed().as_secs_f64();
        let Ok(mut last) = shown.lock() else { return };
        // A terminal need not be told more often.
        if progress.sent == progress.of || elapsed - *last > 0.1 {
            *last = elapsed;
            console.progress(&how_far(progress, elapsed));
        }
    };
    if arguments.verify {
        let drift = deploy::verify(root, target)?;
        let told = told_of(&drift);
        return match has_errors(&told) {
            true => Err(told),
            false => Ok((Published::default(), Vec::new(), told)),
        };
    }
    if let Some(path) = &arguments.withdraw {
        console.progress(&text!("撤下…", "withdrawing…"));
        let path = path_of(path, &with_target(config.clone(), target));
        let gone = deploy::withdraw(root, target, &path, &arguments.asked)?;
        console.lines(&[withdrawn(&path, gone.len())]);
    }
    if arguments.rollback {
        console.progress(&text!("退回…", "going back…"));
        let published = deploy::roll_back(root, target, &arguments.asked, &told)?;
        let changed = changed_urls(&published.plan, &with_target(config, target));
        return Ok((published, changed, Vec::new()));
    }
    console.progress(&text!("编译…", "compiling…"));
    let ready = ready(arguments, snapshot, target)?;
    console.progress(&text!("比较…", "comparing…"));
    let out = root.join("public");
    let of_photos =
        |done, of| console.progress(&text!("处理照片 {done}/{of}…", "photos {done}/{of}…"));
    let site = (&ready.tree, &ready.expires);
    let published = deploy::publish(
        (root, &out),
        target,
        site,
        &arguments.asked,
        (&of_photos, &told),
    )?;
    let changed = changed_urls(&published.plan, &ready.config);
    Ok((published, changed, ready.told))
}

fn with_target(config: SiteConfig, target: &DeployTarget) -> SiteConfig {
    SiteConfig {
        base_url: target.base_url.clone().unwrap_or(config.base_url),
        links: target.links.or(config.links),
        ..config
    }
}

/// Compiles the site for a target.
///
/// # Errors
/// Everything because of which it must not be published there.
fn ready(
    arguments: &DeployArgs,
    snapshot: crate::diag::Checked<Snapshot>,
    target: &DeployTarget,
) -> Result<Ready, Vec<Diagnostic>> {
    let options = Options {
        as_of: clock::now_at(&snapshot.value),
        drafts: arguments.drafts,
        base_url: target.base_url.clone(),
        links: target.links,
    };
    let mut memo = Memo::default();
    let compiled = compile(&snapshot.value, &options, &mut memo);
    let mut told = snapshot.diagnostics;
    told.extend(compiled.diagnostics);
    let Some(linked) = memo.linked() else {
        return Err(told);
    };
    let site = &linked.site;
    if !target.staging {
        told.extend(site.samples());
        told.extend(arguments.drafts.then(drafts_are_for_staging));
        told.extend(not_public(&site.config.base_url));
    }
    told.extend(elsewhere(target, &site.config.base_url));
    if has_errors(&told) {
        return Err(told);
    }
    Ok(Ready {
        config: site.config.clone(),
        expires: site.expiries(),
        tree: compiled.value,
        told,
    })
}

/// The path below the site's address that somebody means who writes an address or a path.
fn path_of(written: &str, config: &SiteConfig) -> String {
    let path = |url: &str| Url::parse(url).ok().map(|url| url.path().to_owned());
    let decoded = path(written).unwrap_or_else(|| written.to_owned());
    let decoded = percent_encoding::percent_decode_str(&decoded)
        .decode_utf8_lossy()
        .into_owned();
    let base = path(&config.base_url).unwrap_or_default();
    let (below, base) = (decoded.trim_matches('/'), base.trim_matches('/'));
    let rest = below.strip_prefix(base);
    let rest = rest.filter(|rest| base.is_empty() || rest.is_empty() || rest.starts_with('/'));
    let below = rest.unwrap_or(below).trim_matches('/');
    below
        .strip_suffix("/index.html")
        .unwrap_or(below)
        .to_owned()
}

/// The addresses of what is new, has changed or is gone, for those who keep copies of them.
fn changed_urls(plan: &DeployPlan, config: &SiteConfig) -> Vec<String> {
    let Ok(base) = Url::parse(&format!("{}/", config.base_url.trim_end_matches('/'))) else {
        return Vec::new();
    };
    let keeps_index = config.links == Some(Links::IndexHtml);
    let url = |path: &str| {
        let page = path.strip_suffix("index.html").filter(|_| !keeps_index);
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments
                .pop_if_empty()
                .extend(page.unwrap_or(path).split('/'));
        }
        url.to_string()
    };
    let sent = plan.uploads.iter().map(|upload| upload.path.as_str());
    let gone = plan.deletes.keys().map(|path| path.as_str());
    sent.chain(gone).map(url).collect()
}

fn report(summary: &Summary<'_>) -> Vec<u8> {
    // A struct of strings and numbers always serialises.
    serde_json::to_vec_pretty(summary).unwrap_or_default()
}
