//! What the first bytes of an image tell: its format, whether it moves, whether it is opaque.
//!
//! Invariants: only content counts, not the file's name; little is read, whatever the file claims.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::model::picture::{Format, Looks};

/// Most pieces before the pixels that are looked at.
const MOST_CHUNKS: usize = 1_000;

/// What `reader`, which stands at the beginning of a file, looks like; `None` for no image.
pub(super) fn looks<R: BufRead + Seek>(reader: &mut R) -> Option<Looks> {
    let mut start = Vec::with_capacity(64);
    reader.by_ref().take(64).read_to_end(&mut start).ok()?;
    let mut looks = Looks::plain(format(&start)?);
    match looks.format {
        Format::Png => {
            looks.has_alpha = matches!(start.get(25), Some(4 | 6));
            reader.seek(SeekFrom::Start(8)).ok()?;
            // What can be said of a damaged one has been said.
            let _ = png_chunks(reader, &mut looks);
        }
        Format::Webp => webp(&start, &mut looks),
        _ => {}
    }
    Some(looks)
}

fn format(start: &[u8]) -> Option<Format> {
    let at = |place: usize, wanted: &[u8]| start.get(place..place + wanted.len()) == Some(wanted);
    if at(0, b"\xff\xd8\xff") {
        Some(Format::Jpeg)
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Some(Format::Png)
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Some(Format::Gif)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some(Format::Webp)
    } else if at(4, b"ftyp") {
        media_file(start)
    } else if at(0, b"BM") && at(6, &[0; 4]) {
        Some(Format::Bmp)
    } else {
        None
    }
}

/// The format of an ISO media file (ISO/IEC 14496-12) by its brands; films are none.
fn media_file(start: &[u8]) -> Option<Format> {
    let size = start.first_chunk().map(|size| u32::from_be_bytes(*size))?;
    let end = usize::try_from(size).ok()?.min(start.len());
    let mut brands = start.get(8..end)?.chunks_exact(4);
    let has = |wanted: &[&[u8]]| brands.clone().any(|brand| wanted.contains(&brand));
    if has(&[b"avif", b"avis"]) {
        return Some(Format::Avif);
    }
    let heif: [&[u8]; 10] = [
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1",
    ];
    brands
        .any(|brand| heif.contains(&brand))
        .then_some(Format::Heif)
}

/// Looks for frames and for a transparent colour before the pixels (PNG, third edition, section 5).
fn png_chunks<R: BufRead + Seek>(reader: &mut R, looks: &mut Looks) -> io::Result<()> {
    for _ in 0..MOST_CHUNKS {
        let mut head = [0; 8];
        reader.read_exact(&mut head)?;
        match &head[4..] {
            b"acTL" => looks.is_animated = true,
            b"tRNS" => looks.has_alpha = true,
            b"IDAT" | b"IEND" => break,
            _ => {}
        }
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        reader.seek_relative(i64::from(length) + 4)?;
    }
    Ok(())
}

/// The flags of a WebP file (RFC 9649, sections 2.7 and 3.4).
fn webp(start: &[u8], looks: &mut Looks) {
    let flags = |place: usize| start.get(place).copied().unwrap_or(0);
    match start.get(12..16) {
        Some(b"VP8X") => {
            looks.is_animated = flags(20) & 0x02 != 0;
            looks.has_alpha = flags(20) & 0x10 != 0;
        }
        // One byte of signature, twice 14 bits of size, then the bit for alpha.
        Some(b"VP8L") => looks.has_alpha = flags(24) & 0x10 != 0,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn of(bytes: &[u8]) -> Option<Looks> {
        looks(&mut Cursor::new(bytes))
    }

    #[test]
    fn content_tells_the_format() {
        for (bytes, expected) in [
            (&b"\xff\xd8\xff\xe0"[..], Some(Format::Jpeg)),
            (b"GIF89a", Some(Format::Gif)),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some(Format::Webp)),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Some(Format::Heif)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Some(Format::Avif)),
            (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", None),
            (b"BM\x46\0\0\0\0\0\0\0\x36", Some(Format::Bmp)),
            (b"BM is text", None),
            (b"", None),
            (b"\0\0\0\x08ftyp", None),
            (b"\xff\xff\xff\xffftypheic", Some(Format::Heif)),
        ] {
            assert_eq!(of(bytes).map(|looks| looks.format), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_png_tells_of_frames_and_transparency_before_its_pixels() {
        let chunk = |kind: &[u8; 4], content: &[u8]| {
            let length = u32::try_from(content.len()).unwrap().to_be_bytes();
            [&length[..], kind, content, &[0; 4]].concat()
        };
        let png = |color: u8, chunks: &[Vec<u8>]| {
            let mut header = [0; 13];
            header[9] = color;
            let start = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &header)].concat();
            let looks = of(&[start, chunks.concat()].concat()).unwrap();
            (looks.is_animated, looks.has_alpha)
        };
        let pixels = chunk(b"IDAT", b"x");
        assert_eq!(png(2, std::slice::from_ref(&pixels)), (false, false));
        assert_eq!(png(6, &[]), (false, true));
        assert_eq!(
            png(3, &[chunk(b"tRNS", b"x"), pixels.clone()]),
            (false, true)
        );
        assert_eq!(png(2, &[chunk(b"acTL", &[0; 8])]), (true, false));
        assert_eq!(png(2, &[pixels, chunk(b"acTL", b"")]), (false, false));
    }
}
