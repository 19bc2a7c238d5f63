//! Runs a program, without a shell.

use std::io::{ErrorKind, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::diag::{Text, text};
use crate::shell::clock::Stopwatch;
use crate::shell::fault::reason;

/// How long a program may take: it may wait until a CDN has purged everything, and must not keep for ever what comes
/// after it.
pub(super) const LIMIT: Duration = Duration::from_secs(600);

/// How long is waited, at most, before one looks again whether a program has ended.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// Runs `command`, a program and its arguments, in the folder `root`; it reads `input` from its standard input. What
/// it prints goes where this program prints; to standard error alone where `is_output_taken`. After the time `limit`
/// it is killed; what it has started itself may go on.
///
/// # Errors
/// A program that cannot be run, fails or takes too long.
pub(super) fn run(
    (root, command): (&Path, &[String]),
    input: Vec<u8>,
    is_output_taken: bool,
    limit: Duration,
) -> Result<(), Text> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(no_program());
    };
    let mut command = Command::new(place_of(root, program));
    command.args(arguments).current_dir(root);
    command.stdin(Stdio::piped());
    if is_output_taken {
        command.stdout(stderr());
    }
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => no_program(),
        _ => reason(&error),
    })?;
    if let Some(mut pipe) = child.stdin.take() {
        // A program need not read what it is not interested in, and may be killed while it does not. Nobody waits for
        // this thread: where something that the program has started holds the pipe, it goes on until this one ends.
        std::thread::spawn(move || pipe.write_all(&input).ok());
    }
    match ended(child, limit)? {
        Some(0) => Ok(()),
        Some(code) => Err(text!(
            "程序的退出码是 {code}",
            "the program's exit code is {code}"
        )),
        None => Err(text!("程序被中止了", "the program was killed")),
    }
}

fn no_program() -> Text {
    text!(
        "没有这个程序（程序和每个参数在 `command` 里各写一项）",
        "there is no such program (program and arguments are items of `command`, each its own)"
    )
}

/// The exit code of a program; `None` where a signal has ended it.
fn ended(mut child: Child, limit: Duration) -> Result<Option<i32>, Text> {
    let started = Stopwatch::start();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait().map_err(|error| reason(&error))? {
            return Ok(status.code());
        }
        if started.elapsed() >= limit {
            // It may have ended by itself in between.
            child.kill().ok();
            child.wait().map_err(|error| reason(&error))?;
            let minutes = limit.as_secs() / 60;
            return Err(text!(
                "程序 {minutes} 分钟还没有结束，已中止它",
                "the program had not ended after {minutes} minutes and was killed"
            ));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
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

#[cfg(all(test, unix))]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::run;

    #[test]
    fn a_program_that_does_not_end_is_killed() {
        let limit = Duration::from_millis(50);
        let command = ["sleep", "600"].map(str::to_owned);
        // More than a pipe holds, which nobody reads.
        let input = vec![b'a'; 1 << 20];
        let done = run((Path::new("."), &command), input, false, limit);
        assert!(done.unwrap_err().en.contains("had not ended"));
    }

    #[test]
    fn a_program_reads_as_much_as_it_likes() {
        let limit = Duration::from_secs(60);
        for (script, expected) in [
            ("test $(wc -c) -eq 1048576", true),
            ("head -c 1 > /dev/null", true),
            ("exit 3", false),
        ] {
            let command = ["sh", "-c", script].map(str::to_owned);
            let input = vec![b'a'; 1 << 20];
            let done = run((Path::new("."), &command), input, false, limit);
            assert_eq!(done.is_ok(), expected, "{script}: {done:?}");
        }
    }
}
