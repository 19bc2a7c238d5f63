//! A page may not grow without end: a loop in a template is easily endless.

use std::io::{self, Write};

/// Largest page, in bytes: a hundred times what any reader would wait for.
pub(super) const LARGEST_PAGE: usize = 16 * 1024 * 1024;

/// A buffer that refuses more than [`LARGEST_PAGE`] bytes.
pub(super) struct Capped<'a> {
    bytes: &'a mut Vec<u8>,
    is_full: bool,
}

impl<'a> Capped<'a> {
    /// The buffer, emptied.
    pub(super) fn new(bytes: &'a mut Vec<u8>) -> Self {
        bytes.clear();
        Capped {
            bytes,
            is_full: false,
        }
    }

    /// Whether something was refused.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }
}

impl Write for Capped<'_> {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > LARGEST_PAGE {
            self.is_full = true;
            return Err(io::Error::other("the page is too large"));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
