//! How many of each type one thread has adopted and released, at the level [`Counts`](super::Level::Counts).

use core::sync::atomic::{AtomicI64, AtomicPtr, AtomicU64, Ordering};

use super::info::Info;

/// More types than that share the last place.
const TYPES: usize = 256;

/// # Invariants
///
/// Only the book's thread writes. `info` is set once.
struct Count {
    info: AtomicPtr<Info>,
    live: AtomicI64,
}

pub(super) struct Counts {
    adopted: AtomicU64,
    counts: alloc::boxed::Box<[Count]>,
}

impl Counts {
    pub(super) fn new() -> Counts {
        let count = || Count { info: AtomicPtr::new(core::ptr::null_mut()), live: AtomicI64::new(0) };
        Counts { adopted: AtomicU64::new(0), counts: (0..=TYPES).map(|_| count()).collect() }
    }

    /// One more was adopted. For the book's thread.
    pub(super) fn adopted(&self, info: &'static Info) {
        self.adopted.store(self.total() + 1, Ordering::Relaxed);
        self.add(info, 1);
    }

    /// One was released, perhaps another thread's. For the book's thread.
    pub(super) fn released(&self, info: &'static Info) {
        self.add(info, -1);
    }

    /// How many were adopted.
    pub(super) fn total(&self) -> u64 {
        self.adopted.load(Ordering::Relaxed)
    }

    /// Adds to the live ones of a type; releases of what another thread adopted make it negative here. For the book's thread.
    fn add(&self, info: &'static Info, change: i64) {
        let live = &self.of(info).live;
        live.store(live.load(Ordering::Relaxed) + change, Ordering::Relaxed);
    }

    fn of(&self, info: &'static Info) -> &Count {
        let wanted = core::ptr::from_ref(info).cast_mut();
        let home = (wanted.addr() >> 3).wrapping_mul(0x9E37_79B9) >> 8;
        let places = (0..TYPES).map(|step| &self.counts[(home + step) % TYPES]);
        let known = |count: &&Count| {
            let there = count.info.load(Ordering::Relaxed);
            there == wanted || there.is_null()
        };
        let count = places.into_iter().find(known).unwrap_or(&self.counts[TYPES]);
        if count.info.load(Ordering::Relaxed).is_null() {
            count.info.store(wanted, Ordering::Release);
        }
        count
    }

    /// The live ones by type. Types beyond the 256th are told under the name of the first of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static Info, i64)> {
        self.counts.iter().filter_map(|count| {
            let info = count.info.load(Ordering::Acquire).cast_const();
            // SAFETY: NULL or from a `&'static Info`, in `of`.
            unsafe { info.as_ref() }.map(|info| (info, count.live.load(Ordering::Relaxed)))
        })
    }
}
