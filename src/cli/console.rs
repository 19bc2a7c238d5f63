//! Printing for people and programs.

use std::io::{IsTerminal, Write, stderr, stdout};

use serde::Serialize;

use super::args::{CommonArgs, Format};
use crate::diag::{Diagnostic, Lang, Severity, Text, report, text};

/// Where and how a command prints.
pub(super) struct Console {
    lang: Lang,
    color: bool,
    terminal: bool,
    least: Severity,
    quiet: bool,
    is_preview: bool,
}

/// Diagnostics shown at most; the rest are counted.
const MOST_SHOWN: usize = 200;

impl Console {
    /// A console for a command with these arguments.
    pub(super) fn new(arguments: &CommonArgs) -> Self {
        let terminal = stderr().is_terminal() && arguments.format == Format::Human;
        let least = match (arguments.quiet, arguments.verbose) {
            (true, _) => Severity::Error,
            (false, false) => Severity::Warning,
            (false, true) => Severity::Note,
        };
        Console {
            lang: arguments.lang,
            color: terminal && std::env::var_os("NO_COLOR").is_none(),
            terminal,
            least,
            quiet: arguments.quiet,
            is_preview: false,
        }
    }

    /// The same for a preview, which has no other format.
    pub(super) fn for_preview(self) -> Self {
        Console {
            is_preview: true,
            ..self
        }
    }

    /// Shows what is going on; nothing in a pipe.
    pub(super) fn progress(&self, stage: &Text) {
        if self.terminal && !self.quiet {
            eprint!("\r\x1b[K{}", stage.get(self.lang));
            let _ = stderr().flush();
        }
    }

    /// Shows diagnostics, which are sorted by file and place, for people: the errors first, then the warnings,
    /// then the notes, so that the one error is not lost among many warnings.
    pub(super) fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        self.clear();
        let mut chosen: Vec<&Diagnostic> = diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity <= self.least)
            .collect();
        let total = chosen.len();
        chosen.sort_by_key(|diagnostic| diagnostic.severity);
        chosen.truncate(MOST_SHOWN);
        let mut output = String::new();
        for diagnostic in chosen {
            output.push_str(&report::human(diagnostic, self.lang, self.color));
            output.push_str("\n\n");
        }
        if total > MOST_SHOWN {
            let more = total - MOST_SHOWN;
            let words = if self.is_preview {
                text!(
                    "另有 {more} 条未列出，先改好上面的",
                    "{more} more are not shown; mend those above first"
                )
            } else {
                text!(
                    "另有 {more} 条未列出（--format json 列出全部）",
                    "{more} more are not shown (--format json shows all)"
                )
            };
            output.push_str(words.get(self.lang));
            output.push('\n');
        }
        // A closed pipe is not worth a word.
        let _ = stderr().write_all(output.as_bytes());
    }

    /// Shows lines that were asked for.
    #[cfg(feature = "deploy")]
    pub(super) fn lines(&self, lines: &[Text]) {
        self.clear();
        for line in lines {
            let _ = writeln!(stderr(), "{}", line.get(self.lang));
        }
    }

    /// Shows the last line.
    pub(super) fn summary(&self, sentence: &Text, failed: bool) {
        if !self.quiet || failed {
            let _ = writeln!(stderr(), "{}", sentence.get(self.lang));
        }
    }

    /// Prints diagnostics, in the order in which they come, and a summary as one JSON object to standard output.
    pub(super) fn json(&self, diagnostics: &[Diagnostic], summary: &impl Serialize) {
        let output = report::json(diagnostics, summary, self.lang);
        let _ = stdout().write_all(output.as_bytes());
    }

    fn clear(&self) {
        if self.terminal && !self.quiet {
            eprint!("\r\x1b[K");
        }
    }
}
