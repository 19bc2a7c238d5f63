//! What comes after publishing: CDNs are told what to purge, search engines what is new.
//!
//! Input: the steps of a target, and what each is to be told ([`Owed`]). Output: which of them have succeeded; what
//! has failed is told again when it is asked for, or after the next release.
//!
//! Invariants: no step runs before a release is complete, and none changes it; nothing that comes from the
//! environment is shown; a step that has succeeded is told nothing twice, unless it could not be written down.

mod command;
mod post;
mod step;
mod words;

use std::collections::BTreeSet;
use std::path::Path;

pub use step::{Lack, Step, prepare};
pub(super) use words::has_forgotten;

use super::bucket::{Condition, Outcome};
use super::store::Store;
use super::{block_on, record};
use crate::deploy::changes::{Done, Owed};
use crate::deploy::headers::Headers;
use crate::deploy::manifest::Manifest;
use crate::deploy::report::{Addresses, Report};
use crate::diag::Diagnostic;
use crate::model::target::DeployTarget;
use step::Action;

/// Where the private place says how far the steps have come.
const KEY: &str = "after.json";

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

/// Why a step has failed.
#[derive(Debug)]
enum Failure {
    /// The address has answered with this status and these words.
    Answer(u16, String),
    /// The address has answered that it is elsewhere, at this scheme and host.
    Elsewhere(String),
    /// The address cannot be reached or does not answer, for this reason.
    Silence(String),
    /// The program is not there.
    NoProgram,
    /// The program cannot be run.
    CannotRun(std::io::Error),
    /// The program has ended with this code; `None` where a signal has ended it.
    Ended(Option<i32>),
}

/// How steps are run.
pub struct Way<'a> {
    /// How places of the site become addresses.
    pub addresses: &'a Addresses,
    /// Whether what commands print goes to standard error, since standard output is for something else.
    pub is_output_taken: bool,
    /// Is told which address is told: its step's number from 1, of how many, and the step.
    pub told: &'a dyn Fn(usize, usize, &str),
}

/// Runs those of `steps` that have not been told of everything, whether or not others fail. Commands run in the
/// site's folder `root`. Returns what was run, and what is to be said of it: an error for each that has failed.
///
/// # Errors
/// What prevents running any.
pub fn run(
    root: &Path,
    (target, steps): (&DeployTarget, &[Step]),
    owed: &Owed,
    way: &Way<'_>,
) -> Result<(Vec<Ran>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let store = Store::open(root, target, false).map_err(|problem| vec![*problem])?;
    block_on(async {
        let mut ran = Vec::new();
        let mut problems = Vec::new();
        let mut succeeded = BTreeSet::new();
        for (at, step) in steps.iter().enumerate() {
            let places = owed.to(&step.key);
            if places.is_empty() {
                continue;
            }
            let report = Report::of(places, &|place| owed.is_there(place), way.addresses);
            if report.lines(step.payload).is_empty() {
                // Such as no page, where only a style sheet has changed.
                succeeded.insert(step.key.clone());
                continue;
            }
            if let Action::Post(_) = step.action {
                // Commands speak for themselves.
                (way.told)(at + 1, steps.len(), &step.shown);
            }
            let done = run_step(root, (target, step), (&report, owed.release), way).await;
            let is_done = done.is_ok();
            if is_done {
                succeeded.insert(step.key.clone());
            }
            problems.extend(done.err());
            ran.push(Ran {
                step: step.shown.clone(),
                urls: report.lines(step.payload).len(),
                is_done,
            });
        }
        if !succeeded.is_empty()
            && let Err(problem) = remember(&store, owed, &succeeded).await
        {
            problems.push(words::not_remembered(*problem));
        }
        if owed.is_doubtful() && !succeeded.is_empty() {
            let place = format!("{}/{KEY}", store.state.shown());
            problems.push(words::unreadable(&place));
        }
        Ok((ran, problems))
    })
}

async fn run_step(
    root: &Path,
    (target, step): (&DeployTarget, &Step),
    (report, release): (&Report, u64),
    way: &Way<'_>,
) -> Result<(), Diagnostic> {
    let name = &target.name;
    let most = match step.action {
        Action::Post(_) => AT_A_TIME,
        Action::Command(_) => usize::MAX,
    };
    for body in report.bodies(step.payload, (name, release), most) {
        let done = match &step.action {
            Action::Post(url) => post::post(url, step.payload, body).await,
            Action::Command(command) => command::run((root, command), body, way.is_output_taken),
        };
        done.map_err(|failure| words::failed(name, step, &failure))?;
    }
    Ok(())
}

/// What the steps of a target are still to be told, for running them alone.
///
/// # Errors
/// What the storage refuses, and where nothing has been published.
pub fn owed(root: &Path, target: &DeployTarget) -> Result<Owed, Vec<Diagnostic>> {
    let store = Store::open(root, target, true).map_err(|problem| vec![*problem])?;
    let owed = async {
        let manifest = record::published(&store).await?;
        let done = done(&store, &manifest).await?;
        Ok(Owed::of(&manifest, done))
    };
    block_on(async {
        owed.await
            .map_err(|problem: Box<Diagnostic>| vec![*problem])
    })
}

/// How far the steps have come that the record `manifest` has something for; nothing is asked for where there are
/// none.
pub(super) async fn done(store: &Store, manifest: &Manifest) -> Outcome<Done> {
    if store.steps.is_empty() || manifest.untold.is_empty() {
        return Ok(Done::default());
    }
    let bytes = store.state.read(KEY).await?;
    Ok(bytes.map_or_else(Done::default, |bytes| Done::from_json(&bytes)))
}

async fn remember(store: &Store, owed: &Owed, succeeded: &BTreeSet<String>) -> Outcome<()> {
    let json = owed.done(&store.steps, succeeded).to_json();
    let headers = Headers::default();
    let written = store.state.write(KEY, json, &headers, &Condition::Always);
    written.await.map(drop)
}
