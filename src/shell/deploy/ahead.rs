//! What is encoded before it is sent, because it is packed first.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::deploy::codec;
use crate::deploy::encoding::Encoding;
use crate::model::tree::OutPath;

/// Most encoded bytes that are held until they are sent: those of some fifteen thousand pages. What goes beyond is
/// encoded again.
const MOST: usize = 64 << 20;

/// Encoded contents that are needed once more.
#[derive(Default)]
pub(super) struct Ahead {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    contents: HashMap<(OutPath, Encoding), Vec<u8>>,
    size: usize,
}

impl Ahead {
    /// Encodes the content for a place, and holds it as far as there is room.
    pub(super) fn encoded(&self, path: &OutPath, content: &[u8], encoding: Encoding) -> Vec<u8> {
        let bytes = codec::encoded(content, encoding);
        if let Ok(mut held) = self.held.lock()
            && held.size + bytes.len() <= MOST
        {
            held.size += bytes.len();
            held.contents
                .insert((path.clone(), encoding), bytes.clone());
        }
        bytes
    }

    /// The content for a place in this encoding, if it is held; it is let go.
    pub(super) fn take(&self, path: &OutPath, encoding: Encoding) -> Option<Vec<u8>> {
        let mut held = self.held.lock().ok()?;
        let bytes = held.contents.remove(&(path.clone(), encoding))?;
        held.size -= bytes.len();
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_held_once_and_only_as_far_as_there_is_room() {
        let ahead = Ahead::default();
        let path = OutPath::new("index.html");
        let bytes = Encoding::ALL.map(|encoding| ahead.encoded(&path, b"page", encoding));
        for (encoding, bytes) in Encoding::ALL.into_iter().zip(bytes) {
            assert_eq!(ahead.take(&path, encoding), Some(bytes));
            assert_eq!(ahead.take(&path, encoding), None);
        }
        ahead.held.lock().unwrap().size = MOST;
        ahead.encoded(&path, b"page", Encoding::Gzip);
        assert_eq!(ahead.take(&path, Encoding::Gzip), None);
    }
}
