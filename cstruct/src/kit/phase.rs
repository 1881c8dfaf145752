//! One atomic word between the holder of a [`Pending`](super::Pending) operation and C's callback.
//!
//! ```text
//!   bits: CALLED (the callback has begun)   DONE (it has ended)   GONE (the handle has let go)
//!
//!   finish() sets DONE, let_go() sets GONE; who finds the other one's bit set is the last, and frees
//! ```

use super::sync::{AtomicUsize, Ordering};

const CALLED: usize = 1;
const DONE: usize = 2;
const GONE: usize = 4;

pub(super) struct Phase(AtomicUsize);

impl Phase {
    pub(super) fn new() -> Phase {
        Phase(AtomicUsize::new(0))
    }

    /// The callback begins. False: it has been here before.
    pub(super) fn call(&self) -> bool {
        // Acquire: sees what was written before the start on another thread.
        self.0.fetch_or(CALLED, Ordering::Acquire) & CALLED == 0
    }

    /// The callback ends, all is written. True: the handle is gone, free it.
    #[must_use]
    pub(super) fn finish(&self) -> bool {
        // Release: who sees DONE sees the output. Acquire: if we free, we see what the handle has done.
        self.0.fetch_or(DONE, Ordering::AcqRel) & GONE != 0
    }

    /// The handle lets go. True: the callback has ended, free it.
    #[must_use]
    pub(super) fn let_go(&self) -> bool {
        self.0.fetch_or(GONE, Ordering::AcqRel) & DONE != 0
    }

    /// Whether the callback has begun.
    pub(super) fn is_called(&self) -> bool {
        self.0.load(Ordering::Relaxed) & CALLED != 0
    }

    /// Whether the callback has ended, and what it wrote may be read.
    pub(super) fn is_done(&self) -> bool {
        self.0.load(Ordering::Acquire) & DONE != 0
    }
}
