//! The ordered map from output path to content that a build yields.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::diag::SourcePath;
use crate::model::digest::Digest;
use crate::model::html::Html;
use crate::model::picture::ImageFile;

/// A path below the output folder, with `/` between its segments, such as
/// `reports/2021/qingjie-ri/index.html`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutPath(Arc<str>);

impl OutPath {
    /// Takes a relative path that uses `/` and has no empty, `.` or `..` segment.
    pub fn new(path: impl Into<Arc<str>>) -> Self {
        OutPath(path.into())
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OutPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The content of one output file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutFile {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// A rendered page.
    Page(Arc<PageFile>),
    /// What an earlier build wrote, of which only this is known.
    Kept {
        /// The digest of the content.
        digest: Digest,
        /// The size in bytes.
        size: u64,
    },
    /// A copy of an input file.
    Copy {
        /// The input file.
        source: SourcePath,
        /// Its size in bytes when it was read.
        size: u64,
        /// Its digest when it was read.
        digest: Digest,
    },
    /// What is made of a photo.
    Image(Arc<ImageFile>),
}

impl OutFile {
    /// The content, unless it is that of an input file, made of one, or kept.
    pub fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        match self {
            OutFile::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
            OutFile::Page(page) => Some(page.html.bytes()),
            OutFile::Kept { .. } | OutFile::Copy { .. } | OutFile::Image(_) => None,
        }
    }
}

/// A rendered page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFile {
    /// The page.
    pub html: Html,
    /// The file of the entry that it shows; none for lists and the home page.
    pub source: Option<SourcePath>,
}

/// Every file of the finished site.
pub type OutputTree = BTreeMap<OutPath, OutFile>;
