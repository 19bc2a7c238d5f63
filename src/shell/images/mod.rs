//! Makes the files that are made of photos: other sizes, and the photos themselves without metadata.
//!
//! Input: an [`OutputTree`], which says what is to be made of which photo. Output: a `Store` that
//! holds all of it, and what each file is. What an earlier build has made is not made again.
//!
//! Invariants: nothing of the site is written; all photos that cannot be published are named at
//! once; memory is bounded whatever the photos are; a photo is decoded once for all its sizes.

mod budget;
mod gif;
#[cfg(feature = "images")]
mod pixels;
mod problems;
mod store;
mod strip;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;

pub(super) use self::budget::Budget;
pub(super) use self::store::{HEAD, Kept, Store};
use self::strip::Flaw;
use super::read::real_path;
use super::write::source_changed;
use crate::diag::Diagnostic;
use crate::model::digest::Digest;
use crate::model::picture::{Format, ImageFile, Recipe};
use crate::model::tree::{OutFile, OutputTree};

/// Is told how many photos of how many have been worked on.
pub type Progress<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// The images of a site.
#[derive(Debug, Default)]
pub(super) struct Images {
    /// What is in the store, by key.
    kept: HashMap<Digest, Kept>,
    /// What has been made now, and need not be checked.
    fresh: HashSet<Digest>,
}

/// Why a photo has come to nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// It is not as it should be.
    Photo(Box<Diagnostic>),
    /// The system refuses something.
    System(Box<Diagnostic>),
}

/// An image to be made, with its key.
type Wanted<'a> = (Digest, &'a Arc<ImageFile>);

impl Images {
    /// Makes what `tree` has and the store has not.
    ///
    /// # Errors
    /// Every photo that cannot be published, or the first thing the system refuses.
    pub(super) fn make(
        &mut self,
        root: &Path,
        store: &Store,
        tree: &OutputTree,
        progress: &Progress<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        let wanted: HashMap<Digest, &Arc<ImageFile>> = images(tree).collect();
        let missing = wanted.into_par_iter();
        let looked: Vec<_> = missing
            .map(|(key, file)| (key, file, store.look(&key)))
            .collect();
        let mut jobs: BTreeMap<_, Vec<Wanted<'_>>> = BTreeMap::new();
        for (key, file, kept) in looked {
            match kept {
                Some(kept) => drop(self.kept.insert(key, kept)),
                None => jobs.entry(&file.source).or_default().push((key, file)),
            }
        }
        if jobs.is_empty() {
            return Ok(());
        }
        store
            .make()
            .map_err(|error| vec![problems::cannot_keep(&error)])?;
        let jobs: Vec<_> = jobs.into_values().collect();
        let made = work_on_all(root, store, &jobs, progress)?;
        self.fresh.extend(made.iter().map(|(key, _)| *key));
        self.kept.extend(made);
        Ok(())
    }

    /// What the image `file` is, once it has been made.
    pub(super) fn of(&self, file: &ImageFile) -> Option<Kept> {
        self.kept.get(&file.key()).copied()
    }

    /// How many have been made.
    pub(super) fn made(&self) -> usize {
        self.fresh.len()
    }

    /// Forgets those of `files` that are not in the store as they were kept, and returns whether
    /// there are any.
    pub(super) fn forget_damaged<'a>(
        &mut self,
        store: &Store,
        files: impl Iterator<Item = &'a Arc<ImageFile>>,
    ) -> io::Result<bool> {
        let keys: HashSet<Digest> = files.map(|file| file.key()).collect();
        let old = keys.into_par_iter();
        let old = old.filter(|key| !self.fresh.contains(key) && store.read(key).is_none());
        let damaged: Vec<Digest> = old.collect();
        for key in &damaged {
            self.kept.remove(key);
            match fs::remove_file(store.place(key)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(!damaged.is_empty())
    }
}

/// The images of a site with their keys.
fn images(tree: &OutputTree) -> impl Iterator<Item = Wanted<'_>> {
    tree.values().filter_map(|file| match file {
        OutFile::Image(image) => Some((image.key(), image)),
        _ => None,
    })
}

/// Removes from the store what the site no longer has. A tree of which everything is kept from an
/// earlier build does not tell which images it has; then nothing is removed.
pub(super) fn clear(store: &Store, tree: &OutputTree) {
    let is_kept = |file: &OutFile| matches!(file, OutFile::Kept { .. });
    if tree.is_empty() || !tree.values().all(is_kept) {
        store.retain(&images(tree).map(|(key, _)| key).collect());
    }
}

/// Works on photos until one meets with a refusal of the system.
fn work_on_all(
    root: &Path,
    store: &Store,
    jobs: &[Vec<Wanted<'_>>],
    progress: &Progress<'_>,
) -> Result<Vec<(Digest, Kept)>, Vec<Diagnostic>> {
    let (budget, refused) = (Budget::default(), AtomicBool::new(false));
    let done = AtomicUsize::new(0);
    progress(0, jobs.len());
    let outcomes: Vec<Result<Vec<(Digest, Kept)>, Failure>> = jobs
        .par_iter()
        .map(|job| {
            let mut kept = Vec::with_capacity(job.len());
            if refused.load(Ordering::Relaxed) {
                return Ok(kept);
            }
            let outcome = work_on(root, job, &budget, |at, bytes| {
                let key = job[at].0;
                let keep = store.keep(&key, &bytes);
                let keep = keep.map_err(|error| Box::new(problems::cannot_keep(&error)));
                kept.push((key, keep?));
                Ok(())
            });
            if matches!(outcome, Err(Failure::System(_))) {
                refused.store(true, Ordering::Relaxed);
            }
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, jobs.len());
            outcome.map(|()| kept)
        })
        .collect();
    let mut made = Vec::new();
    let mut failures = Vec::new();
    let mut first_refusal = None;
    for outcome in outcomes {
        match outcome {
            Ok(kept) => made.extend(kept),
            Err(Failure::Photo(diagnostic)) => failures.push(*diagnostic),
            Err(Failure::System(diagnostic)) => {
                first_refusal.get_or_insert(*diagnostic);
            }
        }
    }
    failures.extend(first_refusal);
    if failures.is_empty() {
        Ok(made)
    } else {
        Err(failures)
    }
}

/// Makes one image, which no store has.
///
/// # Errors
/// When the photo is not as it should be.
pub(super) fn make_one(
    root: &Path,
    file: &Arc<ImageFile>,
    budget: &Budget,
) -> Result<Vec<u8>, Failure> {
    let mut made = Vec::new();
    work_on(root, &[(file.key(), file)], budget, |_, bytes| {
        made = bytes;
        Ok(())
    })?;
    Ok(made)
}

/// The image from the store, if it is there as it was kept.
pub(super) fn from_store(store: &Store, file: &ImageFile) -> Option<Vec<u8>> {
    store.read(&file.key())
}

/// Makes the images of one photo; each is given to `take` with its number.
fn work_on(
    root: &Path,
    job: &[Wanted<'_>],
    budget: &Budget,
    mut take: impl FnMut(usize, Vec<u8>) -> Result<(), Box<Diagnostic>>,
) -> Result<(), Failure> {
    let Some((_, photo)) = job.first() else {
        return Ok(());
    };
    let flawed = |flaw: Flaw| Failure::Photo(Box::new(problems::unusable(photo, flaw)));
    let share = budget.take(memory(photo, false));
    let bytes = read(root, photo)?;
    let clean = strip::stripped(bytes, photo.format, photo.orientation).map_err(flawed)?;
    #[cfg(feature = "images")]
    let share = scale(job, &clean, (budget, share), &mut take)?;
    if let Some(whole) = job
        .iter()
        .position(|(_, file)| file.recipe == Recipe::Stripped)
    {
        take(whole, clean).map_err(Failure::System)?;
    }
    drop(share);
    Ok(())
}

/// Makes the other sizes of a photo that has been stripped.
#[cfg(feature = "images")]
fn scale<'b>(
    job: &[Wanted<'_>],
    clean: &[u8],
    (budget, mut share): (&'b Budget, budget::Share<'b>),
    take: &mut impl FnMut(usize, Vec<u8>) -> Result<(), Box<Diagnostic>>,
) -> Result<budget::Share<'b>, Failure> {
    let wanted = job.iter().enumerate();
    let wanted = wanted.filter_map(|(at, (_, file))| match file.recipe {
        Recipe::Scaled { size, encoding } => Some((at, (size, encoding))),
        Recipe::Stripped => None,
    });
    let (places, sizes): (Vec<usize>, Vec<_>) = wanted.unzip();
    let Some((_, photo)) = job.first().filter(|_| !sizes.is_empty()) else {
        return Ok(share);
    };
    let flawed = |flaw: Flaw| Failure::Photo(Box::new(problems::unusable(photo, flaw)));
    if photo.format == Format::Jpeg && strip::is_progressive(clean) {
        // The share is given back first: two that wait for more would wait for ever.
        drop(share);
        share = budget.take(memory(photo, true));
    }
    let decoded = pixels::Photo::decode(clean, photo).map_err(flawed)?;
    let made = decoded.sizes(&sizes, |at, bytes| take(places[at], bytes));
    made.map_err(flawed)?.map_err(Failure::System)?;
    Ok(share)
}

/// About how many bytes it takes to work on a photo: its file twice, its pixels, what decoding them
/// takes besides, and the largest of the other sizes.
fn memory(photo: &ImageFile, is_of_passes: bool) -> u64 {
    let pixels = u64::from(photo.shown.width) * u64::from(photo.shown.height);
    // Of a JPEG in passes the coefficients of all pixels are kept, two bytes for each colour; what may
    // be transparent is multiplied by its opacity before it is scaled.
    let decoded = pixels
        * match photo.format {
            Format::Jpeg if is_of_passes => 9,
            Format::Jpeg => 4,
            _ => 9,
        };
    let others = pixels.min(4_000_000) * 8;
    if photo.recipe == Recipe::Stripped && pixels == 0 {
        2 * photo.size
    } else {
        2 * photo.size + decoded + others
    }
}

/// The bytes of a photo, if they are what was read.
fn read(root: &Path, photo: &ImageFile) -> Result<Vec<u8>, Failure> {
    let changed = |error: Option<io::Error>| {
        Failure::Photo(Box::new(source_changed(&photo.source, error.as_ref())))
    };
    let path = real_path(root, &photo.source);
    let found = fs::symlink_metadata(&path).map_err(|error| changed(Some(error)))?;
    if !found.is_file() || found.len() != photo.size {
        return Err(changed(None));
    }
    let bytes = fs::read(&path).map_err(|error| changed(Some(error)))?;
    if Digest::of(&bytes) == photo.digest {
        Ok(bytes)
    } else {
        Err(changed(None))
    }
}
