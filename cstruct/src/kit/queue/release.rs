//! What the home does: it releases, in turn, until it ends.

use super::super::panic::{PanicSlot, catch};
use super::super::sync::{AtomicUsize, Ordering, wait};
use super::ring::{Popped, Refusal};
use super::shared::{Shared, as_usize};

/// What one step at home did.
pub(super) enum Step {
    Released,
    Empty,
    /// Somebody is in the middle of a push, or of taking out.
    Busy,
}

/// Releasing, at home.
impl Shared {
    /// Releases the oldest. When a destructor panics, so does this, and the queue is as after any other release.
    ///
    /// # Safety
    ///
    /// This thread is home.
    #[inline]
    pub(super) unsafe fn release_one(&self) -> Step {
        let mut running = Running::begin(self);
        // SAFETY: only home pops (invariant), and this is home.
        match unsafe { self.ring.pop() } {
            Popped::Entry(entry, waiting) => {
                // The backlog shrinks here only, so what is seen here is the most. Weight shrinks by tickets as well.
                raise(&self.high_water, as_usize(waiting));
                raise(&self.heaviest, self.weight.load(Ordering::Relaxed));
                running.weight = entry.weight;
                running.ended = 1;
                entry.end();
                Step::Released
            }
            Popped::Empty => Step::Empty,
            Popped::Busy => Step::Busy,
        }
    }

    /// Releases all that were pushed before.
    ///
    /// # Safety
    ///
    /// This thread is home.
    pub(super) unsafe fn flush(&self) -> usize {
        let (target, mut released, mut round) = (self.ring.tail(), 0, 0);
        while self.ring.head() < target {
            // SAFETY: this is home.
            match unsafe { self.release_one() } {
                Step::Released => released += 1,
                Step::Empty => {}
                Step::Busy => wait(&mut round),
            }
        }
        released
    }

    /// Takes nothing any more, and releases all that is in it, whatever panics.
    ///
    /// # Safety
    ///
    /// This thread is home.
    pub(super) unsafe fn end(&self, panics: &PanicSlot) {
        self.ring.close();
        while self.ring.head() < self.ring.tail() {
            // SAFETY: this is home.
            if let Err(panic) = catch(|| unsafe { self.flush() }) {
                panics.store(panic);
            }
        }
    }

    /// Takes nothing any more, and strands all that is in it.
    ///
    /// # Safety
    ///
    /// This thread is home.
    pub(super) unsafe fn abandon(&self) {
        self.ring.close();
        let mut round = 0;
        loop {
            // SAFETY: only home pops (invariant), and this is home.
            match unsafe { self.ring.pop() } {
                Popped::Entry(entry, _waiting) => {
                    self.give_back(entry.weight);
                    self.strand(&entry, Refusal::Closed);
                }
                Popped::Empty => break,
                Popped::Busy => wait(&mut round),
            }
        }
        self.done.store(self.ring.head(), Ordering::Release);
    }

    /// From elsewhere: waits until all that were pushed before have ended.
    pub(super) fn wait_done(&self, mut nudge: impl FnMut()) {
        let (target, mut round) = (self.ring.tail(), 0);
        // Acquire: what the releases did is seen behind this.
        while self.done.load(Ordering::Acquire) < target {
            nudge();
            wait(&mut round);
        }
    }
}

/// One step of the home, counted when it ends, by a panic as well.
struct Running<'s> {
    shared: &'s Shared,
    outermost: bool,
    weight: usize,
    ended: u64,
}

impl<'s> Running<'s> {
    #[inline]
    fn begin(shared: &'s Shared) -> Running<'s> {
        let depth = shared.depth.load(Ordering::Relaxed);
        shared.depth.store(depth + 1, Ordering::Relaxed);
        Running { shared, outermost: depth == 0, weight: 0, ended: 0 }
    }
}

impl Drop for Running<'_> {
    #[inline]
    fn drop(&mut self) {
        let shared = self.shared;
        shared.give_back(self.weight);
        // Home is the only writer of these, so a load and a store lose nothing.
        shared.released.store(shared.released.load(Ordering::Relaxed) + self.ended, Ordering::Relaxed);
        shared.depth.store(shared.depth.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
        if self.outermost {
            // Inside a release, what is before the head may still be running.
            shared.done.store(shared.ring.head(), Ordering::Release);
        }
    }
}

/// Home is the only writer.
#[inline]
fn raise(mark: &AtomicUsize, to: usize) {
    if mark.load(Ordering::Relaxed) < to {
        mark.store(to, Ordering::Relaxed);
    }
}
