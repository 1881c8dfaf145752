//! The ring: a bounded queue of many producers and one consumer, from which anyone may take out what is not yet at its end.
//!
//! ```text
//!            head (the consumer's)              tail (the producers')
//!              ▼                                  ▼
//!   ┌──────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┐
//!   │ free │ full │ tick.│taken │ full │claim.│ free │ free │   slots, one cache line each, made once
//!   └──────┴──────┴──────┴──────┴──────┴──────┴──────┴──────┘
//!   a position counts up for ever; its slot is the position modulo the length. The state of a slot names the position that it is for,
//!   so that no state comes twice: who looks for position 7 is not deceived by the same slot holding position 15.
//! ```
//!
//! It is Dmitry Vyukov's bounded queue with two additions. A slot that has a ticket is claimed by compare-and-exchange, by the
//! consumer or by the ticket, whoever is first. And the tail has a bit that closes it: a push after it is refused and a push before it has its
//! position, so the consumer knows the last one.
//!
//! Why not a published queue: those at hand are without tickets or a closing bit, or allocate blocks, or wake a receiver at each push.
//! Why not a ring for each producer: a producer would have to register, threads of a pool come and go, and the bound would be a multiple.

use alloc::boxed::Box;
use core::mem::MaybeUninit;

use super::super::sync::{AtomicU64, Cell, Ordering};
use super::entry::Entry;

// What a slot's state says, beside the position that it is for.
const FREE: u64 = 0;
const FULL: u64 = 1;
const TICKETED: u64 = 2;
const TAKING: u64 = 3;
const TAKEN: u64 = 4;

fn state(position: u64, is: u64) -> u64 {
    position << 3 | is
}

const CLOSED: u64 = 1;

/// On a cache line of its own, and its neighbour that the processor fetches with it.
#[repr(align(128))]
struct Apart<T>(T);

/// # Invariants
///
/// `head <= tail <= head + slots.len()`; only the consumer writes `head`. The cell of a slot is initialised while its state is `FULL` or
/// `TICKETED`. It belongs to the producer that moved the tail over it until it stores one of these; then to the consumer, or, from
/// `TICKETED`, to who changed the state to `TAKING`.
pub(super) struct Ring {
    /// The next position to push to, times two, and whether pushing is over.
    tail: Apart<AtomicU64>,
    /// The next position to pop.
    head: Apart<AtomicU64>,
    slots: Box<[Slot]>,
}

#[repr(align(64))]
struct Slot {
    state: AtomicU64,
    entry: Cell<MaybeUninit<Entry>>,
}

/// Why a push was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Full,
    Closed,
}

/// What the consumer found.
pub(super) enum Popped {
    /// And how many waited, with it.
    Entry(Entry, u64),
    Empty,
    /// A producer or a ticket is in the middle of the few instructions that it needs for the next slot.
    Busy,
}

impl Ring {
    /// A ring for at least so many.
    ///
    /// # Panics
    ///
    /// When there are no such numbers of slots.
    pub(super) fn new(count: usize) -> Ring {
        let Some(length) = count.max(1).checked_next_power_of_two() else {
            panic!("a release queue of {count} places does not fit into memory; give it fewer");
        };
        let slots = (0..length as u64)
            .map(|position| Slot {
                state: AtomicU64::new(state(position, FREE)),
                entry: Cell::new(MaybeUninit::uninit()),
            })
            .collect();
        Ring { tail: Apart(AtomicU64::new(0)), head: Apart(AtomicU64::new(0)), slots }
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The next position to be pushed to: all before it were pushed, or are being.
    pub(super) fn tail(&self) -> u64 {
        self.tail.0.load(Ordering::Relaxed) >> 1
    }

    /// The next position to be popped.
    pub(super) fn head(&self) -> u64 {
        self.head.0.load(Ordering::Relaxed)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.tail.0.load(Ordering::Relaxed) & CLOSED != 0
    }

    /// Ends pushing. The tail stays where it is from now on.
    pub(super) fn close(&self) {
        self.tail.0.fetch_or(CLOSED, Ordering::Relaxed);
    }

    #[inline]
    fn slot(&self, position: u64) -> &Slot {
        // The length is a power of two; what is cut off is masked off anyway.
        #[allow(clippy::cast_possible_truncation, reason = "the mask leaves only bits that a usize has")]
        &self.slots[position as usize & (self.slots.len() - 1)]
    }

    /// Pushes, from any thread: it allocates nothing, waits for nobody and wakes nobody. It tries again only when another push came first.
    ///
    /// The entry comes back with a refusal.
    #[inline]
    pub(super) fn push(&self, entry: Entry, ticketed: bool) -> Result<u64, (Entry, Refusal)> {
        // Relaxed: what a producer has to see of a slot it sees by the slot's state.
        let mut tail = self.tail.0.load(Ordering::Relaxed);
        let (slot, position) = loop {
            if tail & CLOSED != 0 {
                return Err((entry, Refusal::Closed));
            }
            let position = tail >> 1;
            let slot = self.slot(position);
            let free = state(position, FREE);
            // Acquire: the consumer has moved out what was in it before.
            let now = slot.state.load(Ordering::Acquire);
            if now == free {
                match self.tail.0.compare_exchange_weak(tail, tail + 2, Ordering::Relaxed, Ordering::Relaxed) {
                    Ok(_) => break (slot, position),
                    Err(other) => tail = other,
                }
            } else if now < free {
                // It is still for the position one round before.
                return Err((entry, Refusal::Full));
            } else {
                tail = self.tail.0.load(Ordering::Relaxed);
            }
        };
        slot.entry.with_mut(|cell| {
            // SAFETY: the position was claimed by moving the tail, and its slot was free: the cell is this producer's (invariant).
            unsafe { cell.write(MaybeUninit::new(entry)) };
        });
        // Release: whoever claims the slot sees the entry.
        slot.state.store(state(position, if ticketed { TICKETED } else { FULL }), Ordering::Release);
        Ok(position)
    }

    /// Takes the oldest that is still there. Those that were taken out are passed over.
    ///
    /// # Safety
    ///
    /// Only one thread pops, and it is this one.
    pub(super) unsafe fn pop(&self) -> Popped {
        loop {
            let head = self.head();
            let slot = self.slot(head);
            // Acquire: sees the entry, or that the ticket is done with the cell.
            let now = slot.state.load(Ordering::Acquire);
            if now == state(head, FREE) {
                return if self.tail() == head { Popped::Empty } else { Popped::Busy };
            }
            if now == state(head, TAKING) {
                return Popped::Busy;
            }
            if now == state(head, TICKETED) && !slot.claim(head) {
                continue;
            }
            let entry = (now != state(head, TAKEN)).then(|| {
                // SAFETY: it was full, which only the consumer changes, or ticketed and claimed just now.
                Popped::Entry(unsafe { slot.take() }, self.tail() - head)
            });
            // Release: who pushes one round later finds the cell moved out.
            slot.state.store(state(head + self.slots.len() as u64, FREE), Ordering::Release);
            self.head.0.store(head + 1, Ordering::Release);
            if let Some(entry) = entry {
                return entry;
            }
        }
    }

    /// Takes out what was pushed to a position with a ticket, if its turn has not come.
    pub(super) fn take(&self, position: u64) -> Option<Entry> {
        let slot = self.slot(position);
        if !slot.claim(position) {
            return None;
        }
        // SAFETY: it was ticketed, and claimed just now.
        let entry = unsafe { slot.take() };
        // Release: the consumer finds the cell moved out.
        slot.state.store(state(position, TAKEN), Ordering::Release);
        Some(entry)
    }
}

impl Slot {
    /// Claims a slot that has a ticket. One claim succeeds.
    fn claim(&self, position: u64) -> bool {
        // Acquire: sees the entry.
        let (from, to) = (state(position, TICKETED), state(position, TAKING));
        self.state.compare_exchange(from, to, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// # Safety
    ///
    /// The cell is initialised and the caller's, who changes the state next.
    unsafe fn take(&self) -> Entry {
        self.entry.with_mut(|cell| {
            // SAFETY: the cell is the caller's.
            let entry = unsafe { cell.read() };
            // SAFETY: it is initialised, and the caller gives it up.
            unsafe { entry.assume_init() }
        })
    }
}
