//! The record of what is published, and what an interrupted run may have changed.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, TryStreamExt, stream};

use super::bucket::{Bucket, Outcome};
use super::send::{AT_A_TIME, Likeness, compare};
use super::store::Store;
use super::{after, problems};
use crate::deploy::manifest::{Flaw, Manifest, Object, Row};
use crate::deploy::pack::{self, Journal};
use crate::deploy::{Seen, codec, pack_file};
use crate::model::digest::Digest;
use crate::model::tree::OutPath;

/// Where the record lies in the private place: JSON, compressed (DEFLATE).
const KEY: &str = "manifest.json.deflate";

/// Where a run that keeps no copies writes down what it is about to change.
pub(super) const JOURNAL: &str = "journal";

/// Where these and the lock lay when the target had no private place.
const BESIDE: [&str; 3] = [
    ".yugang/manifest.json.deflate",
    ".yugang/journal",
    ".yugang/lock.json",
];

/// The record; `None` before the first release. One from before the target had a private place is taken over.
///
/// # Errors
/// One that cannot be used, or is of another place: publishing by it could remove what is not ours.
pub(super) async fn load(store: &Store) -> Outcome<Option<Manifest>> {
    let (site, state) = (&store.site, &store.state);
    let (bytes, place) = match state.read(KEY).await? {
        Some(bytes) => (bytes, format!("{}/{KEY}", state.shown())),
        None if !store.is_private => return Ok(None),
        None => match site.read(BESIDE[0]).await? {
            Some(_)
                if site
                    .read(BESIDE[2])
                    .await?
                    .is_some_and(|lock| !lock.is_empty()) =>
            {
                return Err(problems::unfinished_beside(site.shown()));
            }
            Some(bytes) => {
                store.took_over.set(true);
                (bytes, format!("{}/{}", site.shown(), BESIDE[0]))
            }
            None => return Ok(None),
        },
    };
    let json = codec::decompressed(&bytes).unwrap_or_default();
    let manifest = Manifest::from_json(&json);
    let mut manifest = manifest.map_err(|flaw| problems::record(&place, flaw == Flaw::Newer))?;
    if !store.is_private || store.took_over.get() {
        // Beside the site there is none but its own, whatever it is called now.
        manifest.site = site.shown().to_owned();
    }
    if manifest.site != site.shown() {
        return Err(problems::record_of_another(
            &place,
            &manifest.site,
            site.shown(),
        ));
    }
    Ok(Some(manifest))
}

/// The record of what is published.
///
/// # Errors
/// As for [`load`], and where there is none.
pub(super) async fn published(store: &Store) -> Outcome<Manifest> {
    let manifest = load(store).await?;
    manifest.ok_or_else(|| problems::nothing_published(store.site.shown()))
}

/// Replaces the record.
pub(super) async fn save(store: &Store, manifest: &Manifest) -> Outcome<()> {
    let bytes = codec::compressed(&manifest.to_json());
    store.state.keep(KEY, bytes).await?;
    if store.took_over.take() {
        // The old one must not be believed when the private place is given up.
        let pending = store.site.list(after::BESIDE).await?.into_iter();
        let beside = BESIDE.map(str::to_owned).into_iter();
        let beside = beside.chain(pending.map(|listed| listed.key));
        store.site.delete(beside.collect()).await?;
    }
    Ok(())
}

/// The name of a pack of a release.
pub(super) fn pack_name(release: u64, number: usize) -> String {
    format!("{release}-{number}")
}

/// What a run that did not finish has left.
#[derive(Default)]
pub(super) struct Left {
    /// What is at places that it may have changed.
    pub(super) seen: BTreeMap<OutPath, Seen>,
    /// What it wrote down; `None` where it had not come so far, or had written the record.
    pub(super) journal: Option<Journal>,
}

/// What a run that did not finish wrote down before it changed anything.
///
/// # Errors
/// One that cannot be read: nobody knows then what it changed.
pub(super) async fn journal(state: &Bucket, manifest: &Manifest) -> Outcome<Option<Journal>> {
    let mut found: Option<Journal> = None;
    // Where it is written depends on what the target kept at that time.
    for file in [
        pack_file(&pack_name(manifest.release + 1, 0)),
        JOURNAL.to_owned(),
    ] {
        let Some(bytes) = state.read(&file).await? else {
            continue;
        };
        let Some(pack) = pack::read(&bytes) else {
            let place = format!("{}/{file}", state.shown());
            return Err(problems::journal(&place));
        };
        if pack.journal.release == manifest.release + 1 {
            let known = found.get_or_insert_with(Journal::default);
            known.release = pack.journal.release;
            known.touches.extend(pack.journal.touches);
            known.ours.extend(pack.journal.ours);
            known.goes_back |= pack.journal.goes_back;
        }
    }
    Ok(found)
}

/// Looks at the places that a run which did not finish may have changed.
///
/// Only what has the content that it wrote down is taken for its work: what somebody else put there stays
/// theirs.
pub(super) async fn recover(
    (site, state): (&Bucket, &Bucket),
    manifest: &Manifest,
    wanted: &BTreeMap<OutPath, Object>,
) -> Outcome<Left> {
    let journal = journal(state, manifest).await?;
    // It may have ended while it removed what the record no longer has.
    let removed = manifest.removed.iter();
    let removed = removed.filter(|(path, _)| !manifest.objects.contains_key(*path));
    let removed = removed.map(|(path, row)| (path.clone(), Some(row.object.clone()), false));
    let nothing = Journal::default();
    let told = journal.as_ref().unwrap_or(&nothing);
    let is_known = |path: &OutPath| {
        let is_recorded =
            manifest.objects.contains_key(path) || manifest.leftovers.contains_key(path);
        is_recorded || told.ours.contains(path)
    };
    let touches = told.touches.iter().map(|(path, object)| {
        let is_known = is_known(path);
        // What is replaced or removed anyway need not be looked at when it is known whose it is.
        let object = object.as_ref();
        let object = object.filter(|object| !is_known || wanted.get(path) == Some(*object));
        (path.clone(), object.cloned(), is_known)
    });
    let looks = stream::iter(removed.chain(touches)).map(|(path, object, is_known)| async move {
        let likeness = match &object {
            Some(object) => compare(site, path.as_str(), object).await?,
            None => Likeness::Other,
        };
        let found = match (likeness, object) {
            (Likeness::Whole, Some(object)) => Some(Seen::Exactly(Row {
                object,
                etag: None,
                kept: None,
            })),
            (Likeness::Content, _) => Some(Seen::Something),
            _ => is_known.then_some(Seen::Something),
        };
        Outcome::Ok(found.map(|found| (path, found)))
    });
    let looked: Vec<_> = looks.buffer_unordered(AT_A_TIME).try_collect().await?;
    let mut seen: BTreeMap<OutPath, Seen> = looked.into_iter().flatten().collect();
    for path in &told.ours {
        seen.entry(path.clone()).or_insert(Seen::Something);
    }
    Ok(Left { seen, journal })
}

/// Kept files that no row of the record needs.
pub(super) async fn strays(state: &Bucket, needed: &BTreeSet<String>) -> Outcome<Vec<String>> {
    let mut strays = Vec::new();
    for folder in ["packs/", "copies/"] {
        let listed = state.list(folder).await?;
        let keys = listed.into_iter().map(|listed| listed.key);
        strays.extend(keys.filter(|key| is_ours(key) && !needed.contains(key)));
    }
    Ok(strays)
}

/// Whether a key in the private place is one that this program gives: the folder may be somebody else's too.
fn is_ours(key: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_pack = |name: &str| {
        let parts = name.split_once('-');
        parts.is_some_and(|(release, number)| is_number(release) && is_number(number))
    };
    match key.split_once('/') {
        Some(("packs", name)) => is_pack(name),
        Some(("copies", name)) => Digest::from_hex(name).is_some(),
        _ => false,
    }
}
