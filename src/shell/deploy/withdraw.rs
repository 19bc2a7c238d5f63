//! Takes down at once what should never have been published.
//!
//! Lists, feeds, data and the search index have pieces of what is withdrawn in them, also those of earlier
//! releases. So everything that is kept of these goes as well: there is no going back beyond a withdrawal.

use std::collections::{BTreeMap, BTreeSet};

use super::bucket::Outcome;
use super::lock::Lock;
use super::send::{Likeness, compare};
use super::store::Store;
use super::{Asked, Published, after, problems, record};
use crate::deploy::manifest::{Manifest, lies_below};
use crate::deploy::pack::{self, Journal};
use crate::model::tree::OutPath;

/// What was taken down.
#[derive(Debug, Clone)]
pub struct Withdrawn {
    /// The places that were removed.
    pub places: Vec<OutPath>,
    /// The places of which somebody may keep a copy that has what was withdrawn.
    pub copied: BTreeSet<OutPath>,
    /// What the steps after publishing are to be told.
    pub published: Published,
}

/// Removes every object at `path` and below it, and all that is kept of earlier releases. The record is written first, so that the next run finishes what this one may leave.
pub(super) async fn withdraw(store: &Store, path: &str, asked: &Asked) -> Outcome<Withdrawn> {
    let lock = Lock::take(&store.state, asked.break_lock).await?;
    let (was_left, hold) = (lock.was_left, lock.hold_on());
    match withdraw_locked(store, path, was_left).await {
        // What the run before has left to do is still to be done.
        Ok(withdrawn) if was_left => {
            lock.leave(&store.state).await;
            Ok(withdrawn)
        }
        Ok(withdrawn) => {
            lock.release(&store.state, &hold).await?;
            Ok(withdrawn)
        }
        Err(problem) => {
            lock.leave(&store.state).await;
            Err(problem)
        }
    }
}

async fn withdraw_locked(store: &Store, path: &str, was_left: bool) -> Outcome<Withdrawn> {
    let Store { site, state, .. } = store;
    let mut manifest = record::published(store).await?;
    let journal = match was_left {
        true => record::journal(state, &manifest).await?,
        false => None,
    };
    if !is_known(&manifest, journal.as_ref(), path) {
        return Err(problems::nothing_to_withdraw(path));
    }
    // Only a run that did not finish may have left of what its record removes.
    let removed = std::mem::take(&mut manifest.removed);
    for (place, row) in removed.into_iter().filter(|_| was_left) {
        if compare(site, place.as_str(), &row.object).await? != Likeness::Other {
            manifest.removed.insert(place, row);
        }
    }
    let mut pending = after::pending_in(store, &manifest).await?;
    let copied = copied(&manifest, journal.as_ref(), path);
    let (next, mut withdrawn) = without(manifest, path);
    after::put(store, &mut pending, &copied, &next).await?;
    record::save(store, &next).await?;
    if let Some(journal) = journal {
        withdrawn.extend(withdraw_sent(store, journal, path).await?);
    }
    withdrawn.sort();
    withdrawn.dedup();
    let all: BTreeSet<&OutPath> = next.removed.keys().chain(&withdrawn).collect();
    let keys = all.iter().map(|path| path.as_str().to_owned());
    site.delete(keys.collect()).await?;
    let kept = record::strays(state, &BTreeSet::new()).await?;
    state.delete(kept).await?;
    Ok(Withdrawn {
        places: withdrawn,
        copied,
        published: Published {
            release: next.release,
            pending,
            ..Published::default()
        },
    })
}

/// Everything of which somebody may keep a copy that has what is withdrawn: what is or was at `path` and below it,
/// and parts of earlier search indexes.
fn copied(manifest: &Manifest, journal: Option<&Journal>, path: &str) -> BTreeSet<OutPath> {
    let is_withdrawn = |place: &&OutPath| lies_below(place.as_str(), path);
    let published = known(manifest, journal).filter(is_withdrawn);
    let removed = manifest.removed.keys().chain(manifest.leftovers.keys());
    published.chain(removed).cloned().collect()
}

/// Whether anything of ours is or was at `path` or below it.
fn is_known(manifest: &Manifest, journal: Option<&Journal>, path: &str) -> bool {
    !path.is_empty()
        && (manifest.withdrawn.contains(path)
            || known(manifest, journal).any(|known| lies_below(known.as_str(), path)))
}

/// Every place where something of ours is or was, as far as is known.
fn known<'a>(
    manifest: &'a Manifest,
    journal: Option<&'a Journal>,
) -> impl Iterator<Item = &'a OutPath> {
    let objects = manifest.objects.keys().chain(manifest.removed.keys());
    let undo = manifest
        .history
        .iter()
        .flat_map(|release| release.undo.keys());
    let journal = journal.into_iter();
    let sent = journal.flat_map(|journal| journal.touches.keys().chain(&journal.ours));
    objects.chain(undo).chain(sent)
}

/// What a run that did not finish has sent to `path` and below it; its journal is written anew without it, and
/// its contents go with the packs.
async fn withdraw_sent(store: &Store, mut journal: Journal, path: &str) -> Outcome<Vec<OutPath>> {
    let is_withdrawn = |place: &OutPath| lies_below(place.as_str(), path);
    let mut sent: Vec<OutPath> = journal
        .ours
        .iter()
        .filter(|place| is_withdrawn(place))
        .cloned()
        .collect();
    for (place, object) in journal
        .touches
        .iter()
        .filter(|(place, _)| is_withdrawn(place))
    {
        if let Some(object) = object
            && compare(&store.site, place.as_str(), object).await? != Likeness::Other
        {
            sent.push(place.clone());
        }
    }
    journal.touches.retain(|place, _| !is_withdrawn(place));
    journal.ours.retain(|place| !is_withdrawn(place));
    let pack = pack::write(&journal, &[]);
    store.state.keep(record::JOURNAL, pack).await?;
    Ok(sent)
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
    let mut all_withdrawn = manifest.withdrawn;
    all_withdrawn.insert(path.to_owned());
    let next = Manifest {
        site: manifest.site,
        release: manifest.release,
        published: manifest.published,
        objects: objects.into_iter().collect(),
        leftovers: BTreeMap::new(),
        removed,
        history: Vec::new(),
        withdrawn: all_withdrawn,
        has_traces: true,
        expires: manifest.expires,
    };
    (next, withdrawn)
}
