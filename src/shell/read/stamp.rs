//! Telling from what the system notes of a file that it is still the same.
//!
//! Invariant: two stamps are equal only if nothing replaced the file and nothing wrote to it, except
//! within the time that the clock of a file system does not resolve; see [`Stamp::is_settled`].

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// The coarsest clock of a file system in use (FAT), with some room.
pub(in crate::shell) const COARSEST_CLOCK: Duration = Duration::from_millis(2_500);

/// Size, times and, where there is one, the number of a file or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::shell) struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    identity: Identity,
}

#[cfg(unix)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    mode: u32,
    changed: (i64, i64),
    /// Numbers are given again to what comes after.
    created: Option<SystemTime>,
}

#[cfg(not(unix))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    created: Option<SystemTime>,
    is_folder: bool,
    is_readonly: bool,
}

impl Identity {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Identity {
            device: metadata.dev(),
            inode: metadata.ino(),
            mode: metadata.mode(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            created: metadata.created().ok(),
        }
    }

    #[cfg(not(unix))]
    fn of(metadata: &Metadata) -> Self {
        Identity {
            created: metadata.created().ok(),
            is_folder: metadata.is_dir(),
            is_readonly: metadata.permissions().readonly(),
        }
    }

    #[cfg(unix)]
    fn changed(&self) -> Option<SystemTime> {
        let seconds = u64::try_from(self.changed.0).ok()?;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    }

    #[cfg(not(unix))]
    fn changed(&self) -> Option<SystemTime> {
        self.created
    }
}

impl Stamp {
    /// The stamp of a file.
    pub(in crate::shell) fn of(metadata: &Metadata) -> Self {
        Stamp {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            identity: Identity::of(metadata),
        }
    }

    /// The stamp of a folder, which stays the same when something in it comes or goes.
    pub(in crate::shell) fn of_folder(metadata: &Metadata) -> Self {
        #[cfg_attr(
            not(unix),
            allow(unused_mut, reason = "nothing to leave out elsewhere")
        )]
        let mut identity = Identity::of(metadata);
        #[cfg(unix)]
        {
            identity.changed = (0, 0);
        }
        Stamp {
            size: 0,
            modified: None,
            identity,
        }
    }

    /// Whether the last change lay so long before `read_at` that a later one would show.
    ///
    /// Otherwise a write that followed the reading may have left the same times behind.
    pub(in crate::shell) fn is_settled(&self, read_at: SystemTime) -> bool {
        let is_old = |time: SystemTime| {
            time.checked_add(COARSEST_CLOCK)
                .is_some_and(|safe| safe <= read_at)
        };
        self.modified.is_some_and(is_old) && self.identity.changed().is_none_or(is_old)
    }
}
