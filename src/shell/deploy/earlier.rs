//! What was published earlier.

use std::collections::BTreeMap;

use super::bucket::Outcome;
use super::contents::Earlier;
use super::store::Store;
use crate::deploy::Seen;
use crate::deploy::manifest::{Manifest, Release, Row, lies_below};
use crate::model::tree::OutPath;
use crate::shell::clock;

/// What was published as `release`, without what has expired since, and the contents that are not there any
/// more.
pub(super) async fn earlier<'a>(
    store: &'a Store,
    (manifest, seen): (&Manifest, &BTreeMap<OutPath, Seen>),
    release: &Release,
) -> Outcome<(BTreeMap<OutPath, Row>, Earlier<'a>)> {
    let mut rows = manifest.objects.clone();
    for (path, before) in &release.undo {
        match before {
            Some(row) => drop(rows.insert(path.clone(), row.clone())),
            None => drop(rows.remove(path)),
        }
    }
    let mut contents = Earlier::new(&store.state);
    let now = clock::seconds();
    let has_expired = |path: &OutPath| {
        let mut due = manifest.expires.iter().filter(|(_, at)| **at <= now);
        due.any(|(folder, _)| lies_below(path.as_str(), folder))
    };
    rows.retain(|path, row| {
        if !has_expired(path) || manifest.objects.get(path) == Some(row) {
            return true;
        }
        // Other pages of that time lead to it.
        if path.as_str().ends_with(".html") {
            row.object = contents.stand_in(path, &row.object.headers);
            row.kept = None;
            return true;
        }
        false
    });
    let is_there = |(path, row): &(&OutPath, &Row)| {
        if seen.contains_key(*path) {
            return false;
        }
        let left = manifest.leftovers.get(*path).map(|(left, _)| left);
        let now = manifest.objects.get(*path).or(left);
        now.is_some_and(|now| now.object == row.object)
    };
    let missing: Vec<(&OutPath, &Row)> = rows.iter().filter(|row| !is_there(row)).collect();
    contents.look(&missing).await?;
    Ok((rows, contents))
}
