//! Where finished images are kept between builds: in the tool's folder inside the output folder.
//!
//! An entry is a file called by its key: 32 bytes digest of the content, 32 bytes digest of key, content
//! digest and size, then the content. So what an image is can be told without reading it, and a
//! damaged entry is never taken for a whole one.
//!
//! Invariants: nothing outside the folder is touched; an entry appears whole or not at all.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::model::digest::Digest;
use crate::shell::write::STATE_FOLDER;

/// Length of what precedes the content.
pub(in crate::shell) const HEAD: u64 = 64;

/// The folder of finished images beside an output folder's site.
#[derive(Debug, Clone)]
pub(in crate::shell) struct Store {
    folder: PathBuf,
}

/// A finished image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::shell) struct Kept {
    /// The digest of its content.
    pub(in crate::shell) digest: Digest,
    /// Its size in bytes.
    pub(in crate::shell) size: u64,
}

impl Store {
    /// The one in the output folder `out`, which need not exist.
    pub(in crate::shell) fn beside(out: &Path) -> Self {
        Store {
            folder: out.join(STATE_FOLDER).join("images"),
        }
    }

    /// The file of an entry, whose content begins at [`HEAD`].
    pub(in crate::shell) fn place(&self, key: &Digest) -> PathBuf {
        self.folder.join(key.to_string())
    }

    /// What the image under `key` is, by its head; `None` where there is none that can be used.
    pub(super) fn look(&self, key: &Digest) -> Option<Kept> {
        let place = self.place(key);
        let found = fs::symlink_metadata(&place).ok()?;
        if !found.is_file() {
            return None;
        }
        let mut head = [0; HEAD as usize];
        File::open(place).ok()?.read_exact(&mut head).ok()?;
        let (digest, seal) = head.split_at(32);
        let kept = Kept {
            digest: Digest::from_bytes(digest.try_into().ok()?),
            size: found.len().checked_sub(HEAD)?,
        };
        (seal == sealed(key, &kept).as_bytes()).then_some(kept)
    }

    /// The image under `key`, if it is as it was kept.
    pub(super) fn read(&self, key: &Digest) -> Option<Vec<u8>> {
        let kept = self.look(key)?;
        let mut file = fs::read(self.place(key)).ok()?;
        let content = file.split_off(usize::try_from(HEAD).ok()?.min(file.len()));
        (Digest::of(&content) == kept.digest).then_some(content)
    }

    /// Keeps an image.
    ///
    /// # Errors
    /// What the system refuses.
    pub(super) fn keep(&self, key: &Digest, content: &[u8]) -> io::Result<Kept> {
        let kept = Kept {
            digest: Digest::of(content),
            size: content.len() as u64,
        };
        let place = self.place(key);
        let part = place.with_extension("part");
        let write = || {
            let mut file = File::create(&part)?;
            file.write_all(kept.digest.as_bytes())?;
            file.write_all(sealed(key, &kept).as_bytes())?;
            file.write_all(content)
        };
        let written = write().and_then(|()| fs::rename(&part, &place));
        if written.is_err() {
            fs::remove_file(&part).ok();
        }
        written.map(|()| kept)
    }

    /// Makes the folder.
    ///
    /// # Errors
    /// What the system refuses, or that something else has its name.
    pub(super) fn make(&self) -> io::Result<()> {
        match fs::create_dir(&self.folder) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        if fs::symlink_metadata(&self.folder)?.is_dir() {
            Ok(())
        } else {
            Err(ErrorKind::NotADirectory.into())
        }
    }

    /// Removes every entry that is not `used`. What cannot be removed stays until the next build.
    pub(super) fn retain(&self, used: &HashSet<Digest>) {
        let is_folder = fs::symlink_metadata(&self.folder).is_ok_and(|found| found.is_dir());
        let Some(entries) = fs::read_dir(&self.folder).ok().filter(|_| is_folder) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_str().unwrap_or_default();
            let key = name.strip_suffix(".part").unwrap_or(name);
            // Whatever else lies there is not ours.
            let Some(key) = Digest::from_hex(key) else {
                continue;
            };
            if name.ends_with(".part") || !used.contains(&key) {
                fs::remove_file(entry.path()).ok();
            }
        }
        if used.is_empty() {
            fs::remove_dir(&self.folder).ok();
        }
    }
}

fn sealed(key: &Digest, kept: &Kept) -> Digest {
    let size = kept.size.to_le_bytes();
    Digest::of_pieces(&[key.as_bytes(), kept.digest.as_bytes(), &size])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_entry_is_none() {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir_all(scratch.path().join(STATE_FOLDER)).unwrap();
        let store = Store::beside(scratch.path());
        store.make().unwrap();
        let (key, other) = (Digest::of(b"key"), Digest::of(b"other"));
        let kept = store.keep(&key, b"content").unwrap();
        assert_eq!(store.look(&key), Some(kept));
        assert_eq!(store.read(&key).as_deref(), Some(&b"content"[..]));
        fs::copy(store.place(&key), store.place(&other)).unwrap();
        assert_eq!(store.look(&other), None);
        let whole = fs::read(store.place(&key)).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(store.place(&key), damaged).unwrap();
            assert_eq!(store.read(&key), None, "{at}");
            fs::write(store.place(&key), &whole[..at]).unwrap();
            assert_eq!(store.look(&key), None, "{at}");
        }
        fs::write(store.place(&key), &whole).unwrap();
        fs::write(store.folder.join("mine.txt"), "").unwrap();
        store.retain(&HashSet::from([key]));
        assert!(store.look(&key).is_some() && !store.place(&other).exists());
        store.retain(&HashSet::new());
        assert!(store.folder.join("mine.txt").exists() && !store.place(&key).exists());
    }
}
