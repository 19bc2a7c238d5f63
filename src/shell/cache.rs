//! Where a build's cache lies: in the tool's folder inside the output folder, which is never
//! published.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::write::STATE_FOLDER;

/// Largest cache that is read, in bytes; a site of a million pages has one of a fifth of that.
const LARGEST: u64 = 4 * 1024 * 1024 * 1024;

fn place(out: &Path) -> PathBuf {
    out.join(STATE_FOLDER).join("cache")
}

/// The cache beside the site in the folder `out`; `None` where there is none that can be read.
pub fn load(out: &Path) -> Option<Vec<u8>> {
    let place = place(out);
    let found = fs::symlink_metadata(&place).ok()?;
    if !found.is_file() || found.len() > LARGEST {
        return None;
    }
    fs::read(place).ok()
}

/// Keeps the pieces of `cache`, one after the other, beside the site in the folder `out`, or none.
///
/// Two builds at once each leave a whole cache; the last one stays.
///
/// # Errors
/// What the system refuses; an older cache may then still be there.
pub fn save(out: &Path, cache: Option<&[impl AsRef<[u8]>]>) -> io::Result<()> {
    let place = place(out);
    let Some(cache) = cache else {
        return match fs::remove_file(place) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    };
    let part = place.with_extension(format!("{}.part", std::process::id()));
    let write = || {
        let mut file = File::create(&part)?;
        cache
            .iter()
            .try_for_each(|piece| file.write_all(piece.as_ref()))
    };
    let written = write().and_then(|()| fs::rename(&part, &place));
    if written.is_err() {
        fs::remove_file(&part).ok();
    }
    written
}
