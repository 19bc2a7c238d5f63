//! Takes down at once what should never have been published.
//!
//! Lists, feeds, data and the search index have pieces of what is withdrawn in them, also those of earlier
//! releases. So everything that is kept of these goes as well: there is no going back beyond a withdrawal.

use std::collections::BTreeSet;

use super::bucket::{Condition, Outcome};
use super::lock::Lock;
use super::run::{Result, one};
use super::store::Store;
use super::{Asked, record};
use crate::deploy::headers::Headers;
use crate::deploy::manifest::{Manifest, lies_below};
use crate::deploy::pack;
use crate::model::tree::OutPath;

/// Removes every object at `path` and below it, and all that is kept of earlier releases; returns the places that
/// were removed. The record is written first, so that the next run finishes what this one may leave.
pub(super) async fn withdraw(store: &Store, path: &str, asked: &Asked) -> Result<Vec<OutPath>> {
    let lock = one(Lock::take(&store.state, asked.break_lock).await)?;
    let was_left = lock.was_left;
    match withdraw_locked(store, path).await {
        // What the run before has left to do is still to be done.
        Ok(withdrawn) if was_left => {
            lock.leave(&store.state).await;
            Ok(withdrawn)
        }
        Ok(withdrawn) => {
            one(lock.release(&store.state).await)?;
            Ok(withdrawn)
        }
        Err(problem) => {
            lock.leave(&store.state).await;
            Err(vec![*problem])
        }
    }
}

async fn withdraw_locked(store: &Store, path: &str) -> Outcome<Vec<OutPath>> {
    let Store { site, state, .. } = store;
    let manifest = record::published(store).await?;
    let journal = record::journal(state, &manifest).await?;
    let (next, mut withdrawn) = without(manifest, path);
    record::save(store, &next).await?;
    if let Some(mut journal) = journal {
        // What a run that did not finish may have sent there; its contents go with the packs.
        let sent: Vec<OutPath> = journal
            .touches
            .keys()
            .chain(&journal.ours)
            .cloned()
            .collect();
        let sent = sent
            .into_iter()
            .filter(|sent| lies_below(sent.as_str(), path));
        withdrawn.extend(sent);
        journal
            .touches
            .retain(|sent, _| !lies_below(sent.as_str(), path));
        journal.ours.retain(|sent| !lies_below(sent.as_str(), path));
        let (pack, headers) = (pack::write(&journal, &[]), Headers::default());
        let written = state.write(record::JOURNAL, pack, &headers, &Condition::Always);
        written.await?;
    }
    withdrawn.sort();
    withdrawn.dedup();
    let all: BTreeSet<&OutPath> = next.removed.keys().chain(&withdrawn).collect();
    let keys = all.iter().map(|path| path.as_str().to_owned());
    site.delete(keys.collect()).await?;
    let kept = record::strays(state, &BTreeSet::new()).await?;
    state.delete(kept).await?;
    Ok(withdrawn)
}

/// The record without what is at `path` and below it and without anything of earlier releases, and the places
/// that it had there.
fn without(manifest: Manifest, path: &str) -> (Manifest, Vec<OutPath>) {
    let is_withdrawn = |place: &OutPath| lies_below(place.as_str(), path);
    let (gone, mut objects): (Vec<_>, Vec<_>) = manifest
        .objects
        .into_iter()
        .partition(|(place, _)| is_withdrawn(place));
    for (_, row) in &mut objects {
        row.kept = None;
    }
    let withdrawn = gone.iter().map(|(place, _)| place.clone()).collect();
    // Parts of earlier search indexes have its words.
    let leftovers = manifest
        .leftovers
        .into_iter()
        .map(|(place, (row, _))| (place, row));
    let mut removed = manifest.removed;
    removed.extend(leftovers.chain(gone));
    removed.values_mut().for_each(|row| row.kept = None);
    let next = Manifest {
        objects: objects.into_iter().collect(),
        leftovers: Default::default(),
        removed,
        history: Vec::new(),
        has_traces: true,
        withdrawn: manifest
            .withdrawn
            .into_iter()
            .chain([path.to_owned()])
            .collect(),
        ..Manifest {
            site: manifest.site,
            release: manifest.release,
            published: manifest.published,
            expires: manifest.expires,
            ..Manifest::default()
        }
    };
    (next, withdrawn)
}
