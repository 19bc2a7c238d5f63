//! What a build knows of a file that it only copies.
//!
//! Invariants: memory does not grow with the file; a broken image has no dimensions and is no
//! error.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

use exif::{In, Tag};

use super::looks::looks;
use crate::model::digest::Digest;
use crate::model::picture::{Format, Looks};
use crate::model::snapshot::{Dimensions, Media};

const BUFFER: usize = 64 * 1024;

/// Endings of the files that are looked into.
const IMAGES: [&str; 12] = [
    "apng", "avif", "bmp", "gif", "heic", "heif", "hif", "jfif", "jpeg", "jpg", "png", "webp",
];

/// Size, digest and, for images, what the header tells of the file at `path`.
///
/// `extension` is the file's, in lower case; only files that call themselves images are looked
/// into, whatever their real format then is.
pub(super) fn inspect(path: &Path, extension: &str) -> io::Result<Media> {
    let mut reader = BufReader::with_capacity(BUFFER, File::open(path)?);
    let mut head = Head::default();
    if IMAGES.contains(&extension) {
        head = look(&mut reader);
        reader.rewind()?;
    }
    let (size, digest) = digest_of(&mut reader)?;
    Ok(Media {
        size,
        digest,
        dimensions: head.dimensions,
        orientation: head.orientation,
        looks: head.looks,
    })
}

/// Size and digest of everything that `reader` still has.
pub(in crate::shell) fn digest_of(reader: &mut impl BufRead) -> io::Result<(u64, Digest)> {
    let mut hasher = blake3::Hasher::new();
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        hasher.update(chunk);
        let taken = chunk.len();
        reader.consume(taken);
    }
    let digest = Digest::from_bytes(*hasher.finalize().as_bytes());
    Ok((hasher.count(), digest))
}

/// What the beginning of an image tells.
#[derive(Debug, Default, PartialEq)]
struct Head {
    looks: Option<Looks>,
    dimensions: Option<Dimensions>,
    orientation: Option<u8>,
}

fn look<R: BufRead + Seek>(reader: &mut R) -> Head {
    let Some(looks) = looks(reader) else {
        return Head::default();
    };
    let size = reader.rewind().ok();
    let size = size.and_then(|()| imagesize::reader_size(&mut *reader).ok());
    // HEIF carries its rotation in the container.
    let oriented = matches!(looks.format, Format::Jpeg | Format::Png | Format::Webp);
    let orientation = if oriented && reader.rewind().is_ok() {
        orientation(reader)
    } else {
        None
    };
    let turned = orientation.is_some_and(|value| value >= 5);
    let dimensions = size.and_then(|size| {
        let width = u32::try_from(size.width).ok()?;
        let height = u32::try_from(size.height).ok()?;
        let (width, height) = if turned {
            (height, width)
        } else {
            (width, height)
        };
        (width > 0 && height > 0).then_some(Dimensions { width, height })
    });
    Head {
        looks: Some(looks),
        dimensions,
        orientation,
    }
}

fn orientation<R: BufRead + Seek>(reader: &mut R) -> Option<u8> {
    let exif = exif::Reader::new()
        .continue_on_error(true)
        .read_from_container(reader)
        .or_else(|error| error.distill_partial_result(|_| {}))
        .ok()?;
    let value = exif
        .get_field(Tag::Orientation, In::PRIMARY)?
        .value
        .get_uint(0)?;
    u8::try_from(value)
        .ok()
        .filter(|value| (1..=8).contains(value))
}

/// Reads at most `limit` bytes of the file at `path`; `None` when it has more.
pub(super) fn read_up_to(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    // No question for the size first: on a folder of many small files each call counts.
    let mut bytes = Vec::with_capacity(16 * 1024);
    let mut file = File::open(path)?.take(limit.saturating_add(1));
    file.read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn a_stream_has_the_digest_of_its_bytes() {
        let bytes = vec![7; 200_000];
        let (size, digest) = digest_of(&mut Cursor::new(&bytes)).unwrap();
        assert_eq!((size, digest), (200_000, Digest::of(&bytes)));
    }
}
