//! Decides what to send to a bucket and what to remove.
//!
//! Input: the record of what is published, what an interrupted run may have left, what is wanted. Output: a
//! [`DeployPlan`]. No I/O; a place that is neither in the record nor wanted is never written or removed.

use std::collections::{BTreeMap, BTreeSet};

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::headers::{is_told_anew, looks_fingerprinted};
use super::manifest::{Kept, Manifest, Object, Release, Row};
use crate::model::tree::OutPath;

/// In which order objects are sent: nobody who follows links meets something that is not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// What pages need: style sheets, scripts, photos, attachments, parts of the search index.
    Assets,
    /// Pages that did not exist; no page that one can reach leads to them yet.
    NewPages,
    /// Feeds, calendars and data that did not exist: pages that change lead to them.
    NewFiles,
    /// Pages that existed.
    ChangedPages,
    /// The page of what is not found, feeds, calendars, data, the site map, the root of the search index.
    Entrances,
    /// The home page, which leads to all of these: before it is there, nobody knows of a new site.
    Home,
}

/// Why an object is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Nothing of ours is there.
    New,
    /// Its content differs.
    Content,
    /// Only its headers differ.
    Headers,
}

/// An object to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its place.
    pub path: OutPath,
    /// What it will be.
    pub object: Object,
    /// When it is sent.
    pub phase: Phase,
    /// Why.
    pub reason: Reason,
}

/// How long what is not part of the site any more is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// For how many seconds files that bear their digest stay when no page names them any more.
    pub grace: i64,
    /// How many earlier releases can be gone back to; 0 where no copies are kept.
    pub releases: usize,
}

impl Policy {
    /// The policy for what comes after a record: of a site with traces of what was withdrawn nothing is kept.
    fn after(self, previous: &Manifest) -> Policy {
        match previous.has_traces {
            true => Policy {
                grace: 0,
                releases: 0,
            },
            false => self,
        }
    }
}

/// What is at a place that an interrupted run, or somebody, may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing.
    Absent,
    /// Something that is not ours and may be replaced all the same, but not removed.
    Foreign,
    /// Something of ours.
    Something,
    /// Exactly this.
    Exactly(Row),
}

/// What to do, in this order: keep, upload, write the record, delete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeployPlan {
    /// What is replaced or removed and of which no copy is kept yet.
    pub keep: Vec<(OutPath, Row)>,
    /// What is sent, in this order.
    pub uploads: Vec<Upload>,
    /// What is removed at last, with what it is; `None` for something of ours that is not known.
    pub deletes: BTreeMap<OutPath, Option<Row>>,
    /// How many of these are parts of the site that is published, and no leftovers.
    pub removals: usize,
    /// What stays as it is.
    pub unchanged: BTreeMap<OutPath, Row>,
    /// What stays for open pages, with the time since when.
    pub leftovers: BTreeMap<OutPath, (Row, i64)>,
    /// What was, at each place that the new release changes.
    pub undo: BTreeMap<OutPath, Option<Row>>,
}

/// The plan that turns what is published into what is `wanted`.
///
/// `seen` tells of places that an interrupted run may have changed; `now` is in seconds since 1970.
pub fn plan(
    previous: &Manifest,
    seen: &BTreeMap<OutPath, Seen>,
    wanted: &BTreeMap<OutPath, Object>,
    policy: Policy,
    now: i64,
) -> DeployPlan {
    let policy = policy.after(previous);
    let known = known(previous, seen);
    let mut plan = DeployPlan::default();
    for (path, object) in wanted {
        let reason = match known.get(path) {
            None => Reason::New,
            Some(None) => Reason::Content,
            Some(Some(row)) if row.object == *object => {
                plan.unchanged.insert(path.clone(), (*row).clone());
                continue;
            }
            Some(Some(row)) if row.object.digest == object.digest => Reason::Headers,
            Some(Some(_)) => Reason::Content,
        };
        plan.uploads.push(Upload {
            path: path.clone(),
            object: object.clone(),
            phase: phase(path, reason, previous.objects.is_empty()),
            reason,
        });
    }
    plan.uploads
        .sort_by(|one, other| (one.phase, &one.path).cmp(&(other.phase, &other.path)));
    plan.undo = undo(previous, wanted);
    let retained = retained(previous);
    let unwanted = known
        .iter()
        .filter(|(path, _)| !wanted.contains_key(**path));
    for (path, row) in unwanted.filter(|(path, _)| seen.get(**path) != Some(&Seen::Foreign)) {
        let since = previous
            .leftovers
            .get(*path)
            .map_or(now, |(_, since)| *since);
        let is_needed =
            policy.releases > 0 && (retained.contains(*path) || plan.undo.contains_key(*path));
        let stays = now - since < policy.grace || is_needed;
        match row {
            Some(row) if looks_fingerprinted(path) && stays => {
                let left = ((*row).clone(), since);
                plan.leftovers.insert((*path).clone(), left);
            }
            row => {
                plan.removals += usize::from(previous.objects.contains_key(*path));
                plan.deletes.insert((*path).clone(), row.cloned());
            }
        }
    }
    if policy.releases > 0 {
        plan.keep = to_keep(&plan);
    }
    plan
}

/// What of ours is where: `None` where it is not known what it is.
fn known<'a>(
    previous: &'a Manifest,
    seen: &'a BTreeMap<OutPath, Seen>,
) -> BTreeMap<&'a OutPath, Option<&'a Row>> {
    let leftovers = previous
        .leftovers
        .iter()
        .map(|(path, (row, _))| (path, Some(row)));
    let objects = previous.objects.iter().map(|(path, row)| (path, Some(row)));
    let mut known: BTreeMap<_, _> = leftovers.chain(objects).collect();
    for (path, seen) in seen {
        match seen {
            Seen::Absent => drop(known.remove(path)),
            Seen::Something | Seen::Foreign => drop(known.insert(path, None)),
            Seen::Exactly(row) => drop(known.insert(path, Some(row))),
        }
    }
    known
}

/// What turns `wanted` back into the previous release.
fn undo(previous: &Manifest, wanted: &BTreeMap<OutPath, Object>) -> BTreeMap<OutPath, Option<Row>> {
    let before = previous.objects.iter();
    let differs = before.filter(|(path, row)| wanted.get(*path) != Some(&row.object));
    let before = differs.map(|(path, row)| (path.clone(), Some(row.clone())));
    let new = wanted
        .keys()
        .filter(|path| !previous.objects.contains_key(*path));
    before.chain(new.map(|path| (path.clone(), None))).collect()
}

/// The places that earlier releases would need again.
fn retained(previous: &Manifest) -> BTreeSet<&OutPath> {
    let undo = previous.history.iter().flat_map(|release| &release.undo);
    let needed = undo.filter(|(_, before)| before.is_some());
    needed.map(|(path, _)| path).collect()
}

/// What the storage still has and would lose.
fn to_keep(plan: &DeployPlan) -> Vec<(OutPath, Row)> {
    let lost = plan
        .undo
        .iter()
        .filter_map(|(path, before)| Some((path, before.as_ref()?)));
    let lost = lost.filter(|(path, row)| row.kept.is_none() && !plan.leftovers.contains_key(*path));
    lost.map(|(path, row)| (path.clone(), row.clone()))
        .collect()
}

fn phase(path: &OutPath, reason: Reason, is_first: bool) -> Phase {
    match path.as_str() {
        "index.html" => Phase::Home,
        // Whoever asks for what is not there yet is shown it.
        "404.html" => Phase::Entrances,
        _ if looks_fingerprinted(path) || !is_told_anew(path) => Phase::Assets,
        // No page is there yet that leads to the feed and the map of the whole site.
        name if is_first && !name.contains('/') => Phase::Entrances,
        name if !name.ends_with(".html") && reason == Reason::New => Phase::NewFiles,
        name if !name.ends_with(".html") => Phase::Entrances,
        _ if reason == Reason::New => Phase::NewPages,
        _ => Phase::ChangedPages,
    }
}

/// Whether what is called so must be kept in a pack to go back to it: what changes under its name and is small.
pub fn is_packed(path: &OutPath) -> bool {
    is_told_anew(path) && !looks_fingerprinted(path)
}

impl DeployPlan {
    /// Whether nothing is sent or removed.
    pub fn is_idle(&self) -> bool {
        self.uploads.is_empty() && self.deletes.is_empty()
    }

    /// The bytes that are sent.
    pub fn bytes(&self) -> u64 {
        self.uploads.iter().map(|upload| upload.object.size).sum()
    }

    /// The places of what is new, has changed or is gone since the release before, or is now put right. What a run
    /// before this one sent and did not finish is among them, although it is not sent again.
    pub fn changed(&self) -> BTreeSet<OutPath> {
        let differs = self.undo.keys();
        let differs = differs.filter(|path| !self.leftovers.contains_key(*path));
        let sent = self.uploads.iter().map(|upload| &upload.path);
        let changed = differs.chain(sent).chain(self.deletes.keys());
        changed.cloned().collect()
    }

    /// The places that the site has when the plan has been carried out.
    pub fn places(&self) -> BTreeSet<&OutPath> {
        let sent = self.uploads.iter().map(|upload| &upload.path);
        sent.chain(self.unchanged.keys()).collect()
    }

    /// What one can go back to when the plan has been carried out: as before, and the release that is the latest
    /// now.
    pub fn history(&self, previous: &Manifest, policy: Policy) -> Vec<Release> {
        let latest = Release {
            number: previous.release,
            published: previous.published,
            undo: self.undo.clone(),
        };
        // What is sent again only because somebody had altered it is no step back.
        let latest = Some(latest).filter(|latest| latest.number > 0 && !latest.undo.is_empty());
        let mut history: Vec<Release> = previous.history.iter().cloned().chain(latest).collect();
        let releases = policy.after(previous).releases;
        let surplus = history.len().saturating_sub(releases);
        history.drain(..surplus);
        history
    }

    /// The record of the site when the plan has been carried out; `sent` are the rows of what was sent.
    pub fn record(
        self,
        previous: &Manifest,
        sent: BTreeMap<OutPath, Row>,
        history: Vec<Release>,
        now: i64,
    ) -> Manifest {
        let mut objects = self.unchanged;
        objects.extend(sent);
        Manifest {
            site: previous.site.clone(),
            release: previous.release + 1,
            published: now,
            objects,
            leftovers: self.leftovers,
            removed: self
                .deletes
                .into_iter()
                .filter_map(|(path, row)| Some((path, row?)))
                .collect(),
            history,
            withdrawn: previous.withdrawn.clone(),
            has_traces: false,
            expires: previous.expires.clone(),
        }
    }
}

/// The kept files that the record `next` needs no more, where `previous` needed them.
pub fn garbage(previous: &Manifest, next: &Manifest) -> Vec<String> {
    let files = |manifest: &Manifest| -> BTreeSet<String> {
        manifest.rows().filter_map(kept_file).collect()
    };
    files(previous).difference(&files(next)).cloned().collect()
}

/// Where in the private place the content of a row is kept.
pub fn kept_file(row: &Row) -> Option<String> {
    row.kept.as_ref().map(|kept| match kept {
        Kept::Pack(name) => pack_file(name),
        Kept::Copy => copy_file(row),
    })
}

/// Where a pack lies in the private place.
pub fn pack_file(name: &str) -> String {
    format!("packs/{name}")
}

/// Where a copy of its own lies in the private place.
pub fn copy_file(row: &Row) -> String {
    format!("copies/{}", row.object.digest)
}

/// An upload as it is shown to programs.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    phase: Phase,
    reason: Reason,
    bytes: u64,
}

impl Serialize for DeployPlan {
    /// As `{"uploads": [{"path", "phase", "reason", "bytes"}], "deletes": [path], "unchanged", "leftovers",
    /// "bytes"}`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let uploads = self.uploads.iter().map(|upload| Line {
            path: upload.path.as_str(),
            phase: upload.phase,
            reason: upload.reason,
            bytes: upload.object.size,
        });
        let deletes: Vec<&str> = self.deletes.keys().map(OutPath::as_str).collect();
        let mut shown = serializer.serialize_struct("DeployPlan", 5)?;
        shown.serialize_field("uploads", &uploads.collect::<Vec<_>>())?;
        shown.serialize_field("deletes", &deletes)?;
        shown.serialize_field("unchanged", &self.unchanged.len())?;
        shown.serialize_field("leftovers", &self.leftovers.len())?;
        shown.serialize_field("bytes", &self.bytes())?;
        shown.end()
    }
}
