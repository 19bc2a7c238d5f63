//! The process in which publishing runs: the test binary, started again.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "each test binary uses its part of these helpers"
)]

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use yugang::diag::Diagnostic;
use yugang::model::target::{Compression, DeployTarget, Service, StatePlace};
use yugang::shell::deploy::{Asked, publish, roll_back, verify, withdraw};

use super::site::{Objects, site_in, site_of, version};
use super::{BUCKET, Fault, KEY, SECRET, Server, Trouble};

/// Tells the process what to do.
const ORDER: &str = "YUGANG_TEST_DEPLOY";

/// What is withdrawn: a folder of version b.
const WITHDRAWN: &str = "reports/only-b";

/// The objects that a version comes to, as a first release into an empty bucket puts them.
pub fn expected(name: &str) -> Objects {
    expected_of(name, "")
}

/// The same with these words.
pub fn expected_of(name: &str, words: &str) -> Objects {
    let server = Server::start();
    succeed(&order(&server, name, words));
    site_of(&server)
}

/// A process that publishes `what` (a version, the site in a folder, or `rollback`) with these words of [`Asked`].
pub fn order(server: &Server, what: &str, words: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([
        "bucket::process::publishes_when_asked_to",
        "--exact",
        "--nocapture",
    ]);
    command.env(ORDER, format!("{what}|{words}|{}", server.endpoint));
    command
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", SECRET);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The bucket, as the words say.
pub fn target(endpoint: &str, has: &dyn Fn(&str) -> bool) -> DeployTarget {
    DeployTarget {
        name: "test".into(),
        service: Service::S3,
        path: None,
        bucket: Some(if has("nowhere") { "nowhere" } else { BUCKET }.into()),
        prefix: has("below").then(|| "below".into()),
        region: Some("us-east-1".into()),
        endpoint: Some(endpoint.to_owned()),
        virtual_host: false,
        conditional_writes: has("unconditional").then_some(false),
        state: has("private").then(|| StatePlace {
            path: None,
            bucket: Some("private".into()),
            prefix: None,
        }),
        base_url: None,
        links: None,
        staging: true,
        compress: has("gzip").then_some(Compression::Gzip),
        headers: Vec::new(),
        grace_days: None,
        keep_releases: None,
        after: Vec::new(),
    }
}

/// The process in which publishing runs.
#[test]
fn publishes_when_asked_to() {
    let Ok(order) = env::var(ORDER) else { return };
    let [what, words, endpoint] = order.split('|').collect::<Vec<_>>()[..] else {
        panic!()
    };
    let has = |word: &str| words.split(' ').any(|known| known == word);
    let target = target(endpoint, &has);
    let asked = Asked {
        dry_run: has("dry-run"),
        adopt: has("adopt"),
        break_lock: has("break-lock"),
        max_deletes: has("no-deletes").then_some(0),
        repair: has("repair"),
        republish: has("republish").then(|| WITHDRAWN.into()),
    };
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("public");
    match what {
        "withdraw" => {
            return match withdraw(root.path(), &target, WITHDRAWN, &asked) {
                Ok(withdrawn) => println!("DONE withdrawn {}", withdrawn.places.len()),
                Err(problems) => failed(&problems),
            };
        }
        "verify" => return println!("DONE {:?}", verify(root.path(), &target).unwrap()),
        _ => {}
    }
    let done = match what {
        "rollback" => roll_back(root.path(), &target, &asked, &|_| {}),
        name => {
            let folder = Path::new(name);
            let (root, tree) = match folder.is_absolute() {
                true => (folder, site_in(folder)),
                false => (root.path(), version(name)),
            };
            let (places, expires) = ((root, out.as_path()), BTreeMap::new());
            publish(
                places,
                &target,
                (&tree, &expires),
                &asked,
                (&|_, _| {}, &|_| {}),
            )
        }
    };
    match done {
        Ok(published) => {
            let plan = published.plan;
            println!(
                "DONE {} {} {}",
                published.release,
                plan.uploads.len(),
                plan.deletes.len()
            );
        }
        Err(problems) => failed(&problems),
    }
}

/// Says why it has failed, and ends.
fn failed(problems: &[Diagnostic]) {
    for problem in problems {
        println!("FAILED {} {}", problem.code.as_str(), problem.message.en);
    }
    std::process::exit(1);
}

/// What a process said that must succeed.
pub fn succeed(order: &Command) -> String {
    let output = run(order);
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    let done = text.find("DONE").unwrap();
    text[done..].lines().next().unwrap().to_owned()
}

/// What a process said that must fail.
pub fn fail(order: &Command) -> String {
    let output = run(order);
    let text = said(&output);
    assert!(!output.status.success(), "{text}");
    let failed: Vec<&str> = text
        .lines()
        .filter_map(|line| Some(&line[line.find("FAILED")?..]))
        .collect();
    failed.join("\n")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn run(order: &Command) -> Output {
    spawn(order).wait_with_output().unwrap()
}

pub fn spawn(order: &Command) -> Child {
    let mut again = Command::new(order.get_program());
    again.args(order.get_args());
    again.envs(
        order
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    again
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Publishes, and is refused everything from its request `at` on, for good, so that nobody waits and tries again.
pub fn be_refused(server: &Server, at: usize, order: &Command) {
    server.make(Trouble {
        at,
        times: usize::MAX / 2,
        fault: Some(Fault::Status(403)),
    });
    fail(order);
}

/// Publishes in a process that is killed at its request `at`.
pub fn for_victim(server: &Server, at: usize, order: &Command) {
    server.make(Trouble {
        at,
        times: 1,
        fault: Some(if at.is_multiple_of(2) {
            Fault::CutBefore
        } else {
            Fault::CutAfter
        }),
    });
    server.will_kill(spawn(order));
    // The server kills it; there is nothing else to wait for.
    while server.requests().len() <= at {
        std::thread::sleep(Duration::from_millis(1));
    }
    server.victim().unwrap().wait().unwrap();
    server.come_to_rest();
}
