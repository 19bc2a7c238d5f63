//! The steps after publishing: what is run, and what is said of it.

use std::path::Path;

use serde::Serialize;

use super::super::args::Format;
use super::super::console::Console;
use super::args::DeployArgs;
use crate::deploy::changes::{Owed, key_of};
use crate::deploy::report::{Addresses, Report};
use crate::diag::{Code, Diagnostic, Text, text};
use crate::model::config::SiteConfig;
use crate::model::target::DeployTarget;
use crate::model::tree::OutPath;
use crate::shell::deploy::after::{self, Lack, Step, Way};

/// What has become of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Planned,
    Done,
    Failed,
}

/// A step in the result for programs.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Line {
    step: String,
    urls: usize,
    state: State,
}

impl Line {
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }
}

/// The steps of a target, ready to be run.
pub(super) struct Steps<'a> {
    root: &'a Path,
    target: &'a DeployTarget,
    steps: Vec<Step>,
    /// What is missing for running others.
    pub(super) missing: Vec<Diagnostic>,
    is_output_taken: bool,
}

impl<'a> Steps<'a> {
    /// Prepares them. What is withdrawn or gone back from must not stay where everybody reads it, whatever is
    /// missing for telling of it: then those that can be run are, and the others are told of it later.
    ///
    /// # Errors
    /// What is missing for running them, except in a dry run, which tells it beside its plan.
    pub(super) fn prepare(
        arguments: &'a DeployArgs,
        target: &'a DeployTarget,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (steps, lacks) = after::prepare(target);
        let missing: Vec<Diagnostic> = match arguments.withdraw.is_some() || arguments.rollback {
            true => lacks.iter().map(Lack::left_out).collect(),
            false => lacks.iter().map(Lack::refused).collect(),
        };
        let is_refusal = |found: &Diagnostic| found.code != Code::After;
        if missing.iter().any(is_refusal) && !arguments.asked.dry_run {
            return Err(missing);
        }
        Ok(Steps {
            root: &arguments.common.root,
            target,
            steps,
            missing,
            is_output_taken: arguments.common.format == Format::Json,
        })
    }

    /// Runs those to which something is owed; what cannot be done is told, and is no reason to undo anything. Where
    /// one `tries_again`, what is busy is asked again.
    pub(super) fn run(
        &self,
        console: &Console,
        owed: &Owed,
        config: &SiteConfig,
        tries_again: bool,
    ) -> (Vec<Line>, Vec<Diagnostic>) {
        if self.steps.is_empty() {
            return Default::default();
        }
        let told = |at, of, step: &str| {
            console.progress(&text!(
                "发布之后，第 {at}/{of} 步 {step}…",
                "after publishing, step {at}/{of}: {step}…"
            ));
        };
        let way = Way {
            addresses: &Addresses::of(config),
            is_output_taken: self.is_output_taken,
            tries_again,
            told: &told,
        };
        let (ran, problems) = after::run(self.root, (self.target, &self.steps), owed, &way);
        let lines = ran.into_iter().map(|ran| Line {
            step: ran.step,
            urls: ran.urls,
            state: match ran.is_done {
                true => State::Done,
                false => State::Failed,
            },
        });
        (lines.collect(), problems)
    }

    /// What would be run.
    pub(super) fn planned(&self, owed: &Owed, config: &SiteConfig) -> Vec<Line> {
        let addresses = Addresses::of(config);
        let steps = self.target.after.iter().map(|step| {
            let places = owed.to(&key_of(step));
            let report = Report::of(places, &|place| owed.is_there(place), &addresses);
            Line {
                step: step.shown(),
                urls: report.lines(step.payload()).len(),
                state: State::Planned,
            }
        });
        steps.filter(|step| step.urls > 0).collect()
    }

    /// What is owed to any of them.
    pub(super) fn report(&self, owed: &Owed, config: &SiteConfig) -> Report {
        let keys: Vec<String> = self.target.after.iter().map(key_of).collect();
        let is_there = |place: &OutPath| owed.is_there(place);
        Report::of(owed.to_any(&keys), &is_there, &Addresses::of(config))
    }
}

/// What would be run, for people.
pub(super) fn lines(steps: &[Line]) -> Vec<Text> {
    let count = steps.len();
    let head = text!(
        "发布之后的步骤（{count}）",
        "then the steps after it ({count})"
    );
    let lines = steps.iter().map(|Line { step, urls, .. }| {
        text!(
            "  > {step}（{urls} 个网址）",
            "  > {step} ({urls} addresses)"
        )
    });
    let head = (count > 0).then_some(head);
    head.into_iter().chain(lines).collect()
}

/// What has come, or would come, of running steps alone.
pub(super) fn alone(target: &str, steps: &[Line], is_dry_run: bool) -> Text {
    let done = steps.iter().filter(|line| line.is_done()).count();
    let of = steps.len();
    match (of, is_dry_run) {
        (0, _) => text!(
            "`{target}` 没有要补做的步骤",
            "no step after publishing is left to be run for `{target}`"
        ),
        (_, true) => text!(
            "试算：`{target}` 有 {of} 步要补做；什么也没有做",
            "dry run: steps after publishing that would be run for `{target}`: {of}; nothing was done"
        ),
        (_, false) => text!(
            "`{target}` 发布之后的步骤：{of} 步做成了 {done} 步",
            "steps after publishing of `{target}`: {done} of {of} have succeeded"
        ),
    }
}

/// The sentence of a release, with what has come of the steps after it.
pub(super) fn with_steps(sentence: Text, steps: &[Line]) -> Text {
    let of = |state| steps.iter().filter(|line| line.state == state).count();
    let (done, failed) = (of(State::Done), of(State::Failed));
    let more = match (done, failed) {
        (0, 0) => return sentence,
        (done, 0) => text!(
            "；之后的 {done} 步也做成了",
            "; the steps after it ({done}) have succeeded"
        ),
        (_, failed) => text!(
            "；之后有 {failed} 步没有做成",
            "; steps after it ({failed}) have failed"
        ),
    };
    Text {
        zh: sentence.zh + &more.zh,
        en: sentence.en + &more.en,
    }
}
