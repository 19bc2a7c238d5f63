//! The `yugang` command; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    yugang::cli::run(std::env::args_os())
}
