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
pub(super) use queued::{AtomicU64, Cell, Here, here};

/// One round of a loop that waits for somebody who does not know that it does: it spins at first, then it sleeps, the longer the oftener.
///
/// It does not yield. Beside a thread that computes, each yield costs a slice of time (1.4 ms on Linux 6.18), so that a loop of some
/// thousands of them takes seconds; and the kernel holds them against the thread later on.
pub(super) fn wait(round: &mut u32) {
    *round = round.saturating_add(1);
    #[cfg(feature = "std")]
    if let Some(sleeps) = round.checked_sub(64) {
        std::thread::sleep(core::time::Duration::from_micros(50 << (sleeps / 8).min(4)));
        return;
    }
    core::hint::spin_loop();
}
