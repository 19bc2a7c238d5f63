//! Reads one file.
//!
//! Input: a place on disk and what was known of it. Output: what is known now.
//!
//! Invariant: whoever compares two readings by pointer sees a change exactly where bytes differ.

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use super::stamp::Stamp;
use super::{LARGEST_TEXT, media, problems};
use crate::diag::{Diagnostic, Problem, SourcePath, Span};
use crate::model::snapshot::InputFile;

/// Where a file or folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Its path as the site knows it: NFC, with `/`.
    pub(super) path: SourcePath,
    /// Its path as the system knows it.
    pub(super) real: PathBuf,
}

/// A file and what it held when it was last read.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) place: Place,
    pub(super) file: InputFile,
    /// Why it could not be taken.
    pub(super) problem: Option<Box<Diagnostic>>,
    /// What tells that the file is still the same, if anything does.
    stamp: Option<Stamp>,
}

/// How closely a file is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Not at all, when it is known.
    Trust,
    /// It is read unless its stamp says that it is the same.
    Check,
    /// It is read.
    Read,
}

/// When, and with what effort, files are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// A moment before the first file is read.
    pub(super) began: SystemTime,
    /// Whether to note what [`Look::Check`] needs.
    pub(super) with_stamps: bool,
}

impl Reading {
    /// What is at `place` now; `None` when nothing is there any more.
    pub(super) fn look(self, place: Place, old: Option<Known>, look: Look) -> Option<Known> {
        match old {
            Some(old) if look == Look::Trust => Some(old),
            Some(old) if look == Look::Check && old.is_same() => Some(old),
            old => self.read(place, old),
        }
    }

    fn read(self, place: Place, old: Option<Known>) -> Option<Known> {
        let mut outcome = self.attempt(&place);
        if outcome.is_err() {
            // Programs that save replace a file, which for a moment may not be there.
            std::fs::symlink_metadata(&place.real).ok()?;
            outcome = self.attempt(&place);
        }
        let (file, problem, stamp) = match outcome {
            Ok((Ok(file), stamp)) => (file, None, stamp),
            Ok((Err(problem), stamp)) => (InputFile::Unreadable, Some(problem), stamp),
            Err(error) => {
                let problem = problems::unreadable(&place.path, &error);
                (InputFile::Unreadable, Some(problem), None)
            }
        };
        let file = match old {
            Some(old) if is_equal(&old.file, &file) => old.file,
            _ => file,
        };
        let problem = problem.map(|problem| Box::new(problem.at(Span::file(place.path.clone()))));
        Some(Known {
            place,
            file,
            problem,
            stamp,
        })
    }

    fn attempt(self, place: &Place) -> io::Result<(Result<InputFile, Problem>, Option<Stamp>)> {
        let stamp = if self.with_stamps {
            // Before it is read: a write meanwhile then shows at the next look.
            let stamp = Stamp::of(&std::fs::symlink_metadata(&place.real)?);
            stamp.is_settled(self.began).then_some(stamp)
        } else {
            None
        };
        let file = match use_of(&place.path) {
            Use::Copied => InputFile::Media(media::inspect(&place.real, &place.path.extension())?),
            Use::LookedInto { limit } => match media::read_up_to(&place.real, limit)? {
                Some(bytes) => InputFile::of_bytes(bytes),
                None => return Ok((Err(problems::too_large(&place.path)), stamp)),
            },
        };
        Ok((Ok(file), stamp))
    }
}

impl Known {
    fn is_same(&self) -> bool {
        let found = std::fs::symlink_metadata(&self.place.real);
        self.stamp.is_some() && self.stamp == found.ok().map(|found| Stamp::of(&found))
    }
}

/// Whether two readings are one, which pointers tell.
pub(super) fn is_identical(one: &InputFile, other: &InputFile) -> bool {
    match (one, other) {
        (InputFile::Text(one), InputFile::Text(other)) => std::sync::Arc::ptr_eq(one, other),
        (InputFile::Bytes(one), InputFile::Bytes(other)) => std::sync::Arc::ptr_eq(one, other),
        (InputFile::Media(one), InputFile::Media(other)) => one == other,
        (InputFile::Unreadable, InputFile::Unreadable) => true,
        _ => false,
    }
}

fn is_equal(one: &InputFile, other: &InputFile) -> bool {
    match (one, other) {
        (InputFile::Text(one), InputFile::Text(other)) => one == other,
        (InputFile::Bytes(one), InputFile::Bytes(other)) => one == other,
        _ => is_identical(one, other),
    }
}

/// What a build does with a file.
#[derive(Debug, PartialEq, Eq)]
enum Use {
    LookedInto { limit: u64 },
    Copied,
}

fn use_of(path: &SourcePath) -> Use {
    let segments: Vec<&str> = path.as_str().split('/').collect();
    let text = Use::LookedInto {
        limit: LARGEST_TEXT,
    };
    match segments.as_slice() {
        ["themes", _, "assets", ..] => Use::LookedInto { limit: u64::MAX },
        ["site.yaml"]
        | ["templates", ..]
        | ["themes", _, "theme.yaml"]
        | ["themes", _, "templates" | "i18n", ..] => text,
        ["content", ..] if ["md", "yaml", "yml"].contains(&path.extension().as_str()) => text,
        _ => Use::Copied,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_build_looks_into_is_kept_in_memory() {
        let looked_into = |path: &str| use_of(&SourcePath::new(path)) != Use::Copied;
        for path in [
            "site.yaml",
            "content/a.md",
            "content/a/b.YAML",
            "content/rota/2021.yml",
            "templates/x.html",
            "themes/harbor/theme.yaml",
            "themes/harbor/assets/a.woff2",
            "themes/harbor/templates/a/b.html",
            "themes/harbor/i18n/zh.yaml",
        ] {
            assert!(looked_into(path), "{path}");
        }
        for path in [
            "content/a.jpg",
            "content/a.html",
            "static/a.md",
            "static/a.css",
            "themes/harbor/static/a.css",
            "themes/harbor/README.md",
        ] {
            assert!(!looked_into(path), "{path}");
        }
    }
}
