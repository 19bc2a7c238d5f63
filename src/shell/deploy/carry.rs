//! Carries a plan out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use futures_util::{StreamExt, TryStreamExt, stream};
use rayon::prelude::*;

use super::bucket::{Bucket, Outcome, PART, Pieces};
use super::contents::Source;
use super::lock::Lock;
use super::run::{Planned, Run};
use super::send::{Likeness, compare, send};
use super::store::Store;
use super::{Progress, Published, after, problems, record};
use crate::deploy::headers::Headers;
use crate::deploy::manifest::{Kept, Manifest, Object, Row};
use crate::deploy::notification::Notification;
use crate::deploy::pack::{self, Journal};
use crate::deploy::{
    DeployPlan, Seen, Upload, copy_file, garbage, is_packed, kept_file, pack_file,
};
use crate::diag::{Code, Diagnostic, Problem, text};
use crate::model::digest::Digest;
use crate::model::tree::OutPath;
use crate::shell::clock;

/// Most compressed bytes of a pack; one more body may come on top.
const PACK: usize = 16 << 20;

/// How many old contents are kept at a time; each may be read whole.
const KEPT_AT_A_TIME: usize = 4;

/// How many files are compressed at a time.
const BATCH: usize = 64;

impl Run<'_> {
    /// Does what was planned.
    pub(super) async fn carry_out(
        &self,
        planned: Planned,
        source: &Source<'_>,
    ) -> Outcome<Published> {
        let Planned {
            manifest,
            seen,
            mut plan,
            history,
            was_left,
            mut pending,
        } = planned;
        let (manifest, seen) = (&manifest, &seen);
        let site = &self.store.site;
        let expires = self.expires.map(|new| manifest.with_expiries(new, &plan));
        let expires = expires.unwrap_or_else(|| manifest.expires.clone());
        let is_same = expires == manifest.expires && manifest.release > 0;
        if plan.is_idle() && plan.undo.is_empty() && is_same {
            return Ok(published(manifest, plan, pending, None));
        }
        if manifest.release == 0 {
            self.try_conditions().await?;
        }
        let is_whole = self.keep(&mut plan, seen).await?;
        self.has_begun.set(true);
        let journal = journal(manifest, seen, &plan, history.is_some());
        let packed = self.write_down(journal, seen, &plan, source).await?;
        if was_left {
            self.forget_other_journal(manifest.release + 1).await?;
        }
        let mut sent = self.send(&plan, source).await?;
        for (path, row) in sent.iter_mut().chain(&mut plan.unchanged) {
            let kept = packed.get(path).cloned().or_else(|| source.kept(path));
            row.kept = kept.or_else(|| row.kept.take());
        }
        let shown = plan.clone();
        let mut history = history.unwrap_or_else(|| plan.history(manifest, self.store.policy));
        if !is_whole {
            history.clear();
        }
        let hold = self.hold.borrow().clone();
        hold.check(&self.store.state).await?;
        let unknown = plan.deletes.iter().filter(|(_, row)| row.is_none());
        let unknown = unknown.map(|(path, _)| path.as_str().to_owned());
        // It could not be told from what somebody puts there later, so it is not left to the record.
        site.delete(unknown.collect()).await?;
        let now = clock::seconds();
        let mut next = plan.record(manifest, sent, history, now);
        next.expires = expires;
        after::put(self.store, &mut pending, &shown.changed(), &next).await?;
        record::save(self.store, &next).await?;
        self.clear(manifest, &next, was_left).await?;
        let note = (!is_whole).then(cannot_go_back);
        Ok(published(&next, shown, pending, note))
    }

    /// Removes what the record `next` has no more.
    async fn clear(&self, before: &Manifest, next: &Manifest, was_left: bool) -> Outcome<()> {
        let Store { site, state, .. } = self.store;
        let keys = next.removed.keys().map(|path| path.as_str().to_owned());
        site.delete(keys.collect()).await?;
        let needed: BTreeSet<String> = next.rows().filter_map(kept_file).collect();
        let stale = if was_left && self.store.keeps_copies() {
            record::strays(state, &needed).await?
        } else {
            // A pack without contents that are kept has said what it had to say.
            let own = pack_file(&record::pack_name(next.release, 0));
            let own = Some(own).filter(|own| self.store.keeps_copies() && !needed.contains(own));
            garbage(before, next).into_iter().chain(own).collect()
        };
        state.delete(stale).await
    }

    /// Makes sure, before the first release, that the storage does not only seem to take conditions.
    async fn try_conditions(&self) -> Outcome<()> {
        let state = &self.store.state;
        if state.can_refuse() && !Lock::is_refused(state).await? {
            return Err(problems::ignores_conditions(state.shown()));
        }
        Ok(())
    }

    /// Copies what would be lost to the private place; whether all of it could be.
    async fn keep(&self, plan: &mut DeployPlan, seen: &BTreeMap<OutPath, Seen>) -> Outcome<bool> {
        let Store { site, state, .. } = self.store;
        let to_keep = std::mem::take(&mut plan.keep);
        let bytes = to_keep.iter().map(|(_, row)| row.object.size).sum();
        let done = &self.counter(true, to_keep.len(), bytes);
        let kept = stream::iter(&to_keep).map(|(path, row)| async move {
            let copy = copy_file(row);
            let is_doubtful = seen.contains_key(path);
            let is_kept = (!is_doubtful && copied((site, path.as_str()), (state, &copy), row).await?)
                // The run that did not finish made the copy before it changed anything.
                || holds_copy(state, &copy, row).await?;
            done(row.object.size);
            Outcome::Ok((path, is_kept))
        });
        let kept: Vec<_> = kept.buffered(KEPT_AT_A_TIME).try_collect().await?;
        for (path, _) in kept.iter().filter(|(_, is_kept)| *is_kept) {
            if let Some(Some(before)) = plan.undo.get_mut(*path) {
                before.kept = Some(Kept::Copy);
            }
        }
        Ok(kept.iter().all(|(_, is_kept)| *is_kept))
    }

    /// Writes down what will be changed, and packs what is sent; tells which content is kept in which pack.
    async fn write_down(
        &self,
        journal: Journal,
        seen: &BTreeMap<OutPath, Seen>,
        plan: &DeployPlan,
        source: &Source<'_>,
    ) -> Outcome<BTreeMap<OutPath, Kept>> {
        let (state, release) = (&self.store.state, journal.release);
        let mut kept = BTreeMap::new();
        if !self.store.keeps_copies() {
            state
                .keep(record::JOURNAL, pack::write(&journal, &[]))
                .await?;
            return Ok(kept);
        }
        let sent = plan
            .uploads
            .iter()
            .map(|upload| (&upload.path, &upload.object));
        // What an earlier run sent and this one leaves there; what it sends otherwise is among `sent`.
        let is_found = |path: &OutPath| matches!(seen.get(path), Some(Seen::Exactly(_)));
        let found = plan.unchanged.iter().filter(|(path, _)| is_found(path));
        let found = found.map(|(path, row)| (path, &row.object));
        let packable: Vec<(&OutPath, &Object)> = sent
            .chain(found)
            .filter(|(path, _)| is_packed(path))
            .collect();
        let mut bodies: Vec<(Digest, Vec<u8>)> = Vec::new();
        let (mut number, mut size) = (0, 0);
        let mut journal = Some(journal);
        for some in packable.chunks(BATCH) {
            let compressed: Vec<_> = some
                .par_iter()
                .filter_map(|(path, object)| Some((*path, object.digest, source.packed(path)?)))
                .collect();
            for (path, digest, body) in compressed {
                size += body.len();
                bodies.push((digest, body));
                let pack = Kept::Pack(record::pack_name(release, number));
                kept.insert(path.clone(), pack);
            }
            if size >= PACK {
                self.write_pack(release, number, journal.take(), &bodies)
                    .await?;
                (number, size) = (number + 1, 0);
                bodies.clear();
            }
        }
        if journal.is_some() || !bodies.is_empty() {
            self.write_pack(release, number, journal, &bodies).await?;
        }
        Ok(kept)
    }

    /// Removes what an earlier run wrote down where this one does not: this one has taken over what it said.
    async fn forget_other_journal(&self, release: u64) -> Outcome<()> {
        let other = match self.store.keeps_copies() {
            true => record::JOURNAL.to_owned(),
            false => pack_file(&record::pack_name(release, 0)),
        };
        self.store.state.delete(vec![other]).await
    }

    async fn write_pack(
        &self,
        release: u64,
        number: usize,
        journal: Option<Journal>,
        bodies: &[(Digest, Vec<u8>)],
    ) -> Outcome<()> {
        let journal = journal.unwrap_or(Journal {
            release,
            ..Journal::default()
        });
        let file = pack_file(&record::pack_name(release, number));
        let pack = pack::write(&journal, bodies);
        self.store.state.keep(&file, pack).await
    }

    async fn send(
        &self,
        plan: &DeployPlan,
        source: &Source<'_>,
    ) -> Outcome<BTreeMap<OutPath, Row>> {
        let arrived = self.counter(false, plan.uploads.len(), plan.bytes());
        let mut rows = BTreeMap::new();
        let phases = plan
            .uploads
            .chunk_by(|one: &Upload, other: &Upload| one.phase == other.phase);
        for batch in phases.flat_map(|phase| phase.chunks(BATCH)) {
            rows.extend(send(&self.store.site, source, batch, &arrived).await?);
        }
        Ok(rows)
    }

    /// What tells how far one has come, each time that one of `of` objects with so many bytes in all is done.
    fn counter(&self, is_keeping: bool, of: usize, of_bytes: u64) -> impl Fn(u64) + Sync {
        let progress = Mutex::new(Progress {
            is_keeping,
            sent: 0,
            of,
            bytes: 0,
            of_bytes,
        });
        let told = self.told;
        move |bytes| {
            let Ok(mut progress) = progress.lock() else {
                return;
            };
            progress.sent += 1;
            progress.bytes += bytes;
            told(*progress);
        }
    }
}

/// What a run has come to that leaves this record.
fn published(
    manifest: &Manifest,
    plan: DeployPlan,
    pending: Vec<Notification>,
    note: Option<Diagnostic>,
) -> Published {
    Published {
        plan,
        release: manifest.release,
        notes: note.into_iter().collect(),
        pending,
    }
}

/// What a run is about to change, and what it has found of an earlier one.
fn journal(
    manifest: &Manifest,
    seen: &BTreeMap<OutPath, Seen>,
    plan: &DeployPlan,
    goes_back: bool,
) -> Journal {
    let mut journal = Journal {
        release: manifest.release + 1,
        goes_back,
        ..Journal::default()
    };
    for (path, seen) in seen {
        if let Seen::Exactly(row) = seen {
            journal
                .touches
                .insert(path.clone(), Some(row.object.clone()));
        }
        let is_ours = matches!(seen, Seen::Something | Seen::Exactly(_));
        if is_ours && !manifest.objects.contains_key(path) {
            journal.ours.insert(path.clone());
        }
    }
    let deletes = plan.deletes.keys().map(|path| (path.clone(), None));
    let uploads = plan.uploads.iter();
    let uploads = uploads.map(|upload| (upload.path.clone(), Some(upload.object.clone())));
    journal.touches.extend(deletes.chain(uploads));
    journal
}

/// Copies an object that should be this row; whether it is.
async fn copied(
    (site, key): (&Bucket, &str),
    (state, copy): (&Bucket, &str),
    row: &Row,
) -> Outcome<bool> {
    if row.object.size <= PART as u64 {
        let content = site
            .read(key)
            .await?
            .filter(|content| Digest::of(content) == row.object.digest);
        let Some(content) = content else {
            return Ok(false);
        };
        state.keep(copy, content).await?;
        return Ok(true);
    }
    if compare(site, key, &row.object).await? == Likeness::Other {
        return Ok(false);
    }
    let mut pieces = Pieces::Object(site, key, row.object.size, 0);
    let headers = Headers::default();
    state.write_pieces(copy, &headers, &mut pieces).await?;
    Ok(true)
}

async fn holds_copy(state: &Bucket, copy: &str, row: &Row) -> Outcome<bool> {
    let digest = state.digest(copy, row.object.size).await?;
    Ok(digest == Some(row.object.digest))
}

fn cannot_go_back() -> Diagnostic {
    let message = text!(
        "有的旧内容没能留下备份，这次发布之后不能退回之前",
        "some old content could not be kept, so one cannot go back beyond this release"
    );
    Problem::warning(Code::Storage, message).nowhere()
}
