//! What a queue's home and its handles share: the ring, its bounds, and the counts.

use super::super::event::{self, Event};
use super::super::sync::{AtomicU64, AtomicUsize, Here, Ordering, here, wait};
use super::super::thread::Home;
use super::entry::Entry;
use super::release::Step;
use super::ring::{Refusal, Ring};
use super::{Bounds, Full, QueueStats};

/// # Invariants
///
/// Only the thread `here` pops. Every value in the ring may be dropped there.
pub(super) struct Shared {
    pub(super) ring: Ring,
    here: Here,
    home: Home,
    weight_limit: usize,
    /// Of what is in the ring, or being released.
    pub(super) weight: AtomicUsize,
    /// All before this position have ended.
    pub(super) done: AtomicU64,
    // Written at home only.
    pub(super) depth: AtomicUsize,
    pub(super) released: AtomicU64,
    pub(super) high_water: AtomicUsize,
    pub(super) heaviest: AtomicUsize,
    // Written anywhere, and seldom.
    taken_out: AtomicU64,
    released_on_the_spot: AtomicU64,
    stranded: AtomicU64,
}

// SAFETY: all fields but the entries are `Send` and `Sync` themselves. An entry is moved in and out by one thread at a time (the ring's
// invariant), which runs no code of its value. The value was vouched for by `push`'s caller to be one that may be dropped at home;
// `take`'s caller vouches for the other way out.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Shared {
    /// The current thread is the home.
    pub(super) fn new(bounds: Bounds) -> Shared {
        Shared {
            ring: Ring::new(bounds.count),
            here: here(),
            home: Home::here(),
            weight_limit: bounds.weight,
            weight: AtomicUsize::new(0),
            done: AtomicU64::new(0),
            depth: AtomicUsize::new(0),
            released: AtomicU64::new(0),
            high_water: AtomicUsize::new(0),
            heaviest: AtomicUsize::new(0),
            taken_out: AtomicU64::new(0),
            released_on_the_spot: AtomicU64::new(0),
            stranded: AtomicU64::new(0),
        }
    }

    pub(super) fn home(&self) -> &Home {
        &self.home
    }

    #[inline]
    pub(super) fn is_home(&self) -> bool {
        here() == self.here
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ring.is_closed()
    }

    pub(super) fn stats(&self) -> QueueStats {
        let backlog = self.backlog();
        let weight = self.weight.load(Ordering::Relaxed);
        QueueStats {
            capacity: self.ring.len(),
            backlog,
            backlog_weight: weight,
            high_water: self.high_water.load(Ordering::Relaxed).max(backlog),
            high_water_weight: self.heaviest.load(Ordering::Relaxed).max(weight),
            released: self.released.load(Ordering::Relaxed),
            taken_out: self.taken_out.load(Ordering::Relaxed),
            released_on_the_spot: self.released_on_the_spot.load(Ordering::Relaxed),
            stranded: self.stranded.load(Ordering::Relaxed),
        }
    }

    fn backlog(&self) -> usize {
        // The head first: what is popped before the tail is read makes it too much, and never less than none.
        let head = self.ring.head();
        as_usize(self.ring.tail().saturating_sub(head)).min(self.ring.len())
    }
}

/// Putting in, from any thread.
impl Shared {
    /// # Safety
    ///
    /// The value may be dropped at home.
    #[inline]
    pub(super) unsafe fn push(&self, mut entry: Entry, ticketed: bool) -> Result<u64, (Entry, Refusal)> {
        // What is heavier than all that may wait counts as just that: alone, it fits.
        entry.weight = entry.weight.min(self.weight_limit);
        let weight = entry.weight;
        if !self.reserve(weight) {
            let why = if self.has_ended() { Refusal::Closed } else { Refusal::Full };
            return Err((entry, why));
        }
        let pushed = self.ring.push(entry, ticketed);
        if pushed.is_err() {
            self.give_back(weight);
        }
        pushed
    }

    #[inline]
    fn reserve(&self, weight: usize) -> bool {
        if weight == 0 {
            return true;
        }
        let mut now = self.weight.load(Ordering::Relaxed);
        loop {
            let Some(then) = now.checked_add(weight).filter(|&then| then <= self.weight_limit) else {
                return false;
            };
            match self.weight.compare_exchange_weak(now, then, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(other) => now = other,
            }
        }
    }

    #[inline]
    pub(super) fn give_back(&self, weight: usize) {
        if weight != 0 {
            self.weight.fetch_sub(weight, Ordering::Relaxed);
        }
    }

    /// What a destructor does: pushes, and where that is refused, keeps the rule.
    ///
    /// # Safety
    ///
    /// The value may be dropped at home, and, with [`Full::ReleaseHere`], on the current thread.
    #[inline]
    pub(super) unsafe fn drop_in(&self, entry: Entry, full: Full) {
        // SAFETY: the caller's promise.
        if let Err((entry, why)) = unsafe { self.push(entry, false) } {
            // SAFETY: the caller's promise.
            unsafe { self.keep_the_rule(entry, why, full) }
        }
    }

    /// # Safety
    ///
    /// As for `drop_in`.
    #[cold]
    unsafe fn keep_the_rule(&self, mut entry: Entry, mut why: Refusal, full: Full) {
        let mut round = 0;
        loop {
            if self.is_home() {
                // Inside a release nothing is popped to make room: it would nest with the length of the queue, while this nests as
                // the values do.
                if why == Refusal::Closed || self.depth.load(Ordering::Relaxed) > 0 {
                    return self.end_on_the_spot(entry);
                }
                // SAFETY: this is home.
                if !matches!(unsafe { self.release_one() }, Step::Released) {
                    wait(&mut round);
                }
            } else {
                match (why, full) {
                    (_, Full::ReleaseHere) => return self.end_on_the_spot(entry),
                    (Refusal::Closed, _) | (_, Full::Strand) => return self.strand(&entry, why),
                    (Refusal::Full, Full::Block) => wait(&mut round),
                }
            }
            // SAFETY: the caller's promise.
            match unsafe { self.push(entry, false) } {
                Ok(_) => return,
                Err(again) => (entry, why) = again,
            }
        }
    }

    fn end_on_the_spot(&self, entry: Entry) {
        self.released_on_the_spot.fetch_add(1, Ordering::Relaxed);
        entry.end();
    }

    /// Leaks the value: an entry has no destructor.
    pub(super) fn strand(&self, entry: &Entry, why: Refusal) {
        self.stranded.fetch_add(1, Ordering::Relaxed);
        let error: &str = match why {
            Refusal::Full => "the queue of its home is full; make it larger, or release more often",
            Refusal::Closed => "its home has ended; keep the queue until the last of its objects has come home",
        };
        event::report(&Event::Stranded { type_name: entry.name(), error: &error });
    }
}

/// Taking out, from any thread.
impl Shared {
    /// # Safety
    ///
    /// An `O` was pushed to this position with a ticket, and it may be moved to the current thread.
    pub(super) unsafe fn take<O>(&self, position: u64) -> Option<O> {
        let entry = self.ring.take(position)?;
        self.give_back(entry.weight);
        self.taken_out.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        Some(unsafe { entry.into_value() })
    }
}

/// A number of slots, or nearly.
pub(super) fn as_usize(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
