//! Puts files into a folder where nothing is: the storage engine looks first and writes then, and another run can
//! come between.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::BuildHasher;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

/// A folder in the place of a bucket.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    /// Where its files are.
    pub(super) root: PathBuf,
    /// Where they are written before they are put in place, on the same file system.
    pub(super) scratch: PathBuf,
}

impl Folder {
    /// Puts a file at `key`, whole, if nothing is there; whether nothing was.
    ///
    /// # Errors
    /// What the system refuses.
    pub(super) fn put_new(&self, key: &str, bytes: &[u8]) -> io::Result<bool> {
        fs::create_dir_all(&self.scratch)?;
        // The standard library's hash maps are seeded by the system's random numbers, each differently.
        let name = format!("{:016x}", RandomState::new().hash_one(key));
        let staged = self.scratch.join(name);
        let done = self.put(&staged, key, bytes);
        // After a rename there is nothing to remove.
        fs::remove_file(&staged).ok();
        done
    }

    fn put(&self, staged: &PathBuf, key: &str, bytes: &[u8]) -> io::Result<bool> {
        let mut file = File::create_new(staged)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        let place = self.root.join(key);
        if let Some(above) = place.parent() {
            fs::create_dir_all(above)?;
        }
        match fs::hard_link(staged, &place) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            // Not every file system has links; then it is done as well as it can be.
            Err(_) if place.symlink_metadata().is_ok() => Ok(false),
            Err(_) => fs::rename(staged, &place).map(|()| true),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    #[test]
    fn of_many_at_once_one_puts_its_file_whole() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder {
            root: place.path().join("a/b"),
            scratch: place.path().join("tmp"),
        };
        for round in 0..50 {
            let barrier = Barrier::new(8);
            let key = format!("{round}/lock.json");
            let content = |writer: u8| vec![writer; 10_000];
            let won: Vec<u8> = thread::scope(|scope| {
                let write = |writer| {
                    let (barrier, folder, key) = (&barrier, &folder, &key);
                    scope.spawn(move || {
                        barrier.wait();
                        folder.put_new(key, &content(writer)).unwrap()
                    })
                };
                let writers: Vec<_> = (0..8).map(|writer| (writer, write(writer))).collect();
                let writers = writers.into_iter();
                let writers =
                    writers.filter_map(|(writer, ran)| ran.join().unwrap().then_some(writer));
                writers.collect()
            });
            assert_eq!(won.len(), 1, "{won:?}");
            assert_eq!(fs::read(folder.root.join(&key)).unwrap(), content(won[0]));
        }
        assert_eq!(fs::read_dir(&folder.scratch).unwrap().count(), 0);
    }
}
