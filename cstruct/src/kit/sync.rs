//! The atomics that [`Gate`](super::Gate), [`Remote`](super::Remote) and the release queue are made of.
//!
//! They come through this one module so that `tests/kit_loom.rs` and `tests/queue_loom.rs` can compile the same sources with loom's
//! in their place, and run every interleaving.

pub(super) use alloc::sync::Arc;
pub(super) use core::sync::atomic::{AtomicUsize, Ordering};
#[cfg(feature = "std")]
pub(super) use std::sync::{Condvar, Mutex};

#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod queued;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub(super) use queued::{AtomicU64, Cell, Here, here, wait};

/// Lets others run, inside a loop that waits for them.
#[inline]
pub(super) fn relax() {
    #[cfg(feature = "std")]
    std::thread::yield_now();
    #[cfg(not(feature = "std"))]
    core::hint::spin_loop();
}
