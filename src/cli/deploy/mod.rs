//! `yugang deploy`.

mod after;
pub(super) mod args;
mod refusals;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;

use serde::Serialize;
use url::Url;

use super::args::Format;
use super::console::Console;
use after::Line;
use args::DeployArgs;
use refusals::{drafts_are_for_staging, elsewhere, no_target, not_public};
use words::{as_published, gone_back, how_far, lines, sentence, told_of, withdrawn};

use crate::compile::{Memo, Options, compile};
use crate::content;
use crate::deploy::DeployPlan;
use crate::deploy::report::{self, Addresses, Report};
use crate::diag::{Checked, Code, Counts, Diagnostic, Severity, has_errors, sort, text};
use crate::model::config::SiteConfig;
use crate::model::snapshot::Snapshot;
use crate::model::target::DeployTarget;
use crate::model::tree::{OutPath, OutputTree};
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
    #[serde(flatten)]
    report: Report,
    /// The steps after publishing that were run.
    after: Vec<Line>,
    errors: usize,
    warnings: usize,
    seconds: f64,
    /// Whether it was not done what was asked for; when a step after it has failed, it was.
    #[serde(skip)]
    is_refused: bool,
    /// Whether something was withdrawn, also where nothing could be published then.
    #[serde(skip)]
    has_withdrawn: bool,
}

/// A finished site that may be published.
struct Ready {
    tree: OutputTree,
    expires: BTreeMap<String, i64>,
    /// Warnings and notes.
    told: Vec<Diagnostic>,
}

/// What was done.
#[derive(Default)]
struct Done {
    published: Published,
    report: Report,
    after: Vec<Line>,
    told: Vec<Diagnostic>,
    has_withdrawn: bool,
}

impl Done {
    /// Adds what has come of steps that were run once more, where they had failed.
    fn add(&mut self, again: Done) {
        self.after.retain(Line::is_done);
        self.after.extend(again.after);
        self.told = again.told;
    }
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
    let mut summary = Summary {
        target: &name,
        dry_run: arguments.asked.dry_run,
        ..Summary::default()
    };
    let mut diagnostics = match done {
        Ok(done) => {
            summary.release = done.published.release;
            summary.plan = done.published.plan;
            summary.report = done.report;
            summary.after = done.after;
            summary.has_withdrawn = done.has_withdrawn;
            [done.told, done.published.notes].concat()
        }
        Err(problems) => problems,
    };
    // A dry run shows the plan also where it would be refused.
    let is_refusal = |found: &Diagnostic| is_error(found) && found.code != Code::After;
    summary.is_refused = diagnostics.iter().any(is_refusal);
    summary.seconds = stopwatch.elapsed().as_secs_f64();
    let is_reported = summary.has_withdrawn || !summary.is_refused;
    if let Some(path) = arguments.report.as_ref().filter(|_| is_reported)
        && let Err(problems) = deploy::save_report(path, &written(&summary, path))
    {
        // What was to be published is.
        let code = Code::After;
        diagnostics.extend(
            problems
                .into_iter()
                .map(|found| Diagnostic { code, ..found }),
        );
    }
    sort(&mut diagnostics);
    let counts = Counts::of(&diagnostics);
    (summary.errors, summary.warnings) = (counts.errors, counts.warnings);
    if arguments.common.format == Format::Json {
        console.json(&diagnostics, &summary);
    } else {
        console.diagnostics(&diagnostics);
        show(arguments, &console, &summary);
    }
    code(&diagnostics)
}

/// Shows for people what was done.
fn show(arguments: &DeployArgs, console: &Console, summary: &Summary<'_>) {
    let (name, steps) = (summary.target, &summary.after);
    if summary.dry_run {
        console.lines(&[lines(&summary.plan), after::lines(steps)].concat());
    }
    let done = match (summary.is_refused, summary.dry_run) {
        (false, _) if arguments.verify => as_published(name),
        (false, is_dry_run) if arguments.after => after::alone(name, steps, is_dry_run),
        (false, false) if arguments.rollback => {
            after::with_steps(gone_back(name, summary.plan.uploads.len()), steps)
        }
        // Those that were run are no steps after what was not done; what has failed of them is told.
        (true, false) => sentence(summary),
        _ => after::with_steps(sentence(summary), steps),
    };
    console.summary(&done, summary.errors > 0);
}

fn is_error(found: &Diagnostic) -> bool {
    found.severity == Severity::Error
}

/// 0 where nothing prevents publishing, 1 where the content has errors, 2 where something else prevents it, 3 where
/// only steps after it have failed.
fn code(problems: &[Diagnostic]) -> ExitCode {
    let elsewhere = [
        Code::Environment,
        Code::Unreadable,
        Code::Storage,
        Code::Locked,
        Code::OccupiedPath,
    ];
    let codes = problems.iter().filter(|found| is_error(found));
    let codes = codes.map(|found| match found.code {
        Code::After => 3,
        code if elsewhere.contains(&code) => 2,
        _ => 1,
    });
    ExitCode::from(codes.min().unwrap_or(0))
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

fn publish(
    arguments: &DeployArgs,
    console: &Console,
    snapshot: Checked<Snapshot>,
    (target, config): (&DeployTarget, SiteConfig),
) -> Result<Done, Vec<Diagnostic>> {
    let root = &arguments.common.root;
    if arguments.verify {
        return verify(root, target);
    }
    if let Some(path) = &arguments.report {
        deploy::try_report(path)?;
    }
    let missing = missing_steps(arguments, target)?;
    let config = with_target(config, target);
    let addresses = Addresses::of(&config);
    let follow = |published, tries_again| {
        let asked = (arguments, console);
        followed(asked, target, published, &addresses, tries_again)
    };
    if arguments.after {
        let mut done = follow(deploy::after::pending(root, target)?, true);
        done.told.extend(missing);
        return Ok(done);
    }
    let (mut first, mut copied) = (Done::default(), BTreeSet::new());
    if let Some(path) = &arguments.withdraw {
        console.progress(&text!("撤下…", "withdrawing…"));
        let path = path_of(path, &config);
        let gone = deploy::withdraw(root, target, &path, &arguments.asked)?;
        console.lines(&[withdrawn(&path, gone.places.len())]);
        // Copies of what must not be read are not to wait until everything else has been published; nor is that to
        // wait for who is busy, and is told again then.
        first = follow(gone.published, false);
        first.has_withdrawn = true;
        copied = gone.copied;
    }
    let (published, told) = match release(arguments, console, snapshot, target) {
        Ok(released) => released,
        Err(problems) if first.has_withdrawn => {
            if !first.after.iter().all(Line::is_done)
                && let Ok(pending) = deploy::after::pending(root, target)
            {
                first.add(follow(pending, true));
            }
            first.report = report_of(copied, &BTreeSet::new(), &addresses);
            first.told = [problems, first.told].concat();
            return Ok(first);
        }
        Err(problems) => return Err(problems),
    };
    copied.extend(published.plan.changed());
    let report = report_of(copied, &published.plan.places(), &addresses);
    first.add(follow(published.clone(), true));
    Ok(Done {
        published,
        report,
        told: [told, missing, first.told].concat(),
        ..first
    })
}

/// The steps after publishing that cannot be run as things are.
///
/// # Errors
/// The same, where that prevents publishing. What is withdrawn or gone back from must not stay where everybody reads
/// it: then only these steps fail.
fn missing_steps(
    arguments: &DeployArgs,
    target: &DeployTarget,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let missing = deploy::after::missing(target);
    let is_urgent = arguments.withdraw.is_some() || arguments.rollback;
    match (arguments.asked.dry_run, is_urgent) {
        (true, _) => Ok(missing),
        (false, true) => Ok(Vec::new()),
        (false, false) if missing.is_empty() => Ok(missing),
        (false, false) => Err(missing),
    }
}

/// The report on the `changed` places, of which those are there that `there` has.
fn report_of(
    changed: BTreeSet<OutPath>,
    there: &BTreeSet<&OutPath>,
    addresses: &Addresses,
) -> Report {
    let changed = changed.into_iter().map(|place| {
        let is_there = there.contains(&place);
        (place, is_there)
    });
    Report::of(&changed.collect(), addresses)
}

/// Compares what is published with the record.
fn verify(root: &Path, target: &DeployTarget) -> Result<Done, Vec<Diagnostic>> {
    let drift = deploy::verify(root, target)?;
    let told = told_of(&drift);
    match has_errors(&told) {
        true => Err(told),
        false => Ok(Done {
            told,
            ..Done::default()
        }),
    }
}

/// What comes of the steps to which something is to be told, or would come.
fn followed(
    asked: (&DeployArgs, &Console),
    target: &DeployTarget,
    published: Published,
    addresses: &Addresses,
    tries_again: bool,
) -> Done {
    let (after, told) = after::follow(asked, target, &published, addresses, tries_again);
    let places = published.pending.into_iter().flat_map(|one| one.places);
    Done {
        report: Report::of(&places.collect(), addresses),
        published: Published {
            release: published.release,
            ..Published::default()
        },
        after,
        told,
        has_withdrawn: false,
    }
}

/// Publishes the site, or an earlier release of it again.
fn release(
    arguments: &DeployArgs,
    console: &Console,
    snapshot: Checked<Snapshot>,
    target: &DeployTarget,
) -> Result<(Published, Vec<Diagnostic>), Vec<Diagnostic>> {
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
    if arguments.rollback {
        console.progress(&text!("退回…", "going back…"));
        let published = deploy::roll_back(root, target, &arguments.asked, &told)?;
        return Ok((published, Vec::new()));
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
    Ok((published, ready.told))
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
    snapshot: Checked<Snapshot>,
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

/// The report as it is written to `path`: JSON, or a list of addresses where its name is that of a text.
fn written(summary: &Summary<'_>, path: &Path) -> Vec<u8> {
    let is_text = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("txt"));
    if is_text {
        return report::text(&summary.report.changed_urls);
    }
    // A struct of strings and numbers always serialises.
    serde_json::to_vec_pretty(summary).unwrap_or_default()
}
