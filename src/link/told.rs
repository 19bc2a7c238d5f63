//! The problems of one entry's body, as many as are told of one file.

use std::ops::Range;

use crate::content::{RawEntry, more_problems};
use crate::diag::{Diagnostic, Problem, Severity};
use crate::model::value::MOST_PER_FILE;

/// Collects the problems of a body with their places.
///
/// A place is found by counting lines, so that the places of a million problems must not be
/// looked for.
pub(super) struct Told<'a> {
    entry: &'a RawEntry,
    shown: Vec<Diagnostic>,
    more: Option<Severity>,
}

impl<'a> Told<'a> {
    /// None yet.
    pub(super) fn of(entry: &'a RawEntry) -> Self {
        Told {
            entry,
            shown: Vec::new(),
            more: None,
        }
    }

    /// Adds a problem at a byte range of the body if there is still room.
    pub(super) fn push(&mut self, range: Range<usize>, problem: Problem) {
        if self.shown.len() >= MOST_PER_FILE {
            let severity = problem.severity;
            self.more = Some(self.more.map_or(severity, |more| more.min(severity)));
        } else {
            self.shown.push(problem.at(self.entry.body_span(range)));
        }
    }

    /// Whether there is one error more than is shown, so that nothing else need be looked for. More
    /// warnings are no reason to stop: an error may come behind them.
    pub(super) fn is_full(&self) -> bool {
        self.more == Some(Severity::Error)
    }

    /// All that is told.
    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut diagnostics = self.shown;
        let file = &self.entry.source.path;
        diagnostics.extend(self.more.map(|severity| more_problems(file, severity)));
        diagnostics
    }
}
