//! The two places of a target, and what it wants kept.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use super::bucket::{Bucket, Place};
use super::problems;
use crate::deploy::Policy;
use crate::diag::{Code, Diagnostic, text};
use crate::model::target::{AfterStep, DeployTarget, Service};
use crate::shell::write::resolved;

/// For how many days files stay that bear their digest, where the target does not say.
const GRACE_DAYS: u32 = 7;

/// To how many earlier releases one can go back, where the target does not say.
const RELEASES: u32 = 3;

const SECONDS_A_DAY: i64 = 86_400;

/// The folder beside the site where the tool keeps its own files when no private place is known.
const BESIDE: &str = ".yugang";

/// The two places of a target.
pub(super) struct Store {
    /// What the public reads.
    pub(super) site: Bucket,
    /// The lock, the record and what is kept.
    pub(super) state: Bucket,
    pub(super) policy: Policy,
    /// The steps after publishing.
    pub(super) after: Vec<AfterStep>,
    /// Whether `state` is a place of its own, which the public cannot read.
    pub(super) is_private: bool,
    /// Whether the record is still beside the site, from when there was no private place.
    pub(super) took_over: Cell<bool>,
}

/// Bucket (none for a folder) and prefix or folder.
type Pair = (String, String);

impl Store {
    /// Opens the places of a target of the site in the folder `root`; of one that is only looked at nothing is made.
    ///
    /// # Errors
    /// A private place that is none, and what the target lacks.
    pub(super) fn open(
        root: &Path,
        target: &DeployTarget,
        only_looks: bool,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (site, state) = match target.service {
            Service::Fs => folders(root, target),
            _ => prefixes(target),
        };
        let is_private = state.is_some();
        if let Some(state) = state.as_ref().filter(|state| is_public(&site, state)) {
            return Err(not_private(&state.1));
        }
        let beside = || (site.0.clone(), joined(&site.1, BESIDE));
        let state = state.unwrap_or_else(beside);
        // Each on its own file system: a file is put in place by a rename.
        let open = |(bucket, below): &Pair, scratch: PathBuf| {
            let place = Place {
                bucket,
                below,
                scratch: (!only_looks).then_some(scratch.as_path()),
            };
            Bucket::open(target, place)
        };
        let days = i64::from(target.grace_days.unwrap_or(GRACE_DAYS));
        let releases = target.keep_releases.unwrap_or(RELEASES) as usize;
        Ok(Store {
            site: open(&site, Path::new(&site.1).join(BESIDE).join("tmp"))?,
            state: open(&state, Path::new(&state.1).join("tmp"))?,
            policy: Policy {
                grace: days * SECONDS_A_DAY,
                releases: if is_private { releases } else { 0 },
            },
            after: target.after.clone(),
            is_private,
            took_over: Cell::new(false),
        })
    }

    /// Whether copies are kept to go back to.
    pub(super) fn keeps_copies(&self) -> bool {
        self.policy.releases > 0
    }
}

/// The folder of a site, and its private one where there is one.
fn folders(root: &Path, target: &DeployTarget) -> (Pair, Option<Pair>) {
    let place = |path: &str| {
        let path = root.join(path);
        // As it is, whatever links and `..` lead there.
        let path = resolved(&path).unwrap_or(path);
        (String::new(), path.to_string_lossy().into_owned())
    };
    let state = target
        .state
        .as_ref()
        .and_then(|state| state.path.as_deref());
    (
        place(target.path.as_deref().unwrap_or_default()),
        state.map(place),
    )
}

/// Bucket and prefix of a site, and of its private place where there is one.
fn prefixes(target: &DeployTarget) -> (Pair, Option<Pair>) {
    let bucket = target.bucket.clone().unwrap_or_default();
    let state = target.state.as_ref().map(|state| {
        let prefix = state
            .prefix
            .as_deref()
            .unwrap_or_default()
            .trim_matches('/');
        (
            state.bucket.clone().unwrap_or_else(|| bucket.clone()),
            prefix.to_owned(),
        )
    });
    ((bucket, target.prefix().to_owned()), state)
}

fn joined(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// Whether what is called private lies where the public reads.
fn is_public((site_bucket, site): &Pair, (bucket, state): &Pair) -> bool {
    let is_below = site.is_empty() || Path::new(state).starts_with(site);
    site_bucket == bucket && is_below
}

fn not_private(place: &str) -> Vec<Diagnostic> {
    let message = text!(
        "`state`（`{place}`）在网站里面，公众读得到",
        "`state` (`{place}`) lies within the site, where the public reads"
    );
    let hint = text!(
        "另写一个公众读不到的 `prefix`、`bucket` 或 `path`",
        "write another `prefix`, `bucket` or `path`, which the public cannot read"
    );
    problems::refusal(Code::InvalidValue, message, hint)
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn a_private_place_is_not_within_the_site() {
        let pair = |bucket: &str, below: &str| (bucket.to_owned(), below.to_owned());
        for (site, state, expected) in [
            (("b", "qt"), ("b", "qt"), true),
            (("b", "qt"), ("b", "qt/private"), true),
            (("b", ""), ("b", "private"), true),
            (("b", "qt"), ("b", "qt-private"), false),
            (("b", ""), ("c", ""), false),
            (("", "/srv/www"), ("", "/srv/www/state"), true),
            (("", "/srv/www"), ("", "/srv/state"), false),
        ] {
            let (site, state) = (pair(site.0, site.1), pair(state.0, state.1));
            assert_eq!(is_public(&site, &state), expected, "{site:?} {state:?}");
        }
    }
}
