//! Compares a bucket with the record of what is published in it.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::bucket::{Bucket, Listed, Outcome};
use super::send::AT_A_TIME;
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
/// read only where it does not call them anything. Of the headers only that is looked at without which a content
/// is garbage: how it is encoded.
pub(super) async fn drift(site: &Bucket, manifest: &Manifest) -> Outcome<Drift> {
    let listed = site.list("").await?.into_iter();
    let mut there: BTreeMap<String, Listed> =
        listed.map(|listed| (listed.key.clone(), listed)).collect();
    let leftovers = manifest
        .leftovers
        .iter()
        .map(|(path, (row, _))| (path, row));
    let mut drift = Drift::default();
    let mut found = Vec::new();
    for (path, row) in manifest.objects.iter().chain(leftovers) {
        match there.remove(path.as_str()) {
            None => drift.missing.push(path.as_str().to_owned()),
            Some(listed) => found.push((listed, row)),
        }
    }
    let looks = stream::iter(&found).map(|(listed, row)| async move {
        let is_same = is_same(site, listed, row).await?;
        Outcome::Ok((!is_same).then(|| listed.key.clone()))
    });
    let altered: Vec<_> = looks.buffered(AT_A_TIME).try_collect().await?;
    drift.altered.extend(altered.into_iter().flatten());
    // What is ours beside the site is no part of it.
    let extra = there.into_keys().filter(|key| !key.starts_with(".yugang/"));
    drift.extra.extend(extra);
    Ok(drift)
}

async fn is_same(site: &Bucket, listed: &Listed, row: &Row) -> Outcome<bool> {
    if listed.size != row.object.size {
        return Ok(false);
    }
    let has_content = match (&listed.etag, &row.etag) {
        (Some(now), Some(then)) => now == then,
        _ => site.digest(&listed.key, listed.size).await? == Some(row.object.digest),
    };
    let encoding = &row.object.headers.content_encoding;
    if !has_content || encoding.is_none() {
        return Ok(has_content);
    }
    let found = site.look(&listed.key).await?;
    Ok(found.is_some_and(|(_, headers)| headers.content_encoding == *encoding))
}
