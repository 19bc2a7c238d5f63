//! Every input of a build as one value.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::digest::Digest;
use super::picture::Looks;
use crate::diag::SourcePath;

/// Every input file of a site at one moment.
///
/// Text files (Markdown, YAML, templates, styles, scripts) carry their bytes; photos and other
/// attachments, which are only copied, carry what a build needs to know of them.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The files by path below the site's root: `site.yaml`, `content/**`, `templates/**`,
    /// `static/**` and `themes/**`.
    pub files: BTreeMap<SourcePath, InputFile>,
}

impl Snapshot {
    /// The files below `folder` (given without a trailing `/`), in path order.
    pub fn below<'a>(
        &'a self,
        folder: &str,
    ) -> impl Iterator<Item = (&'a SourcePath, &'a InputFile)> + use<'a> {
        let prefix = format!("{folder}/");
        let start = SourcePath::new(&prefix);
        self.files
            .range(start..)
            .take_while(move |(path, _)| path.as_str().starts_with(&prefix))
    }

    /// The content of the file at `path`, unless it is media or there is none.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.readable(path)?.bytes()
    }

    /// The file at `path`, unless it is media or there is none.
    pub fn readable(&self, path: &str) -> Option<&InputFile> {
        self.files
            .get(&SourcePath::new(path))
            .filter(|file| file.bytes().is_some())
    }
}

/// One input file.
#[derive(Debug, Clone)]
pub enum InputFile {
    /// A file whose content matters to the build, and which is UTF-8.
    Text(Arc<str>),
    /// A file whose content matters to the build, in another encoding or none.
    Bytes(Arc<[u8]>),
    /// A file that is copied as it is.
    Media(Media),
    /// A file that is there but could not be taken, which has been reported: what refers to it is
    /// not wrong.
    Unreadable,
}

impl InputFile {
    /// A file whose content matters to the build.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        match simdutf8::basic::from_utf8(&bytes) {
            Ok(text) => InputFile::Text(text.into()),
            Err(_) => InputFile::Bytes(bytes.into()),
        }
    }

    /// Whether both are files whose content matters and have the same content, or are both
    /// unreadable.
    pub fn is_same_text(&self, other: &InputFile) -> bool {
        match (self, other) {
            (InputFile::Text(one), InputFile::Text(other)) => {
                Arc::ptr_eq(one, other) || one == other
            }
            (InputFile::Bytes(one), InputFile::Bytes(other)) => {
                Arc::ptr_eq(one, other) || one == other
            }
            (InputFile::Unreadable, InputFile::Unreadable) => true,
            _ => false,
        }
    }

    /// Whether both look the same to who only asks what there is: media are equal, and a file whose
    /// content matters is still one.
    pub fn is_alike(&self, other: &InputFile) -> bool {
        match (self, other) {
            (InputFile::Media(one), InputFile::Media(other)) => one == other,
            (InputFile::Unreadable, InputFile::Unreadable) => true,
            (one, other) => one.bytes().is_some() && other.bytes().is_some(),
        }
    }

    /// The content, unless the file is media or unreadable.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            InputFile::Text(text) => Some(text.as_bytes()),
            InputFile::Bytes(bytes) => Some(bytes),
            InputFile::Media(_) | InputFile::Unreadable => None,
        }
    }
}

/// What a build knows of a file that it only copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// Size in bytes.
    pub size: u64,
    /// Digest of the content.
    pub digest: Digest,
    /// Width and height in pixels as shown (EXIF orientation applied), for images whose header
    /// could be read.
    pub dimensions: Option<Dimensions>,
    /// The EXIF orientation, 1 to 8, for images that carry one.
    pub orientation: Option<u8>,
    /// What its content looks like, for files that call themselves images and are.
    pub looks: Option<Looks>,
}

/// Width and height of an image in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Dimensions {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}
