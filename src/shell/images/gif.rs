//! Removes comments and foreign data from GIF files (GIF89a specification).

use super::strip::Flaw;

/// Extensions that say how often the frames are shown.
const LOOPS: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];

/// The picture without comments, texts and the data of programs.
///
/// # Errors
/// When the file is damaged or ends before the picture does.
pub(super) fn stripped(bytes: &[u8]) -> Result<Vec<u8>, Flaw> {
    let mut file = File { bytes, at: 0 };
    let mut out = Vec::with_capacity(bytes.len());
    let header = file.take(13)?;
    out.extend_from_slice(header);
    out.extend_from_slice(file.colors(header[10])?);
    loop {
        let start = file.at;
        match file.take(1)?[0] {
            0x21 => {
                let label = file.take(1)?[0];
                let name = file.bytes.get(file.at + 1..file.at + 12);
                file.blocks()?;
                let is_loop = name.is_some_and(|name| LOOPS.contains(&name));
                if label == 0xF9 || (label == 0xFF && is_loop) {
                    out.extend_from_slice(&bytes[start..file.at]);
                }
            }
            0x2C => {
                let flags = file.take(9)?[8];
                file.colors(flags)?;
                file.take(1)?;
                file.blocks()?;
                out.extend_from_slice(&bytes[start..file.at]);
            }
            0x3B => {
                out.push(0x3B);
                return Ok(out);
            }
            _ => return Err(Flaw::Damaged),
        }
    }
}

struct File<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> File<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Flaw> {
        let taken = self.bytes.get(self.at..self.at + length);
        self.at += length;
        taken.ok_or(Flaw::Truncated)
    }

    /// The table of colours that `flags` announce.
    fn colors(&mut self, flags: u8) -> Result<&'a [u8], Flaw> {
        let length = if flags & 0x80 == 0 {
            0
        } else {
            3 << ((flags & 7) + 1)
        };
        self.take(length)
    }

    /// Passes over blocks up to an empty one.
    fn blocks(&mut self) -> Result<(), Flaw> {
        loop {
            let length = self.take(1)?[0];
            if length == 0 {
                return Ok(());
            }
            self.take(usize::from(length))?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_loops_stay_comments_and_places_go() {
        let header = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff";
        let repeats = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
        let comment = b"\x21\xfe\x05place\0";
        let xmp = b"\x21\xff\x0bXMP DataXMP\x03abc\0";
        let frame = b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
        let end = b"\x3b";
        let whole = [
            &header[..],
            repeats,
            comment,
            xmp,
            frame,
            comment,
            end,
            b"trailer",
        ]
        .concat();
        let expected = [&header[..], repeats, frame, end].concat();
        assert_eq!(stripped(&whole), Ok(expected));
        for length in 0..whole.len() - b"trailer".len() {
            assert!(stripped(&whole[..length]).is_err(), "{length}");
        }
    }
}
