//! What comes after publishing: CDNs are told what to purge, search engines what is new.
//!
//! Input: the notifications that are pending. Output: which of their steps have succeeded; what has failed stays
//! pending, for when it is asked for and for the next release.
//!
//! Invariants: no step runs before a release is complete, and none changes it; nothing that comes from the
//! environment is shown; a step that has succeeded is told nothing twice, unless it could not be written down.

mod command;
mod environment;
mod post;

use std::collections::BTreeSet;
use std::path::Path;

use super::bucket::Outcome;
use super::store::Store;
use super::{Published, block_on, record};
use crate::deploy::manifest::Manifest;
use crate::deploy::notification::{Notification, places_of};
use crate::deploy::report::{Addresses, Report};
use crate::diag::{Code, Diagnostic, Problem, Text, text};
use crate::model::target::DeployTarget;
use crate::model::tree::OutPath;
use crate::shell::clock;
use environment::{Action, Ready};

/// Where notifications are in the private place.
const FOLDER: &str = "after/";

/// Where they were when the target had no private place.
pub(super) const BESIDE: &str = ".yugang/after/";

/// Most addresses that are sent at a time; Baidu takes no more.
const AT_A_TIME: usize = 2000;

/// A step that has been run.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The step, as it is written in `site.yaml`.
    pub step: String,
    /// How many addresses it was told of.
    pub urls: usize,
    /// Whether it has succeeded.
    pub is_done: bool,
}

/// How steps are run.
pub struct Way<'a> {
    /// How places of the site become addresses.
    pub addresses: &'a Addresses,
    /// Whether what commands print goes to standard error, since standard output is for something else.
    pub is_output_taken: bool,
    /// Whether an address that is busy is asked again; not where something more urgent is to be done first.
    pub tries_again: bool,
    /// Is told which address is told: its step's number from 1, of how many, and the step.
    pub told: &'a dyn Fn(usize, usize, &str),
}

/// What the steps of a target are still to be told, and the release that is published.
///
/// # Errors
/// What the storage refuses, and where nothing has been published.
pub fn pending(root: &Path, target: &DeployTarget) -> Result<Published, Vec<Diagnostic>> {
    let store = Store::open(root, target, true)?;
    block_on(async {
        let manifest = record::published(&store).await?;
        Ok(Published {
            release: manifest.release,
            pending: pending_in(&store, &manifest).await?,
            ..Published::default()
        })
    })
}

/// What each step of the target is still to be told; where it has none, nothing is asked for.
pub(super) async fn pending_in(store: &Store, manifest: &Manifest) -> Outcome<Vec<Notification>> {
    let mut all: Vec<_> = store.after.iter().map(Notification::to).collect();
    if all.is_empty() {
        return Ok(all);
    }
    let (bucket, folder) = match store.took_over.get() {
        true => (&store.site, BESIDE),
        false => (&store.state, FOLDER),
    };
    for listed in bucket.list(folder).await? {
        let name = listed.key.strip_prefix(folder).unwrap_or_default();
        let of_step = |one: &Notification| name.starts_with(&one.prefix());
        let found = all.iter().position(of_step);
        // A step that is written otherwise now, since that was why it failed, stands where it stood.
        let Some(at) = found.or_else(|| place_of(name).filter(|at| *at < all.len())) else {
            continue;
        };
        let notification = &mut all[at];
        let Some(bytes) = bucket.read(&listed.key).await? else {
            continue;
        };
        // One that is damaged may have told of anything.
        let places = places_of(&bytes);
        let places = places.unwrap_or_else(|| manifest.objects.keys().cloned().collect());
        notification.add(places, &|place| manifest.objects.contains_key(place));
        notification.files.push(listed.key);
    }
    Ok(all)
}

/// The place of a step in the list of its target, as the name of a file has it.
fn place_of(name: &str) -> Option<usize> {
    name.rsplit_once('-')?.1.parse().ok()
}

/// Adds these places to what is pending, and writes that down before the record `next` is.
pub(super) async fn put(
    store: &Store,
    pending: &mut [Notification],
    changed: &BTreeSet<OutPath>,
    next: &Manifest,
) -> Outcome<()> {
    for (at, notification) in pending.iter_mut().enumerate() {
        notification.add(changed.iter().cloned(), &|place| {
            next.objects.contains_key(place)
        });
        // What is beside the site goes with the old record.
        let is_new = !changed.is_empty() || store.took_over.get();
        if notification.places.is_empty() || !is_new {
            continue;
        }
        let (name, json) = notification.file();
        // Another run that still tells the same places must not remove this file as its own.
        let file = format!("{FOLDER}{name}-{}-{at}", clock::seconds());
        store.state.keep(&file, json).await?;
        let mut before = std::mem::replace(&mut notification.files, vec![file.clone()]);
        before.retain(|before| *before != file);
        store.state.delete(before).await?;
    }
    Ok(())
}

/// Runs the steps to which something is to be told of a release, whether or not others fail. Commands run in the
/// site's folder `root`. Returns what was run, and what is to be said of it: an error for each that has failed. The
/// site is published by then, so that nothing prevents what was asked for any more.
pub fn carry_out(
    root: &Path,
    target: &DeployTarget,
    published: &Published,
    way: &Way<'_>,
) -> (Vec<Ran>, Vec<Diagnostic>) {
    let (mut ran, mut problems, mut done) = (Vec::new(), Vec::new(), Vec::new());
    for (at, notification) in published.pending.iter().enumerate() {
        let (step, shown) = (&notification.step, notification.step.shown());
        let report = Report::of(&notification.places, way.addresses);
        let urls = report.lines(step.payload()).len();
        // Nothing may be for this step, such as no page where only a style sheet has changed.
        if urls > 0 {
            if step.url.is_some() {
                // Commands speak for themselves.
                (way.told)(at + 1, published.pending.len(), &shown);
            }
            let told = tell(
                root,
                target,
                notification,
                (&report, published.release),
                way,
            );
            ran.push(Ran {
                step: shown,
                urls,
                is_done: told.is_ok(),
            });
            if let Err(problem) = told {
                problems.extend(problem);
                continue;
            }
        }
        done.extend(notification.files.iter().cloned());
    }
    if !done.is_empty()
        && let Err(found) = forget(root, target, done)
    {
        problems.extend(found.into_iter().map(not_remembered));
    }
    (ran, problems)
}

/// Tells one step.
fn tell(
    root: &Path,
    target: &DeployTarget,
    notification: &Notification,
    (report, release): (&Report, u64),
    way: &Way<'_>,
) -> Outcome<()> {
    let (step, name) = (&notification.step, &target.name);
    let failed = |why: Text| vec![failed(name, &step.shown(), &why)];
    let ready = environment::ready(step).map_err(failed)?;
    let most = match ready.action {
        Action::Post(_) => AT_A_TIME,
        Action::Command(_) => usize::MAX,
    };
    for body in report.bodies(step.payload(), (name, release), most) {
        let done = match &ready.action {
            Action::Post(url) => post::post(url, (step.payload(), body), (way, &ready)),
            Action::Command(command) => {
                let is_output_taken = way.is_output_taken;
                command::run((root, command), body, is_output_taken, command::LIMIT)
            }
        };
        done.map_err(|why| failed(ready.without_secrets(why)))?;
    }
    Ok(())
}

/// Removes the files of notifications.
fn forget(root: &Path, target: &DeployTarget, files: Vec<String>) -> Result<(), Vec<Diagnostic>> {
    let store = Store::open(root, target, false)?;
    let (beside, own): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| file.starts_with(BESIDE));
    block_on(async {
        store.site.delete(beside).await?;
        store.state.delete(own).await
    })
}

/// Why steps of a target cannot be run, asked before anything is published.
pub fn missing(target: &DeployTarget) -> Vec<Diagnostic> {
    let name = &target.name;
    let lacks = target.after.iter().filter_map(|step| {
        let (why, step) = (environment::ready(step).err()?, step.shown());
        let message = Text {
            zh: format!("`{name}` 发布之后的 `{step}` {}；什么也没有改动", why.zh),
            en: format!(
                "the step `{step}` of `{name}` cannot be run: {}; nothing was changed",
                why.en
            ),
        };
        let hint = text!(
            "补好再运行；不要这一步就从 site.yaml 的 `after` 里删去",
            "mend it and run again, or take the step out of `after` in site.yaml"
        );
        let problem = Problem::error(Code::Environment, message);
        Some(problem.hint(hint).nowhere())
    });
    lacks.collect()
}

/// The diagnostic that a step of a target has failed.
fn failed(target: &str, step: &str, why: &Text) -> Diagnostic {
    let message = Text {
        zh: format!("发布已完成，但之后的一步 `{step}` 没有做成：{}", why.zh),
        en: format!(
            "the site is published, but the step `{step}` after it has failed: {}",
            why.en
        ),
    };
    let hint = text!(
        "改好后运行 `yugang deploy {target} --after`，只补做这一步；下次发布也会补做",
        "mend it and run `yugang deploy {target} --after`, which runs this step alone; the next release does so too"
    );
    Problem::error(Code::After, message).hint(hint).nowhere()
}

/// The diagnostic that steps have succeeded and will be run again all the same, because of `problem`.
fn not_remembered(problem: Diagnostic) -> Diagnostic {
    let why = problem.message;
    let message = Text {
        zh: format!(
            "发布之后的各步做成了，但没能记下来，下次会再做一遍：{}",
            why.zh
        ),
        en: format!(
            "the steps after publishing have succeeded, but that could not be written down, and they are run once more: {}",
            why.en
        ),
    };
    Problem::warning(Code::After, message).nowhere()
}
