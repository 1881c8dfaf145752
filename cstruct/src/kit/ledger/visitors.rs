//! Who else is in a thread's table, so that its own thread can exchange it for a larger one.
//!
//! ```text
//!          enter                       leave
//!   0 ───────────────► 1, 2, 3, … ───────────────► 0
//!   0 ──── alone ────► ALONE ──────────────────────► 0
//!   2 ──── alone ────► ALONE + 2 ──── both leave ──► ALONE ──► 0
//! ```

use super::sync::{AtomicUsize, Ordering, wait};

/// Nobody else may come in.
const ALONE: usize = 1 << (usize::BITS - 1);

/// How many threads look at a table that is not theirs.
pub(super) struct Visitors(AtomicUsize);

/// One of them, while it lives. It waits for nobody, and allocates nothing: the table's own thread may be waiting for it.
pub(super) struct Visit<'v>(&'v Visitors);

/// The table's own thread, while nobody else is there.
pub(super) struct Alone<'v>(&'v Visitors);

impl Visitors {
    pub(super) fn new() -> Visitors {
        Visitors(AtomicUsize::new(0))
    }

    /// Comes in, as soon as the table is not being exchanged.
    pub(super) fn enter(&self) -> Visit<'_> {
        let mut round = 0;
        loop {
            if let Some(visit) = self.try_enter() {
                return visit;
            }
            wait(&mut round);
        }
    }

    /// Comes in, unless the table is being exchanged.
    pub(super) fn try_enter(&self) -> Option<Visit<'_>> {
        let one_more = |others| if others & ALONE == 0 { Some(others + 1) } else { None };
        // Acquire: sees the table that was put in place of another.
        self.0.fetch_update(Ordering::Acquire, Ordering::Relaxed, one_more).ok().map(|_| Visit(self))
    }

    /// Lets nobody in any more, and waits until all have left. For the table's own thread.
    pub(super) fn alone(&self) -> Alone<'_> {
        let mut round = 0;
        let mut others = self.0.fetch_or(ALONE, Ordering::Acquire);
        while others & !ALONE != 0 {
            wait(&mut round);
            // Acquire: what the visitors did is done.
            others = self.0.load(Ordering::Acquire);
        }
        Alone(self)
    }

    /// Nobody is there: in a child that was just forked, where the threads of all visitors have stayed behind.
    pub(super) fn forget(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        // Release: what was done here is done before the table is freed.
        self.0.0.fetch_sub(1, Ordering::Release);
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        // Release: who comes in sees the table that is there now.
        self.0.0.store(0, Ordering::Release);
    }
}
