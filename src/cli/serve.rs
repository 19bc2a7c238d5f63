//! `yugang serve`.

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use super::args::ServeArgs;
use super::console::Console;
use crate::diag::{Code, Counts, Diagnostic, Problem, text};
use crate::shell::fault::because;
use crate::shell::read::{self, Changes};
use crate::shell::serve::{Server, Stage};
use crate::shell::session::{Rebuilt, Session, Settings};
use crate::shell::watch::{Mode, Wake, Watcher};

/// The first port that is tried where none is asked for.
const FIRST_PORT: u16 = 2021;

/// How many ports are tried.
const PORTS: u16 = 100;

/// Longest time between two looks at what is due: the clock may be set, the machine may sleep.
const LONGEST_WAIT: f64 = 60.0;

/// How long nothing changes before what no page shows is made.
const REST: Duration = Duration::from_secs(1);

/// Runs the command until the process is stopped.
pub(super) fn run(arguments: &ServeArgs) -> ExitCode {
    let console = Console::new(&arguments.common).for_preview();
    let root = &arguments.common.root;
    if let Some(problem) = read::root_problem(root) {
        console.diagnostics(&[problem]);
        return ExitCode::from(2);
    }
    let wanted = arguments.port.unwrap_or(FIRST_PORT);
    let server = match Server::bind(wanted, PORTS) {
        Ok(server) => server,
        Err(error) => {
            console.diagnostics(&[no_port(wanted, &error)]);
            return ExitCode::from(2);
        }
    };
    let mode = if arguments.poll {
        Mode::Poll
    } else {
        Mode::Native
    };
    // What changes while the folder is read for the first time must not be missed.
    let mut watcher = Watcher::start(root, mode);
    let mut session = Session::new(Settings {
        root: root.clone(),
        drafts: arguments.drafts,
        lang: arguments.common.lang,
    });
    console.progress(&text!("编译…", "compiling…"));
    let first = session.start();
    let address = format!("http://127.0.0.1:{}", server.port());
    report(&console, &first);
    welcome(&console, (wanted, server.port()), &address, &first);
    if arguments.open {
        open_browser(&console, &format!("{address}{}", first.shown.base));
    }
    let stage = Stage::made_by(Some(watcher.remote()), first.shown);
    let shown = stage.clone();
    let remote = watcher.remote();
    let serving = thread::spawn(move || {
        let outcome = server.run(&shown);
        remote.stop();
        outcome
    });
    watch(&mut watcher, &mut session, &stage, &console);
    stage.close();
    match serving.join() {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            console.diagnostics(&[stopped(&error)]);
            ExitCode::from(2)
        }
        Err(_) => ExitCode::from(2),
    }
}

/// Rebuilds whenever something changes or is due, until the watcher is stopped. What no page shows is made
/// when somebody asks for it, or nothing has changed for a while: it must not keep the next edit waiting.
fn watch(watcher: &mut Watcher, session: &mut Session, stage: &Stage, console: &Console) {
    let mut rest = Instant::now() + REST;
    loop {
        let wait = session.seconds_until_due();
        let is_due_soon = wait.is_some_and(|wait| wait <= LONGEST_WAIT);
        let wait = wait.map(|wait| wait.clamp(0.0, LONGEST_WAIT));
        let due = wait.map(|wait| Instant::now() + Duration::from_secs_f64(wait));
        let rested = session.is_unfinished().then_some(rest);
        let changes = match watcher.next(due.into_iter().chain(rested).min()) {
            Wake::Changed(changes) => changes,
            Wake::Asked => {
                finish(session, stage, console);
                continue;
            }
            Wake::Deadline if rested.is_some_and(|rested| rested <= Instant::now()) => {
                finish(session, stage, console);
                continue;
            }
            Wake::Deadline if is_due_soon => Changes::none(),
            Wake::Deadline => continue,
            Wake::Notice(notice) => {
                console.diagnostics(&[*notice]);
                continue;
            }
            Wake::Closed => return,
        };
        let Some(rebuilt) = session.refresh(&changes) else {
            continue;
        };
        stage.show(rebuilt.shown.clone());
        report(console, &rebuilt);
        rest = Instant::now() + REST;
    }
}

/// Makes the files that no open page waits for.
fn finish(session: &mut Session, stage: &Stage, console: &Console) {
    match session.finish() {
        Some(Ok(late)) => stage.finish(late),
        Some(Err(failed)) => {
            stage.show(failed.shown.clone());
            report(console, &failed);
        }
        None => {}
    }
}

/// Tells of a rebuild: what there is to say if it is news, and one line.
fn report(console: &Console, rebuilt: &Rebuilt) {
    let shown = &rebuilt.shown;
    if rebuilt.is_news {
        console.diagnostics(&shown.diagnostics);
    }
    let Counts {
        errors, warnings, ..
    } = Counts::of(&shown.diagnostics);
    let (rendered, pages) = (shown.status.rendered, shown.status.pages);
    let milliseconds = rebuilt.seconds * 1000.0;
    let time = shown
        .status
        .built_at
        .split(' ')
        .next_back()
        .unwrap_or_default()
        .to_owned();
    let line = match (errors > 0, shown.site.is_some()) {
        (true, true) => text!(
            "[{time}] {errors} 个错误，{warnings} 个警告；预览保持上一次正确的样子（{milliseconds:.0} 毫秒）",
            "[{time}] {errors} errors, {warnings} warnings; the preview keeps the last good site ({milliseconds:.0} ms)"
        ),
        (true, false) => text!(
            "[{time}] {errors} 个错误，{warnings} 个警告；改好以后才有网站可以预览（{milliseconds:.0} 毫秒）",
            "[{time}] {errors} errors, {warnings} warnings; there is a site to preview once they are repaired ({milliseconds:.0} ms)"
        ),
        (false, _) => text!(
            "[{time}] 已更新：生成 {rendered} 页，共 {pages} 页；{warnings} 个警告（{milliseconds:.0} 毫秒）",
            "[{time}] updated: {rendered} of {pages} pages rendered; {warnings} warnings ({milliseconds:.0} ms)"
        ),
    };
    console.summary(&line, errors > 0);
}

fn welcome(console: &Console, (wanted, port): (u16, u16), address: &str, first: &Rebuilt) {
    if wanted != port && wanted != 0 {
        let words = text!(
            "端口 {wanted} 已被占用，改用 {port}",
            "port {wanted} is taken, {port} is used instead"
        );
        console.summary(&words, false);
    }
    let base = &first.shown.base;
    let words = text!(
        "网站预览  {address}{base}\n预览状态  {address}/_yugang/\n按 Ctrl+C 结束",
        "preview  {address}{base}\nstatus   {address}/_yugang/\nCtrl+C ends it"
    );
    console.summary(&words, true);
}

fn open_browser(console: &Console, url: &str) {
    if let Err(error) = open::that_detached(url) {
        let problem = Problem::warning(
            Code::Environment,
            because(text!("打不开浏览器", "cannot open a browser"), &error),
        );
        let hint = text!(
            "自己在浏览器里打开 {url}",
            "open {url} in a browser yourself"
        );
        console.diagnostics(&[problem.hint(hint).nowhere()]);
    }
}

fn no_port(wanted: u16, error: &std::io::Error) -> Diagnostic {
    let message = text!(
        "从 {wanted} 起的 {PORTS} 个端口都不能用",
        "none of the {PORTS} ports from {wanted} can be used"
    );
    Problem::error(Code::Environment, because(message, error))
        .hint(text!(
            "用 --port 指定另一个端口",
            "name another one with --port"
        ))
        .nowhere()
}

fn stopped(error: &std::io::Error) -> Diagnostic {
    let message = text!("预览服务停了", "the preview server has stopped");
    Problem::error(Code::Environment, because(message, error))
        .hint(text!("重新运行 yugang serve", "run yugang serve again"))
        .nowhere()
}
