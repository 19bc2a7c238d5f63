//! The steps after publishing: what is run, and what is said of it.

use serde::Serialize;

use super::super::args::Format;
use super::super::console::Console;
use super::args::DeployArgs;
use crate::deploy::report::{Addresses, Report};
use crate::diag::{Diagnostic, Text, text};
use crate::model::target::DeployTarget;
use crate::shell::deploy::Published;
use crate::shell::deploy::after::{self, Way};

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

/// Runs the steps to which something is to be told of a release, or tells what would be run; what cannot be done is
/// no reason to undo anything. Where one `tries_again`, what is busy is asked again.
pub(super) fn follow(
    (arguments, console): (&DeployArgs, &Console),
    target: &DeployTarget,
    published: &Published,
    addresses: &Addresses,
    tries_again: bool,
) -> (Vec<Line>, Vec<Diagnostic>) {
    if arguments.asked.dry_run {
        let steps = published.pending.iter().map(|notification| {
            let report = Report::of(&notification.places, addresses);
            Line {
                step: notification.step.shown(),
                urls: report.lines(notification.step.payload()).len(),
                state: State::Planned,
            }
        });
        return (steps.filter(|step| step.urls > 0).collect(), Vec::new());
    }
    let way = Way {
        addresses,
        is_output_taken: arguments.common.format == Format::Json,
        tries_again,
        told: &|at, of, step: &str| {
            console.progress(&text!(
                "发布之后，第 {at}/{of} 步 {step}…",
                "after publishing, step {at}/{of}: {step}…"
            ));
        },
    };
    let (ran, problems) = after::carry_out(&arguments.common.root, target, published, &way);
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
