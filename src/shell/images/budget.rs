//! How much memory all photos together may take at a time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What may be taken in all, in bytes: a photo of 108 million pixels with its copies, or a dozen of
/// 12 million.
const WHOLE: u64 = 640 * 1024 * 1024;

/// What is left to be taken.
#[derive(Debug)]
pub(in crate::shell) struct Budget {
    left: Mutex<u64>,
    returned: Condvar,
}

/// A part of the budget, given back when dropped.
pub(super) struct Share<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Budget {
            left: Mutex::new(WHOLE),
            returned: Condvar::new(),
        }
    }
}

impl Budget {
    /// Waits until `bytes` are left, and takes them; who needs more than there is takes all.
    ///
    /// Whoever has a share must not wait for another thread's work.
    pub(super) fn take(&self, bytes: u64) -> Share<'_> {
        let bytes = bytes.min(WHOLE);
        let left = self.returned.wait_while(self.left(), |left| *left < bytes);
        *left.unwrap_or_else(PoisonError::into_inner) -= bytes;
        Share {
            budget: self,
            bytes,
        }
    }

    fn left(&self) -> MutexGuard<'_, u64> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.budget.left() += self.bytes;
        self.budget.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn shares_never_add_up_to_more_than_there_is() {
        let budget = Budget::default();
        let (taken, most) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for part in [2, 3, 4, 5, 1, 1, 7, 2] {
                let (budget, taken, most) = (&budget, &taken, &most);
                scope.spawn(move || {
                    for _ in 0..50 {
                        // One asks for more than there is.
                        let share = budget.take(WHOLE * 2 / part);
                        let now = taken.fetch_add(share.bytes, Ordering::SeqCst) + share.bytes;
                        most.fetch_max(now, Ordering::SeqCst);
                        std::thread::yield_now();
                        taken.fetch_sub(share.bytes, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= WHOLE);
        assert_eq!(*budget.left(), WHOLE);
    }
}
