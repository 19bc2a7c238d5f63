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
use std::time::Duration;

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
pub(super) const KEY: &str = "after.json";

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
    /// The program had not ended by then and was killed.
    TooLong(Duration),
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

/// Runs those of `steps` that have not been told of everything, whether or not others fail. Commands run in the
/// site's folder `root`. Returns what was run, and what is to be said of it: an error for each that has failed. The
/// site is published by then, so that nothing prevents what was asked for any more.
pub fn run(
    root: &Path,
    (target, steps): (&DeployTarget, &[Step]),
    owed: &Owed,
    way: &Way<'_>,
) -> (Vec<Ran>, Vec<Diagnostic>) {
    let due = due(steps, owed, way);
    if due.is_empty() {
        return Default::default();
    }
    let store = Store::open(root, target, false).map_err(|problem| vec![*problem]);
    let all = store.and_then(|store| {
        block_on(async { Ok(run_due(root, (target, &store, &due), owed, way).await) })
    });
    all.unwrap_or_else(|problems| {
        let ran = due.iter().filter(|due| !due.is_idle());
        let problems = problems.into_iter();
        (
            ran.map(|due| due.ran(false)).collect(),
            problems
                .map(|problem| words::not_begun(&target.name, problem))
                .collect(),
        )
    })
}

/// A step to which something is owed.
struct Due<'a> {
    /// Its number from 1, and how many there are.
    number: (usize, usize),
    step: &'a Step,
    report: Report,
}

impl Due<'_> {
    /// Whether nothing of what is owed is for this step, such as no page where only a style sheet has changed.
    fn is_idle(&self) -> bool {
        self.report.lines(self.step.payload).is_empty()
    }

    fn ran(&self, is_done: bool) -> Ran {
        Ran {
            step: self.step.shown.clone(),
            urls: self.report.lines(self.step.payload).len(),
            is_done,
        }
    }
}

fn due<'a>(steps: &'a [Step], owed: &Owed, way: &Way<'_>) -> Vec<Due<'a>> {
    let all = steps.iter().enumerate().map(|(at, step)| {
        let places = owed.to(&step.key);
        (!places.is_empty()).then(|| Due {
            number: (at + 1, steps.len()),
            step,
            report: Report::of(places, &|place| owed.is_there(place), way.addresses),
        })
    });
    all.flatten().collect()
}

async fn run_due(
    root: &Path,
    (target, store, all): (&DeployTarget, &Store, &[Due<'_>]),
    owed: &Owed,
    way: &Way<'_>,
) -> (Vec<Ran>, Vec<Diagnostic>) {
    let mut ran = Vec::new();
    let mut problems = Vec::new();
    let mut succeeded = BTreeSet::new();
    for due in all {
        let Due { step, report, .. } = due;
        if due.is_idle() {
            succeeded.insert(step.key.clone());
            continue;
        }
        if let Action::Post(_) = step.action {
            // Commands speak for themselves.
            let (number, of) = due.number;
            (way.told)(number, of, &step.shown);
        }
        let done = run_step(root, (target, step), (report, owed.release), way).await;
        let is_done = done.is_ok();
        if is_done {
            succeeded.insert(step.key.clone());
        }
        problems.extend(done.err());
        ran.push(due.ran(is_done));
    }
    if !succeeded.is_empty()
        && let Err(problem) = remember(store, owed, &succeeded).await
    {
        problems.push(words::not_remembered(*problem));
    }
    if owed.is_doubtful() && !succeeded.is_empty() {
        let place = format!("{}/{KEY}", store.state.shown());
        problems.push(words::unreadable(&place));
    }
    (ran, problems)
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
            Action::Post(url) => post::post(url, (step.payload, body), way.tries_again).await,
            Action::Command(command) => {
                let is_output_taken = way.is_output_taken;
                command::run((root, command), body, is_output_taken, command::LIMIT)
            }
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
    let bytes = file(store).await?;
    Ok(bytes.map_or_else(Done::default, |bytes| Done::from_json(&bytes)))
}

/// The file that says how far the steps have come. Where the record is still beside the site it may be there too; one
/// in the private place is later, from when the steps were run alone.
pub(super) async fn file(store: &Store) -> Outcome<Option<Vec<u8>>> {
    match store.state.read(KEY).await? {
        None if store.took_over.get() => store.site.read(record::AFTER_BESIDE).await,
        own => Ok(own),
    }
}

async fn remember(store: &Store, owed: &Owed, succeeded: &BTreeSet<String>) -> Outcome<()> {
    let json = owed.done(&store.steps, succeeded).to_json();
    let headers = Headers::default();
    let written = store.state.write(KEY, json, &headers, &Condition::Always);
    written.await.map(drop)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Way, prepare, run};
    use crate::content;
    use crate::deploy::changes::{Done, Owed, key_of};
    use crate::deploy::manifest::Manifest;
    use crate::deploy::report::Addresses;
    use crate::diag::{Code, SourcePath};
    use crate::model::snapshot::{InputFile, Snapshot};
    use crate::model::tree::OutPath;

    #[test]
    fn steps_that_cannot_be_begun_have_failed_after_publishing() {
        let site = "title: 小站\nbase_url: https://a.gov.cn/\nowner: 街道\ndeploy: {name: t, service: fs, path: w, state: {path: w/in}, after: {command: [x]}}\n";
        let file = InputFile::of_bytes(site.into());
        let snapshot = Snapshot {
            files: [(SourcePath::new("site.yaml"), file)].into(),
        };
        let config = content::config(&snapshot).value.unwrap().config;
        let target = &config.deploy[0];
        let (steps, lacks) = prepare(target);
        assert!(lacks.is_empty());
        let mut manifest = Manifest::default();
        let places = [OutPath::new("index.html")].into();
        let keys = [key_of(&target.after[0])];
        manifest.owe(places, (&keys, &Done::default()), 1);
        let way = Way {
            addresses: &Addresses::of(&config),
            is_output_taken: false,
            tries_again: false,
            told: &|_, _, _| (),
        };
        let owed = Owed::of(&manifest, Done::default());
        // What is private there is not, which is found when the places are opened.
        let (ran, problems) = run(Path::new("no-site"), (target, &steps), &owed, &way);
        assert_eq!((ran.len(), ran[0].urls, ran[0].is_done), (1, 1, false));
        let codes: Vec<Code> = problems.iter().map(|found| found.code).collect();
        assert_eq!(codes, [Code::After]);
        let nothing = Owed::default();
        let (ran, problems) = run(Path::new("no-site"), (target, &steps), &nothing, &way);
        assert!(ran.is_empty() && problems.is_empty());
    }
}
