//! Runs a program, without a shell.

use std::io::{ErrorKind, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::Failure;

/// Runs `command`, a program and its arguments, in the folder `root`; it reads `input` from its standard input. What
/// it prints goes where this program prints; to standard error alone where `is_output_taken`.
///
/// # Errors
/// A program that cannot be run or fails.
pub(super) fn run(
    (root, command): (&Path, &[String]),
    input: Vec<u8>,
    is_output_taken: bool,
) -> Result<(), Failure> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Failure::NoProgram);
    };
    let mut command = Command::new(place_of(root, program));
    command.args(arguments).current_dir(root);
    command.stdin(Stdio::piped());
    if is_output_taken {
        command.stdout(stderr());
    }
    let child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::NoProgram,
        _ => Failure::CannotRun(error),
    })?;
    match ended(child, &input).map_err(Failure::CannotRun)? {
        Some(0) => Ok(()),
        code => Err(Failure::Ended(code)),
    }
}

fn ended(mut child: Child, input: &[u8]) -> std::io::Result<Option<i32>> {
    if let Some(mut pipe) = child.stdin.take() {
        // A program need not read what it is not interested in.
        pipe.write_all(input).ok();
    }
    Ok(child.wait()?.code())
}

/// Where a program is: one that is written with its folder lies below the site's. Systems differ in what they take
/// that for when a program is to run in another folder.
fn place_of(root: &Path, program: &str) -> PathBuf {
    let is_name = Path::new(program).components().count() == 1 && !program.starts_with('.');
    if is_name {
        return PathBuf::from(program);
    }
    let place = root.join(program);
    std::path::absolute(&place).unwrap_or(place)
}
