//! Diagnostics as data: what is wrong, where, and how to mend it.
//!
//! Leaves return a [`Problem`], which knows no position; the caller that knows the file attaches
//! one with [`Problem::at`]. Stages return [`Checked`], a value together with *every* diagnostic,
//! so that one broken file never hides another. Printing is the business of `cli`; turning a
//! diagnostic into text or JSON is [`report`].
//!
//! Invariants: no I/O; a diagnostic carries all that is needed to show it, its source excerpt
//! included; every message exists in Chinese and English.

mod code;
pub mod report;
mod source;
mod text;

pub use code::Code;
pub use source::{Position, SourcePath, SourceText, Span};
pub(crate) use text::text;
pub use text::{Known, Lang, Text, did_you_mean};

/// How serious a diagnostic is. Any error stops publishing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Severity {
    /// Publishing stops until it is mended.
    Error,
    /// Published, but somebody should look.
    Warning,
    /// Worth knowing, such as a vacant post.
    Note,
}

impl Severity {
    /// The stable English name used in JSON: `error`, `warning` or `note`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }

    /// The word shown to people, in both languages.
    pub fn label(self) -> Text {
        match self {
            Severity::Error => text!("错误", "error"),
            Severity::Warning => text!("警告", "warning"),
            Severity::Note => text!("提示", "note"),
        }
    }
}

/// How many diagnostics there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many errors.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// How many notes.
    pub notes: usize,
}

impl Counts {
    /// Counts the diagnostics.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut counts = Counts::default();
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Note => counts.notes += 1,
            }
        }
        counts
    }
}

/// What is wrong, without a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How serious it is.
    pub severity: Severity,
    /// The stable code.
    pub code: Code,
    /// What is wrong; names the value in backticks, has no full stop.
    pub message: Text,
    /// What to do about it, one remedy each.
    pub hints: Vec<Text>,
}

impl Problem {
    /// An error with the given code and message.
    pub fn error(code: Code, message: Text) -> Self {
        Problem {
            severity: Severity::Error,
            code,
            message: message.clipped(),
            hints: Vec::new(),
        }
    }

    /// A warning with the given code and message.
    pub fn warning(code: Code, message: Text) -> Self {
        Problem {
            severity: Severity::Warning,
            ..Problem::error(code, message)
        }
    }

    /// A note with the given code and message.
    pub fn note(code: Code, message: Text) -> Self {
        Problem {
            severity: Severity::Note,
            ..Problem::error(code, message)
        }
    }

    /// The same problem with one more remedy.
    pub fn hint(mut self, hint: Text) -> Self {
        self.hints.push(hint.clipped());
        self
    }

    /// The same problem with a remedy where there is one.
    pub fn maybe_hint(mut self, hint: Option<Text>) -> Self {
        self.hints.extend(hint.map(Text::clipped));
        self
    }

    /// The diagnostic that this problem is at `span`; of a secret, the line is shown without it, since reports
    /// go to logs.
    pub fn at(self, span: Span) -> Diagnostic {
        let span = match self.code {
            Code::Secret => span.without_value(),
            _ => span,
        };
        Diagnostic {
            span: Some(span),
            ..self.nowhere()
        }
    }

    /// The diagnostic that concerns no place in a file.
    pub fn nowhere(self) -> Diagnostic {
        Diagnostic {
            severity: self.severity,
            code: self.code,
            span: None,
            message: self.message,
            related: Vec::new(),
            hints: self.hints,
        }
    }
}

/// One finding, complete: it can be shown without any other data.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Diagnostic {
    /// How serious it is.
    pub severity: Severity,
    /// The stable code.
    pub code: Code,
    /// Where it is; `None` when it concerns no place in a file.
    pub span: Option<Span>,
    /// What is wrong.
    pub message: Text,
    /// Other places involved, each with a word on its part.
    pub related: Vec<(Span, Text)>,
    /// What to do about it.
    pub hints: Vec<Text>,
}

impl Diagnostic {
    /// The same diagnostic that also names another place.
    pub fn with_related(mut self, span: Span, role: Text) -> Self {
        self.related.push((span, role));
        self
    }

    /// The same diagnostic with one more remedy.
    pub fn hint(mut self, hint: Text) -> Self {
        self.hints.push(hint.clipped());
        self
    }
}

/// A value and every diagnostic met on the way to it.
#[derive(Debug, Clone)]
pub struct Checked<T> {
    /// The value, as complete as the input allowed.
    pub value: T,
    /// Every diagnostic, in no particular order until [`sort`] is called.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value about which there is nothing to say.
    pub fn clean(value: T) -> Self {
        Checked {
            value,
            diagnostics: Vec::new(),
        }
    }

    /// Whether any diagnostic is an error.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }

    /// The same with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Checked<U> {
        Checked {
            value: change(self.value),
            diagnostics: self.diagnostics,
        }
    }

    /// The result of a further step, with the diagnostics of both.
    pub fn and_then<U>(mut self, next: impl FnOnce(T) -> Checked<U>) -> Checked<U> {
        let next = next(self.value);
        self.diagnostics.extend(next.diagnostics);
        Checked {
            value: next.value,
            diagnostics: self.diagnostics,
        }
    }

    /// Moves the diagnostics to `sink` and returns the value.
    pub fn drain_into(self, sink: &mut Vec<Diagnostic>) -> T {
        sink.extend(self.diagnostics);
        self.value
    }
}

/// Whether any of `diagnostics` is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Sorts by file, position, severity, code and message, and drops exact repetitions.
///
/// Diagnostics without a place come last.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    diagnostics.dedup();
}

type SortKey<'a> = (
    bool,
    Option<(&'a SourcePath, Position, Position)>,
    Severity,
    Code,
    &'a str,
);

fn sort_key(diagnostic: &Diagnostic) -> SortKey<'_> {
    (
        diagnostic.span.is_none(),
        diagnostic
            .span
            .as_ref()
            .map(|span| (&span.file, span.start, span.end)),
        diagnostic.severity,
        diagnostic.code,
        &diagnostic.message.en,
    )
}
