//! The command line: arguments in, exit code out.
//!
//! Only this module prints. Results and diagnostics go to standard output as `--format json`,
//! or to standard error for people; exit codes: 0 fine, 1 the content has errors, 2 wrong usage
//! or environment, 3 published, but a step after it has failed.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "printing and reading the environment is what this module is for"
)]

mod args;
mod build;
mod console;
#[cfg(feature = "deploy")]
mod deploy;
mod serve;
mod usage;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;

use crate::shell::locale;

/// Runs the command that `arguments` (the program's name first) ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = args::lang(&arguments).unwrap_or_else(locale::system_language);
    match args::parse(arguments, lang) {
        Ok(args::Command::Build(arguments)) => build::run(&arguments),
        Ok(args::Command::Serve(arguments)) => serve::run(&arguments),
        #[cfg(feature = "deploy")]
        Ok(args::Command::Deploy(arguments)) => deploy::run(&arguments),
        // A closed pipe is not worth a word.
        Err(error) if !error.use_stderr() => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        Err(error) if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("{}", usage::explain(&error, lang));
            ExitCode::from(2)
        }
    }
}
