//! Removes from an image everything that is not the image: where, when, by whom and with what it was
//! taken.
//!
//! Input: the bytes of a file and its EXIF orientation. Output: the same picture, its pixels
//! untouched. Only what is known to be needed is kept, not what is known to be harmful removed:
//! pixels, colour profile, frames, and, for a picture that lies on its side, the one EXIF tag that
//! says so. What follows the end of the picture, such as the film of a "live" photo, goes too.
//!
//! Invariants: no I/O; a file that cannot be understood to its end is refused, so that nothing is
//! published of which it is not known what it holds.

use img_parts::Bytes;
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use memchr::{memchr, memmem};

use super::gif;
use crate::model::picture::Format;

/// Why a file cannot be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It ends before the picture does.
    Truncated,
    /// It is not what its beginning says.
    Damaged,
    /// It has metadata that cannot be removed.
    Indelible,
    /// It needs more memory than it may have.
    #[cfg(feature = "images")]
    TooLarge,
}

/// The picture without metadata.
///
/// # Errors
/// When the file is damaged, or its metadata cannot be removed.
pub(super) fn stripped(bytes: Vec<u8>, format: Format, orientation: u8) -> Result<Vec<u8>, Flaw> {
    match format {
        Format::Jpeg => jpeg(&bytes, orientation),
        Format::Png => png(bytes, orientation),
        Format::Webp => webp(bytes, orientation),
        Format::Gif => gif::stripped(&bytes),
        Format::Avif if has_metadata(&bytes) => Err(Flaw::Indelible),
        Format::Heif => Err(Flaw::Indelible),
        // BMP has no metadata.
        Format::Avif | Format::Bmp => Ok(bytes),
    }
}

/// What an ISO media file calls the items that hold EXIF and XMP.
fn has_metadata(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 3] = [b"Exif", b"application/rdf+xml", b"http://ns.adobe.com/xap"];
    marks.iter().any(|mark| memmem::find(bytes, mark).is_some())
}

/// A segment of a JPEG file (ITU-T T.81, annex B).
struct Segment<'a> {
    marker: u8,
    /// What it holds, without its length.
    content: &'a [u8],
    /// The compressed pixels that follow a start of scan.
    pixels: &'a [u8],
}

/// The segments of a JPEG file up to its end.
///
/// # Errors
/// When there is no end.
fn segments(bytes: &[u8]) -> Result<Vec<Segment<'_>>, Flaw> {
    let mut segments = Vec::new();
    let mut at = 2;
    loop {
        at += memchr(0xFF, bytes.get(at..).ok_or(Flaw::Truncated)?).ok_or(Flaw::Truncated)?;
        let marker = loop {
            at += 1;
            match bytes.get(at).ok_or(Flaw::Truncated)? {
                0xFF => {}
                marker => break *marker,
            }
        };
        at += 1;
        match marker {
            0xD9 => return Ok(segments),
            0x00 | 0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let length = bytes.get(at..at + 2).ok_or(Flaw::Truncated)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let content = bytes.get(at + 2..at + length.max(2));
        let content = content.ok_or(Flaw::Truncated)?;
        at += length.max(2);
        let end = if marker == 0xDA {
            end_of_pixels(bytes, at)?
        } else {
            at
        };
        segments.push(Segment {
            marker,
            content,
            pixels: &bytes[at..end],
        });
        at = end;
    }
}

/// Where the first marker after the compressed pixels at `at` stands.
fn end_of_pixels(bytes: &[u8], mut at: usize) -> Result<usize, Flaw> {
    loop {
        at += memchr(0xFF, bytes.get(at..).ok_or(Flaw::Truncated)?).ok_or(Flaw::Truncated)?;
        match bytes.get(at + 1).ok_or(Flaw::Truncated)? {
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Ok(at),
        }
    }
}

/// Whether a JPEG file is stored in passes over the whole picture, for which a decoder needs three
/// times as much memory.
#[cfg(feature = "images")]
pub(super) fn is_progressive(bytes: &[u8]) -> bool {
    let is_of_passes = |segment: &Segment<'_>| matches!(segment.marker, 0xC2 | 0xC6 | 0xCA | 0xCE);
    segments(bytes).is_ok_and(|segments| segments.iter().any(is_of_passes))
}

fn jpeg(bytes: &[u8], orientation: u8) -> Result<Vec<u8>, Flaw> {
    let segments = segments(bytes)?;
    if !segments.iter().any(|segment| segment.marker == 0xDA) {
        return Err(Flaw::Damaged);
    }
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(b"\xff\xd8");
    let mut is_turned = orientation == 1;
    for segment in segments {
        if segment.marker != 0xE0 && !is_turned {
            is_turned = true;
            let exif = [b"Exif\0\0", &exif(orientation)[..]].concat();
            push_segment(&mut out, 0xE1, &exif);
        }
        if let Some(content) = kept(&segment) {
            push_segment(&mut out, segment.marker, content);
            out.extend_from_slice(segment.pixels);
        }
    }
    out.extend_from_slice(b"\xff\xd9");
    Ok(out)
}

fn push_segment(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    out.extend_from_slice(&[0xFF, marker]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(content);
}

/// What of a segment is needed to show the picture.
fn kept<'a>(segment: &Segment<'a>) -> Option<&'a [u8]> {
    /// JFIF 1.02 without its thumbnail.
    const JFIF: usize = 12;
    let content = segment.content;
    let is_needed = match segment.marker {
        0xC0..=0xCF | 0xDA..=0xDF => true,
        // A header with a thumbnail would need another length; without it nothing is lost.
        0xE0 => content.starts_with(b"JFIF\0") && content.get(JFIF..) == Some(&[0, 0]),
        0xE2 => content.starts_with(b"ICC_PROFILE\0"),
        0xEE => content.starts_with(b"Adobe"),
        _ => false,
    };
    is_needed.then_some(content)
}

/// An EXIF block that holds an orientation and nothing else (Exif 3.0, section 4.5).
fn exif(orientation: u8) -> [u8; 26] {
    let mut block = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    block[19] = orientation;
    block
}

fn png(bytes: Vec<u8>, orientation: u8) -> Result<Vec<u8>, Flaw> {
    let mut png = Png::from_bytes(Bytes::from(bytes)).map_err(flaw)?;
    if png.chunks().last().map(PngChunk::kind) != Some(*b"IEND") {
        return Err(Flaw::Truncated);
    }
    let chunks = png.chunks_mut();
    chunks.retain(|chunk| is_kept_png(chunk.kind()));
    if orientation != 1 {
        let exif = Bytes::copy_from_slice(&exif(orientation));
        chunks.insert(1.min(chunks.len()), PngChunk::new(*b"eXIf", exif));
    }
    Ok(png.encoder().bytes().to_vec())
}

/// Pixels, palette, colours, frames (PNG, third edition, section 11).
fn is_kept_png(kind: [u8; 4]) -> bool {
    [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
        b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
    ]
    .contains(&&kind)
}

/// The flags that a WebP file has EXIF and XMP (RFC 9649, section 2.7).
const EXIF_FLAG: u8 = 0x08;
const XMP_FLAG: u8 = 0x04;

fn webp(bytes: Vec<u8>, orientation: u8) -> Result<Vec<u8>, Flaw> {
    let mut webp = WebP::from_bytes(Bytes::from(bytes)).map_err(flaw)?;
    let is_extended = webp.has_chunk(*b"VP8X");
    let is_turned = orientation != 1 && is_extended;
    let chunks = webp.chunks_mut();
    let kinds = [
        b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L",
    ];
    chunks.retain(|chunk| kinds.contains(&&chunk.id()));
    for chunk in chunks.iter_mut().filter(|chunk| chunk.id() == *b"VP8X") {
        let mut content = chunk
            .content()
            .data()
            .map_or_else(Vec::new, |data| data.to_vec());
        let flags = content.first_mut().ok_or(Flaw::Damaged)?;
        *flags &= !(EXIF_FLAG | XMP_FLAG);
        *flags |= if is_turned { EXIF_FLAG } else { 0 };
        *chunk = RiffChunk::new(*b"VP8X", RiffContent::Data(content.into()));
    }
    if is_turned {
        let exif = Bytes::copy_from_slice(&exif(orientation));
        chunks.push(RiffChunk::new(*b"EXIF", RiffContent::Data(exif)));
    }
    Ok(webp.encoder().bytes().to_vec())
}

fn flaw(error: img_parts::Error) -> Flaw {
    match error {
        img_parts::Error::Truncated => Flaw::Truncated,
        _ => Flaw::Damaged,
    }
}

/// A WebP file that has been given a colour profile.
#[cfg(feature = "images")]
pub(super) fn with_profile(webp: Vec<u8>, profile: &[u8]) -> Vec<u8> {
    use img_parts::ImageICC;
    let Ok(mut parts) = WebP::from_bytes(Bytes::copy_from_slice(&webp)) else {
        return webp;
    };
    parts.set_icc_profile(Some(Bytes::copy_from_slice(profile)));
    parts.encoder().bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        push_segment(&mut out, marker, content);
        out
    }

    fn a_jpeg() -> Vec<u8> {
        [
            b"\xff\xd8".to_vec(),
            segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            segment(0xE1, b"Exif\0\0GPS"),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"),
            segment(0xE2, b"ICC_PROFILE\0\x01\x01p"),
            segment(0xE2, b"MPF\0other pictures"),
            segment(0xED, b"Photoshop 3.0\0place"),
            segment(0xEE, b"Adobe\0d"),
            segment(0xFE, b"comment"),
            segment(0xC0, b"frame"),
            segment(0xDA, b"scan"),
            b"pixels\xff\x00\xff\xd0more".to_vec(),
            segment(0xFE, b"between scans"),
            segment(0xDA, b"scan"),
            b"last\xff\xff\xd9ftypmp4 film with a place".to_vec(),
        ]
        .concat()
    }

    #[test]
    fn of_a_jpeg_only_the_picture_and_its_colours_stay() {
        let expected = [
            b"\xff\xd8".to_vec(),
            segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            segment(0xE2, b"ICC_PROFILE\0\x01\x01p"),
            segment(0xEE, b"Adobe\0d"),
            segment(0xC0, b"frame"),
            segment(0xDA, b"scan"),
            b"pixels\xff\x00\xff\xd0more".to_vec(),
            segment(0xDA, b"scan"),
            b"last\xff\xff\xd9".to_vec(),
        ]
        .concat();
        let stripped = jpeg(&a_jpeg(), 1).unwrap();
        assert_eq!(stripped, expected, "{}", String::from_utf8_lossy(&stripped));
    }

    #[test]
    fn a_picture_on_its_side_keeps_the_tag_that_says_so() {
        let stripped = jpeg(&a_jpeg(), 6).unwrap();
        let tag = segment(0xE1, &[b"Exif\0\0", &exif(6)[..]].concat());
        // After the JFIF header, which must come first.
        assert_eq!(memmem::find(&stripped, &tag), Some(2 + 18));
        assert_eq!(
            stripped.len(),
            jpeg(&a_jpeg(), 1).unwrap().len() + tag.len()
        );
    }

    #[test]
    fn a_jpeg_that_is_cut_off_anywhere_is_refused() {
        let whole = a_jpeg();
        let end = whole
            .windows(2)
            .position(|pair| pair == b"\xff\xd9")
            .unwrap();
        for length in 0..=end {
            assert!(jpeg(&whole[..length], 1).is_err(), "{length}");
        }
        assert_eq!(
            jpeg(b"\xff\xd8\xff\xe0\0\x02\xff\xd9", 1),
            Err(Flaw::Damaged)
        );
    }

    #[test]
    fn a_png_loses_texts_and_what_follows_it() {
        let chunk = |kind: &[u8; 4], content: &[u8]| {
            PngChunk::new(*kind, Bytes::copy_from_slice(content))
                .encoder()
                .bytes()
        };
        let parts: Vec<Bytes> = [
            (b"IHDR", &[0; 13][..]),
            (b"eXIf", b"MM\0\x2a place"),
            (b"iTXt", b"XML:com.adobe.xmp"),
            (b"tEXt", b"Author"),
            (b"zTXt", b"x"),
            (b"tIME", b"y"),
            (b"iCCP", b"profile"),
            (b"IDAT", b"pixels"),
            (b"IEND", b""),
        ]
        .iter()
        .map(|(kind, content)| chunk(kind, content))
        .collect();
        let whole = [&b"\x89PNG\r\n\x1a\n"[..], &parts.concat(), b"trailer"].concat();
        let left = Png::from_bytes(png(whole.clone(), 1).unwrap().into()).unwrap();
        let kinds: Vec<_> = left.chunks().iter().map(PngChunk::kind).collect();
        assert_eq!(kinds, [*b"IHDR", *b"iCCP", *b"IDAT", *b"IEND"]);
        assert!(!left.encoder().bytes().ends_with(b"trailer"));
        for length in 8..whole.len() - b"trailer".len() {
            assert!(png(whole[..length].to_vec(), 1).is_err(), "{length}");
        }
    }

    #[test]
    fn a_webp_loses_exif_and_xmp_and_the_flags_for_them() {
        let chunk = |kind: &[u8; 4], content: &[u8]| {
            RiffChunk::new(*kind, RiffContent::Data(Bytes::copy_from_slice(content)))
        };
        let subchunks = vec![
            chunk(b"VP8X", &[0x2C, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            chunk(b"ICCP", b"profile"),
            chunk(b"VP8 ", b"pixels"),
            chunk(b"EXIF", b"MM\0\x2a place"),
            chunk(b"XMP ", b"<x:xmpmeta/>"),
        ];
        let kind = Some(*b"WEBP");
        let riff = RiffChunk::new(*b"RIFF", RiffContent::List { kind, subchunks });
        let whole = riff.encoder().bytes().to_vec();
        let left = WebP::from_bytes(webp(whole.clone(), 1).unwrap().into()).unwrap();
        let kinds: Vec<_> = left.chunks().iter().map(RiffChunk::id).collect();
        assert_eq!(kinds, [*b"VP8X", *b"ICCP", *b"VP8 "]);
        assert_eq!(left.chunks()[0].content().data().unwrap()[0], 0x20);
        let turned = webp(whole, 8).unwrap();
        assert!(memmem::find(&turned, &exif(8)).is_some());
    }
}
