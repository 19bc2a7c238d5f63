//! Compares a bucket with the record of what is published in it.

use std::collections::BTreeMap;

use super::bucket::{Bucket, Listed, Outcome};
use crate::deploy::Seen;
use crate::deploy::manifest::{Manifest, Row};
use crate::model::tree::OutPath;

/// In what a bucket differs from its record.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Drift {
    /// What should be there and is not.
    pub missing: Vec<String>,
    /// What has another content than was sent.
    pub altered: Vec<String>,
    /// What somebody else has put there.
    pub extra: Vec<String>,
}

impl Drift {
    /// What a run needs to know to mend it.
    pub(super) fn seen(&self) -> BTreeMap<OutPath, Seen> {
        let missing = self.missing.iter().map(|path| (path, Seen::Absent));
        let altered = self.altered.iter().map(|path| (path, Seen::Something));
        let all = missing.chain(altered);
        all.map(|(path, seen)| (OutPath::new(path.as_str()), seen))
            .collect()
    }
}

/// Compares what a bucket lists with the record. Contents are told by what the storage calls them (`ETag`), and
/// read only where it does not call them anything; headers are not looked at.
pub(super) async fn drift(site: &Bucket, manifest: &Manifest) -> Outcome<Drift> {
    let listed = site.list("").await?.into_iter();
    let mut there: BTreeMap<String, Listed> =
        listed.map(|listed| (listed.key.clone(), listed)).collect();
    let leftovers = manifest
        .leftovers
        .iter()
        .map(|(path, (row, _))| (path, row));
    let mut drift = Drift::default();
    for (path, row) in manifest.objects.iter().chain(leftovers) {
        let path = path.as_str();
        match there.remove(path) {
            None => drift.missing.push(path.to_owned()),
            Some(listed) if is_same(site, &listed, row).await? => {}
            Some(_) => drift.altered.push(path.to_owned()),
        }
    }
    // What is ours beside the site is no part of it.
    let extra = there.into_keys().filter(|key| !key.starts_with(".yugang/"));
    drift.extra.extend(extra);
    Ok(drift)
}

async fn is_same(site: &Bucket, listed: &Listed, row: &Row) -> Outcome<bool> {
    if listed.size != row.stored.size {
        return Ok(false);
    }
    match (&listed.etag, &row.etag) {
        (Some(now), Some(then)) => Ok(now == then),
        _ => {
            let digest = site.digest(&listed.key, listed.size).await?;
            Ok(digest == Some(row.stored.digest))
        }
    }
}
