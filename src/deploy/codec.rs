//! Compresses and unpacks: the one module that names the engines which do.
//!
//! Invariants: the same bytes come of the same content on every machine. Gzip tells neither a time nor a system,
//! and the engines take no other way where a processor can do more.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder, GzDecoder, GzEncoder};

use super::encoding::Encoding;

/// How hard gzip tries. On pages of 14 kB: 31.2 % of their size in 0.29 ms; level 1 leaves 37 %, level 9 no less
/// than this.
const GZIP: u32 = 6;

/// How hard Brotli tries. On the same pages: 27.5 % in 0.32 ms; 9 takes twenty times as long for half a percent,
/// 11 forty times for one percent.
const BROTLI: i32 = 6;

/// How far back Brotli looks, as a power of two in bytes: further than most files are long.
const BROTLI_WINDOW: i32 = 18;

/// How many bytes are moved at a time.
const BUFFER: usize = 16 << 10;

/// Most bytes that are unpacked where nothing says how many there should be.
const LARGEST: u64 = 256 << 20;

/// A content compressed for our own use (DEFLATE, RFC 1951): fast.
pub fn compressed(content: &[u8]) -> Vec<u8> {
    deflated(content, Compression::fast())
}

/// A content that is compressed already, in the form of [`compressed`].
pub fn as_it_is(content: &[u8]) -> Vec<u8> {
    deflated(content, Compression::none())
}

fn deflated(content: &[u8], effort: Compression) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(content.len() / 3);
    // Reading from memory does not fail.
    let _ = DeflateEncoder::new(content, effort).read_to_end(&mut bytes);
    bytes
}

/// What [`compressed`] was made of; `None` where it is damaged or expands beyond all measure.
pub fn decompressed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    let mut decoder = DeflateDecoder::new(bytes).take(LARGEST);
    decoder.read_to_end(&mut content).ok()?;
    Some(content)
}

/// Most bytes that [`encoded`] makes of `size` bytes. What cannot be compressed is taken over as it is, in pieces of
/// some 16 KiB or more with a few bytes before each; a few more begin and end the whole.
pub const fn most_encoded(size: u64) -> u64 {
    size + size / 1024 + 64
}

/// A content as browsers get it.
pub fn encoded(content: &[u8], encoding: Encoding) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(content.len() / 3);
    match encoding {
        Encoding::Gzip => {
            // Reading from memory does not fail.
            let _ = GzEncoder::new(content, Compression::new(GZIP)).read_to_end(&mut bytes);
        }
        Encoding::Brotli => {
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: BROTLI,
                lgwin: BROTLI_WINDOW,
                size_hint: content.len(),
                ..Default::default()
            };
            let mut encoder =
                brotli::CompressorWriter::with_params(&mut bytes, BUFFER, &parameters);
            // Nor does writing to it.
            let _ = encoder.write_all(content);
            drop(encoder);
        }
    }
    bytes
}

/// The content of `size` bytes that [`encoded`] was given, or any other program that encodes so; `None` where it
/// is damaged or of another size.
pub fn decoded(bytes: &[u8], encoding: Encoding, size: u64) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    // One byte more tells that there are too many.
    let most = size.saturating_add(1);
    let read = match encoding {
        Encoding::Gzip => GzDecoder::new(bytes).take(most).read_to_end(&mut content),
        Encoding::Brotli => {
            let decoder = brotli::Decompressor::new(bytes, BUFFER);
            decoder.take(most).read_to_end(&mut content)
        }
    };
    read.ok().filter(|read| *read as u64 == size)?;
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::encoding;
    use crate::model::digest::Digest;

    /// A page of sorts.
    fn page(lines: usize) -> Vec<u8> {
        let line = |number: usize| {
            format!(
                "<p class=\"line\">第 {number} 行：{}</p>\n",
                number * number
            )
        };
        (0..lines).map(line).collect::<String>().into_bytes()
    }

    #[test]
    fn what_is_encoded_is_smaller_and_is_decoded() {
        for encoding in Encoding::ALL {
            for content in [page(20), page(3000), page(100_000)] {
                let bytes = encoded(&content, encoding);
                assert!(bytes.len() < content.len() / 2, "{encoding:?}");
                let size = content.len() as u64;
                assert_eq!(decoded(&bytes, encoding, size), Some(content));
                for other in [0, size - 1, size + 1] {
                    assert_eq!(decoded(&bytes, encoding, other), None, "{encoding:?}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_compressed_grows_by_little() {
        let largest = usize::try_from(encoding::LARGEST).unwrap();
        let mut noise = vec![0; largest];
        blake3::Hasher::new().finalize_xof().fill(&mut noise);
        for encoding in Encoding::ALL {
            for size in [0, 1, 1024, 100_000, largest] {
                let content = &noise[..size];
                let bytes = encoded(content, encoding).len() as u64;
                assert!(bytes > size as u64, "{encoding:?} {size}");
                assert!(
                    bytes <= most_encoded(size as u64),
                    "{encoding:?} {size} {bytes}"
                );
            }
        }
    }

    #[test]
    fn the_same_bytes_come_of_a_content_wherever_and_whenever() {
        // Another version of an engine may make others: then these are to be written anew. What was published
        // stays as it is, since plans compare contents and not what they are encoded to.
        let digest = |encoding| Digest::of(&encoded(&page(1000), encoding)).short();
        assert_eq!(digest(Encoding::Gzip), "aeacb6e1c4");
        assert_eq!(digest(Encoding::Brotli), "7ff7aecda2");
        // No flags, no time, no further word on the effort, no system.
        let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        assert_eq!(encoded(&page(1000), Encoding::Gzip)[..10], head);
    }

    #[test]
    fn what_is_damaged_or_truncated_is_not_decoded() {
        let content = page(50);
        let size = content.len() as u64;
        for encoding in Encoding::ALL {
            let bytes = encoded(&content, encoding);
            for end in 0..bytes.len() {
                assert_eq!(decoded(&bytes[..end], encoding, size), None, "{end}");
            }
            assert_eq!(decoded(&content, encoding, size), None);
        }
    }

    #[test]
    fn what_is_compressed_already_is_unpacked_too() {
        let content = encoded(&page(50), Encoding::Gzip);
        assert_eq!(decompressed(&as_it_is(&content)), Some(content));
    }
}
