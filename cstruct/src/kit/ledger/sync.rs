//! What the tables are made of, so that `tests/ledger_loom.rs` can compile the same source with loom's.

pub(super) use crate::kit::sync::wait;
pub(super) use core::sync::atomic::{AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Ordering};

/// Reads what no other thread stores to.
///
/// # Safety
///
/// On the only thread that stores to it.
#[inline(always)]
pub(super) unsafe fn own(word: &AtomicUsize) -> usize {
    // SAFETY: it is valid, and nobody stores to it at the same time, by the caller's promise; others may only read it.
    unsafe { word.as_ptr().read() }
}
