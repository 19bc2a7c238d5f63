//! Publishes a finished site to a bucket or folder.
//!
//! Input: an [`OutputTree`] and a target. Output: the bucket, in which the site's objects stand beside foreign
//! ones, and a [`Published`].
//!
//! A run: lock, read the record, plan, keep copies of what will be lost, write down what will be changed, send
//! assets, new pages, changed pages, entrances, write down what is to be told [`after`] it, write the record, remove,
//! unlock. It may end at any request: the next run finds the lock, looks at what was written down, and goes on.
//!
//! Invariants: an object that is not ours is never changed or removed; nothing is removed before everything is
//! sent; each object is at every instant wholly old or wholly new.

pub mod after;
mod bucket;
mod carry;
mod contents;
mod earlier;
mod lock;
mod problems;
mod reasons;
mod record;
mod run;
mod send;
mod store;
mod verify;
mod withdraw;

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use bucket::Outcome;
use contents::{Site, Source};
use run::Run;
use store::Store;
pub use verify::Drift;
pub use withdraw::Withdrawn;

use crate::deploy::DeployPlan;
use crate::deploy::notification::Notification;
use crate::diag::{Code, Diagnostic, text};
use crate::model::target::DeployTarget;
use crate::model::tree::OutputTree;
use crate::shell::fault::because;
use crate::shell::images::Progress as OfPhotos;

/// What is asked for beside the site.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Whether only the plan is wanted.
    pub dry_run: bool,
    /// Whether objects that are in the way become ours.
    pub adopt: bool,
    /// Whether another run's lock is taken.
    pub break_lock: bool,
    /// Most parts of the site that may be removed; else 50 or a fifth of the site.
    pub max_deletes: Option<usize>,
    /// Whether what somebody has altered or removed is sent again.
    pub repair: bool,
    /// A path that was withdrawn and may come back, without slashes at its ends.
    pub republish: Option<String>,
}

/// What a run has done, or would do.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// What was planned.
    pub plan: DeployPlan,
    /// The number of the release that is published now.
    pub release: u64,
    /// What is to be said of it.
    pub notes: Vec<Diagnostic>,
    /// What the steps after publishing are to be told.
    pub pending: Vec<Notification>,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Whether old contents are being copied, so that one can go back to them, and nothing is sent yet.
    pub is_keeping: bool,
    /// Objects that have been sent, or copied.
    pub sent: usize,
    /// Objects to be sent, or copied.
    pub of: usize,
    /// Bytes that have been sent, or copied.
    pub bytes: u64,
    /// Bytes to be sent, or copied.
    pub of_bytes: u64,
}

/// Is told how far a run has come.
pub type Told<'a> = dyn Fn(Progress) + Sync + 'a;

/// Publishes `tree`. Files to be copied, and photos, are read below the site's `root`; what is made of photos
/// lies beside the output folder `out`. `expires` tells when what lies below a path expires, in seconds since
/// 1970. Nothing is printed.
///
/// # Errors
/// Everything that prevents it. What had been sent by then stays; the next run goes on.
pub fn publish(
    (root, out): (&Path, &Path),
    target: &DeployTarget,
    (tree, expires): (&OutputTree, &BTreeMap<String, i64>),
    asked: &Asked,
    (of_photos, told): (&OfPhotos<'_>, &Told<'_>),
) -> Result<Published, Vec<Diagnostic>> {
    let store = Store::open(root, target, asked.dry_run)?;
    let keeps = store.site.keeps();
    if target.compresses() && !keeps.content_encoding {
        return Err(problems::cannot_compress(store.site.shown()));
    }
    let mut site = Site::prepare((root, out), tree, of_photos)?;
    site.compress(target)?;
    let wanted = site.objects(target, keeps);
    let run = Run::new(&store, asked, told, Some(expires));
    block_on(run.publish(&Source::Site(site), &wanted))
}

/// Publishes the release before the latest again, from what was kept.
///
/// # Errors
/// As for [`publish`], and where nothing is kept.
pub fn roll_back(
    root: &Path,
    target: &DeployTarget,
    asked: &Asked,
    told: &Told<'_>,
) -> Result<Published, Vec<Diagnostic>> {
    let store = Store::open(root, target, asked.dry_run)?;
    let run = Run::new(&store, asked, told, None);
    block_on(run.roll_back())
}

/// Compares what is in the bucket with the record of what is published.
///
/// # Errors
/// What the storage refuses, and where nothing has been published.
pub fn verify(root: &Path, target: &DeployTarget) -> Result<Drift, Vec<Diagnostic>> {
    let store = Store::open(root, target, true)?;
    block_on(async {
        let manifest = record::published(&store).await?;
        verify::drift(&store.site, &manifest).await
    })
}

/// Takes down what is at `path` (without slashes at its ends) and below it, and everything that is kept of earlier
/// releases.
///
/// # Errors
/// What prevents it. The next run finishes what was begun.
pub fn withdraw(
    root: &Path,
    target: &DeployTarget,
    path: &str,
    asked: &Asked,
) -> Result<Withdrawn, Vec<Diagnostic>> {
    let store = Store::open(root, target, false)?;
    block_on(withdraw::withdraw(&store, path, asked))
}

/// Writes a report of a run for other programs.
///
/// # Errors
/// What the system refuses.
pub fn save_report(path: &Path, report: &[u8]) -> Result<(), Vec<Diagnostic>> {
    fs::write(path, report).map_err(|error| unwritable(path, &error))
}

/// Whether a report could be written, asked before anything is published: what has changed is known only then.
///
/// # Errors
/// What the system refuses.
pub fn try_report(path: &Path) -> Result<(), Vec<Diagnostic>> {
    let was_there = path.exists();
    let file = fs::OpenOptions::new().append(true).create(true).open(path);
    file.map_err(|error| unwritable(path, &error))?;
    if !was_there {
        // What stays here is empty and is written over.
        let _ = fs::remove_file(path);
    }
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> Vec<Diagnostic> {
    let failed = text!(
        "写不了报告 `{0}`",
        "cannot write the report `{0}`",
        path.display()
    );
    let hint = text!(
        "检查文件夹在不在、能不能写，或换一个地方",
        "see whether the folder is there and can be written to, or choose another place"
    );
    problems::refusal(Code::Environment, because(failed, error), hint)
}

/// What runs asynchronous work, on this thread alone.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

fn block_on<T>(work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    match runtime() {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => Err(problems::unreadable("", &error)),
    }
}
