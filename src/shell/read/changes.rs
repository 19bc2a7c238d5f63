//! What may have changed on disk since it was last looked at.
//!
//! Invariant: no I/O; to name too much costs time, never a wrong result.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// With more paths than this it is cheaper to look at everything.
const MOST_PATHS: usize = 20_000;

/// Paths that may have changed, or everything.
///
/// A path is absolute or below the root, names a file or a folder, and need not exist. Of each the
/// folder it lies in is listed anew and it is itself looked at again, a folder with all that is
/// below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    paths: BTreeSet<PathBuf>,
    is_everything: bool,
}

impl Changes {
    /// No change.
    pub fn none() -> Self {
        Changes::default()
    }

    /// Anything may have changed.
    pub fn everything() -> Self {
        Changes {
            paths: BTreeSet::new(),
            is_everything: true,
        }
    }

    /// Adds that `path` may have changed.
    pub fn add(&mut self, path: impl Into<PathBuf>) {
        if self.is_everything {
            return;
        }
        self.paths.insert(path.into());
        if self.paths.len() > MOST_PATHS {
            *self = Changes::everything();
        }
    }

    /// Adds what another value names.
    pub fn merge(&mut self, other: Changes) {
        if other.is_everything {
            *self = other;
        } else {
            for path in other.paths {
                self.add(path);
            }
        }
    }

    /// Whether anything may have changed at all.
    pub fn is_empty(&self) -> bool {
        !self.is_everything && self.paths.is_empty()
    }

    /// Whether everything is to be looked at.
    pub fn is_everything(&self) -> bool {
        self.is_everything
    }

    /// The paths, in order; none when it is everything.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.paths.iter().map(PathBuf::as_path)
    }
}

impl<P: Into<PathBuf>> FromIterator<P> for Changes {
    fn from_iter<I: IntoIterator<Item = P>>(paths: I) -> Self {
        let mut changes = Changes::none();
        for path in paths {
            changes.add(path);
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_swallows_every_path() {
        let mut changes = Changes::from_iter(["content/a.md"]);
        changes.merge(Changes::from_iter(["content/b.md", "content/a.md"]));
        assert_eq!(changes.paths().count(), 2);
        changes.merge(Changes::everything());
        changes.add("site.yaml");
        assert_eq!(changes, Changes::everything());
        assert!(!changes.is_empty() && Changes::none().is_empty());
    }

    #[test]
    fn too_many_paths_are_everything() {
        let changes: Changes = (0..=MOST_PATHS).map(|number| number.to_string()).collect();
        assert!(changes.is_everything());
    }
}
