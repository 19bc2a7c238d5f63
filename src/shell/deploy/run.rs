//! One run, from the lock to the unlocking.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::pin;

use futures_util::future::{Either, select};

use super::bucket::Outcome;
use super::contents::Source;
use super::earlier::earlier;
use super::lock::{self, Hold, Lock};
use super::record::{self, Left};
use super::store::Store;
use super::{Asked, Published, Told, after, problems, verify};
use crate::deploy::manifest::{Manifest, Object, Release};
use crate::deploy::notification::Notification;
use crate::deploy::{DeployPlan, Seen, plan};
use crate::diag::{Code, Diagnostic, text};
use crate::model::tree::OutPath;
use crate::shell::clock;

/// Most foreign objects in the way that are named one by one.
const MOST_NAMED: usize = 20;

/// What a run works with.
pub(super) struct Run<'a> {
    pub(super) store: &'a Store,
    pub(super) asked: &'a Asked,
    pub(super) told: &'a Told<'a>,
    /// When what lies below a path expires; `None` when going back.
    pub(super) expires: Option<&'a BTreeMap<String, i64>>,
    /// Whether something may have been changed, so that the next run must look if this one does not finish.
    pub(super) has_begun: Cell<bool>,
    /// The lock, once it is taken.
    pub(super) hold: RefCell<Hold>,
}

/// What is to be done, and by what was decided.
pub(super) struct Planned {
    pub(super) manifest: Manifest,
    /// What is known beyond the record.
    pub(super) seen: BTreeMap<OutPath, Seen>,
    pub(super) plan: DeployPlan,
    /// What one can go back to afterwards, when that is not all that was published.
    pub(super) history: Option<Vec<Release>>,
    /// Whether the run before did not finish.
    pub(super) was_left: bool,
    /// What the steps after publishing are still to be told of earlier releases.
    pub(super) pending: Vec<Notification>,
}

/// What a run begins with: the record, and what an unfinished one has left.
struct Start {
    manifest: Option<Manifest>,
    left: Left,
    was_left: bool,
    pending: Vec<Notification>,
}

impl<'a> Run<'a> {
    /// A run that has not begun.
    pub(super) fn new(
        store: &'a Store,
        asked: &'a Asked,
        told: &'a Told<'a>,
        expires: Option<&'a BTreeMap<String, i64>>,
    ) -> Self {
        Run {
            store,
            asked,
            told,
            expires,
            has_begun: Cell::new(false),
            hold: RefCell::default(),
        }
    }

    /// Publishes `wanted`, of which `source` has the contents.
    pub(super) async fn publish(
        &self,
        source: &Source<'_>,
        wanted: &BTreeMap<OutPath, Object>,
    ) -> Outcome<Published> {
        let mut published = if self.asked.dry_run {
            let start = self.look(wanted).await?;
            let planned = self.planned(start, wanted).await?;
            let notes = self.check(&planned, wanted).err();
            Published {
                notes: notes.unwrap_or_default(),
                ..self.only_planned(planned)
            }
        } else {
            let work = async |was_left| {
                let start = self.start(was_left, wanted).await?;
                let planned = self.planned(start, wanted).await?;
                self.check(&planned, wanted)?;
                self.carry_out(planned, source).await
            };
            self.locked(work).await?
        };
        published.notes.extend(self.limits());
        Ok(published)
    }

    /// Publishes an earlier release again.
    pub(super) async fn roll_back(&self) -> Outcome<Published> {
        let none = BTreeMap::new();
        if self.asked.dry_run {
            let start = self.look(&none).await?;
            let (planned, _) = self.way_back(start).await?;
            return Ok(self.only_planned(planned));
        }
        self.locked(async |was_left| {
            let start = self.start(was_left, &none).await?;
            let (planned, source) = self.way_back(start).await?;
            self.carry_out(planned, &source).await
        })
        .await
    }

    /// What a dry run tells.
    fn only_planned(&self, planned: Planned) -> Published {
        let Planned {
            manifest,
            plan,
            mut pending,
            ..
        } = planned;
        let there = plan.places();
        for notification in &mut pending {
            notification.add(plan.changed(), &|place| there.contains(place));
        }
        Published {
            release: manifest.release,
            notes: Vec::new(),
            pending,
            plan,
        }
    }

    /// Works under the lock, which is told whether the run before did not finish.
    async fn locked<T>(&self, work: impl AsyncFnOnce(bool) -> Outcome<T>) -> Outcome<T> {
        let state = &self.store.state;
        let mut lock = Lock::take(state, self.asked.break_lock).await?;
        let (was_left, hold) = (lock.was_left, lock.hold_on());
        self.hold.replace(hold.clone());
        let done = {
            let work = pin!(work(was_left));
            let hold = pin!(lock.hold(state));
            match select(work, hold).await {
                Either::Left((done, _)) => done,
                // The lock is another's now, and is left alone.
                Either::Right((lost, _)) => return Err(lost),
            }
        };
        match done {
            Ok(done) => lock.release(state, &hold).await.map(|()| done),
            Err(problems) => {
                if was_left || self.has_begun.get() {
                    lock.leave(state).await;
                } else {
                    // It ends by itself where it cannot be given back.
                    lock.release(state, &hold).await.ok();
                }
                Err(problems)
            }
        }
    }

    /// The record, and what a run that did not finish has left.
    async fn start(&self, was_left: bool, wanted: &BTreeMap<OutPath, Object>) -> Outcome<Start> {
        let manifest = record::load(self.store).await?;
        let none = Manifest::default();
        let known = manifest.as_ref().unwrap_or(&none);
        let pending = after::pending_in(self.store, known).await?;
        let left = if was_left {
            let places = (&self.store.site, &self.store.state);
            record::recover(places, known, wanted).await?
        } else {
            Left::default()
        };
        Ok(Start {
            manifest,
            left,
            was_left,
            pending,
        })
    }

    /// The same without the lock, to look only.
    async fn look(&self, wanted: &BTreeMap<OutPath, Object>) -> Outcome<Start> {
        let was_left = lock::was_left(&self.store.state).await?;
        self.start(was_left, wanted).await
    }

    /// The plan that publishes `wanted`, with the record and what is known beyond it.
    async fn planned(&self, start: Start, wanted: &BTreeMap<OutPath, Object>) -> Outcome<Planned> {
        let Store { site, policy, .. } = self.store;
        let mut seen = start.left.seen;
        let manifest = match start.manifest {
            Some(mut manifest) => {
                if self.asked.repair {
                    let drift = verify::drift(site, &manifest).await?;
                    for (path, found) in drift.seen() {
                        seen.entry(path).or_insert(found);
                    }
                }
                if self.asked.adopt {
                    let in_the_way = self.in_the_way(wanted, &seen, &manifest).await?;
                    seen.extend(in_the_way.into_iter().map(|path| (path, Seen::Foreign)));
                }
                if let Some(path) = &self.asked.republish {
                    manifest.withdrawn.remove(path);
                }
                manifest
            }
            None => {
                self.look_around(wanted, &mut seen).await?;
                Manifest {
                    site: site.shown().to_owned(),
                    ..Manifest::default()
                }
            }
        };
        let plan = plan(&manifest, &seen, wanted, *policy, clock::seconds());
        Ok(Planned {
            manifest,
            seen,
            plan,
            history: None,
            was_left: start.was_left,
            pending: start.pending,
        })
    }

    /// Before the first release, looks at what is there already: it is not ours.
    async fn look_around(
        &self,
        wanted: &BTreeMap<OutPath, Object>,
        seen: &mut BTreeMap<OutPath, Seen>,
    ) -> Outcome<()> {
        let site = &self.store.site;
        let in_the_way = self.in_the_way(wanted, seen, &Manifest::default()).await?;
        if self.asked.adopt {
            seen.extend(in_the_way.into_iter().map(|path| (path, Seen::Foreign)));
        } else if !in_the_way.is_empty() {
            let named = in_the_way.iter().take(MOST_NAMED);
            let named = named.flat_map(|path| problems::foreign(site.shown(), path.as_str()));
            let more = in_the_way.len().saturating_sub(MOST_NAMED);
            let more = (more > 0).then(|| problems::more_foreign(more));
            return Err(named.chain(more).collect());
        }
        Ok(())
    }

    /// What is at places that are wanted and is not known to be ours.
    async fn in_the_way(
        &self,
        wanted: &BTreeMap<OutPath, Object>,
        seen: &BTreeMap<OutPath, Seen>,
        manifest: &Manifest,
    ) -> Outcome<Vec<OutPath>> {
        let there = self.store.site.list("").await?.into_iter();
        let there = there.map(|listed| OutPath::new(listed.key));
        let is_ours = |path: &OutPath| {
            let is_recorded =
                manifest.objects.contains_key(path) || manifest.leftovers.contains_key(path);
            is_recorded || seen.contains_key(path)
        };
        let in_the_way = there.filter(|path| wanted.contains_key(path) && !is_ours(path));
        Ok(in_the_way.collect())
    }

    /// The plan that publishes an earlier release again, what one can go back to then, and where its contents
    /// are: the one before the latest, or the latest itself where a run after it has not finished.
    async fn way_back(&self, start: Start) -> Outcome<(Planned, Source<'a>)> {
        let Some(manifest) = start.manifest else {
            return Err(problems::nothing_published(self.store.site.shown()));
        };
        let seen = start.left.seen;
        let mut history = manifest.history.clone();
        // A run that was going back and did not finish is finished.
        let is_behind = start.left.journal.is_none_or(|journal| journal.goes_back);
        let release = match is_behind {
            true => history.pop(),
            false => Some(Release {
                number: manifest.release,
                published: manifest.published,
                undo: BTreeMap::new(),
            }),
        };
        let Some(release) = release else {
            let keeps_copies = self.store.keeps_copies();
            return Err(problems::nothing_to_go_back_to(keeps_copies));
        };
        let (rows, contents) = earlier(self.store, (&manifest, &seen), &release).await?;
        let objects = rows
            .iter()
            .map(|(path, row)| (path.clone(), row.object.clone()));
        let wanted: BTreeMap<OutPath, Object> = objects.collect();
        let mut plan = plan(
            &manifest,
            &seen,
            &wanted,
            self.store.policy,
            clock::seconds(),
        );
        // What is left behind is not gone back to.
        plan.keep.clear();
        let source = Source::Earlier(contents, rows);
        let planned = Planned {
            manifest,
            seen,
            plan,
            history: Some(history),
            was_left: start.was_left,
            pending: start.pending,
        };
        Ok((planned, source))
    }

    /// Whether the plan may be carried out.
    fn check(&self, planned: &Planned, wanted: &BTreeMap<OutPath, Object>) -> Outcome<()> {
        let Planned { manifest, plan, .. } = planned;
        let back = wanted
            .keys()
            .find_map(|path| manifest.withdrawal_of(path.as_str()));
        if let Some(path) = back {
            return Err(withdrawn(path));
        }
        let usual = (manifest.objects.len() / 5).max(50);
        let most = self.asked.max_deletes.unwrap_or(usual);
        if plan.removals > most {
            return Err(too_many_deletes(plan.removals, most));
        }
        Ok(())
    }

    /// What the storage cannot do.
    fn limits(&self) -> Vec<Diagnostic> {
        let Store { site, state, .. } = self.store;
        let keeps = site.keeps();
        let limits = [
            (!state.can_refuse()).then(|| problems::best_effort(state.shown())),
            (!self.store.is_private).then(|| problems::no_copies(site.shown())),
            (!keeps.content_type || !keeps.cache_control)
                .then(|| problems::no_headers(site.shown())),
        ];
        limits.into_iter().flatten().collect()
    }
}

fn withdrawn(path: &str) -> Vec<Diagnostic> {
    let message = text!(
        "`{path}` 已撤下，内容文件却还在，所以没有发布；已公开的列表、订阅和搜索里可能还有它的标题和文字",
        "`{path}` was withdrawn, but its file is still there, so nothing was published; the public lists, feeds and search may still have its title and text"
    );
    let hint = text!(
        "马上删去它的内容文件，或写上 `draft: true`，再发布一次；确定要重新公开就加 `--republish {path}`",
        "delete its file or write `draft: true`, and publish again at once; to publish it again on purpose add `--republish {path}`"
    );
    problems::refusal(Code::NotPublished, message, hint)
}

fn too_many_deletes(planned: usize, most: usize) -> Vec<Diagnostic> {
    let message = text!(
        "这次发布要删 {planned} 个文件，超过了 {most} 个，什么也没有改动",
        "this release would remove {planned} files, more than {most}; nothing was changed"
    );
    let hint = text!(
        "先用 `--dry-run` 看要删什么；没错就加 `--max-deletes {planned}`",
        "see with `--dry-run` what would be removed; if that is right, add `--max-deletes {planned}`"
    );
    problems::refusal(Code::Storage, message, hint)
}
