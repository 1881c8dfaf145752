//! One cache line of a thread's table: four addresses, and beside each its note.

use core::hint::select_unpredictable;

use super::sync::{AtomicU64, AtomicUsize, Ordering};

const WAYS: usize = 4;

/// # Invariants
///
/// Only the table's thread stores a note, and changes an address from 0.
#[repr(align(64))]
pub(super) struct Bucket {
    addresses: [AtomicUsize; WAYS],
    notes: [AtomicU64; WAYS],
}

/// One place of a table.
///
/// # Invariants
///
/// `way` is less than `WAYS`.
#[derive(Clone, Copy)]
pub(super) struct Slot<'b> {
    bucket: &'b Bucket,
    way: usize,
}

impl Bucket {
    pub(super) fn new() -> Bucket {
        Bucket {
            addresses: core::array::from_fn(|_| AtomicUsize::new(0)),
            notes: core::array::from_fn(|_| AtomicU64::new(0)),
        }
    }

    /// Every slot.
    pub(super) fn slots(&self) -> impl Iterator<Item = Slot<'_>> {
        (0..WAYS).map(move |way| Slot { bucket: self, way })
    }

    /// As [`find`](Bucket::find), without a branch that cannot be foreseen.
    #[inline(always)]
    pub(super) fn quick_find(&self, address: usize) -> Option<Slot<'_>> {
        // INVARIANT: `way_of` gives no other.
        let slot = Slot { bucket: self, way: self.way_of(address) };
        (slot.address().load(Ordering::Acquire) == address).then_some(slot)
    }

    /// An empty slot, if the address is not here.
    #[inline(always)]
    pub(super) fn quick_room(&self, address: usize) -> Option<Slot<'_>> {
        // What is loaded is loaded once more below: to keep it takes more registers than a function has for nothing.
        let is_here = self.addresses.iter().any(|at| at.load(Ordering::Relaxed) == address);
        if is_here { None } else { self.quick_find(0) }
    }

    /// The first way of an address; the last if none has it. Which one it is cannot be foreseen, so that a branch for each would cost
    /// more than all comparisons together.
    #[inline(always)]
    fn way_of(&self, address: usize) -> usize {
        let [a, b, c, _] = self.addresses();
        let way = select_unpredictable(c == address, 2, WAYS - 1);
        let way = select_unpredictable(b == address, 1, way);
        select_unpredictable(a == address, 0, way)
    }

    /// What its ways hold; 0 for an empty one.
    #[inline(always)]
    pub(super) fn addresses(&self) -> [usize; WAYS] {
        // Acquire: who finds an address sees its note, and who finds none may write another.
        self.addresses.each_ref().map(|at| at.load(Ordering::Acquire))
    }

    /// The slot of an address; of 0, an empty one.
    #[inline]
    pub(super) fn find(&self, address: usize) -> Option<Slot<'_>> {
        // INVARIANT: a position in an array of that length.
        let way = self.addresses().iter().position(|at| *at == address)?;
        Some(Slot { bucket: self, way })
    }
}

impl<'b> Slot<'b> {
    #[inline(always)]
    fn address(self) -> &'b AtomicUsize {
        debug_assert!(self.way < WAYS);
        // SAFETY: less than `WAYS` (invariant).
        unsafe { self.bucket.addresses.get_unchecked(self.way) }
    }

    #[inline(always)]
    fn note_of(self) -> &'b AtomicU64 {
        debug_assert!(self.way < WAYS);
        // SAFETY: as above.
        unsafe { self.bucket.notes.get_unchecked(self.way) }
    }

    /// Writes an adoption down. For the table's own thread, and an empty slot.
    #[inline]
    pub(super) fn write(self, address: usize, note: u64) {
        // Release: who sees the note sees that the address before it was emptied.
        self.note_of().store(note, Ordering::Release);
        // Release: who sees the address sees its note.
        self.address().store(address, Ordering::Release);
    }

    /// The address that is written down here, with its note. None: it is empty, or changes just now.
    pub(super) fn read(self) -> Option<(usize, u64)> {
        let at = self.address();
        let address = at.load(Ordering::Acquire);
        // Acquire: if it is the note of a later object, the address below is not this one's any more.
        let note = self.note_of().load(Ordering::Acquire);
        (address != 0 && at.load(Ordering::Relaxed) == address).then_some((address, note))
    }

    /// The note of a slot that holds an object of the caller's: nobody writes to it meanwhile.
    #[inline]
    pub(super) fn note(self) -> u64 {
        self.note_of().load(Ordering::Relaxed)
    }

    /// Changes the note of the caller's object.
    pub(super) fn mark(self, note: u64) {
        self.note_of().store(note, Ordering::Relaxed);
    }

    /// Empties it. For the table's own thread.
    #[inline]
    pub(super) fn empty(self) {
        // Release: what was read of the note was read before.
        self.address().store(0, Ordering::Release);
    }

    /// Empties it from any thread, unless somebody was faster. True for exactly one.
    pub(super) fn take(self, address: usize) -> bool {
        let at = self.address();
        at.compare_exchange(address, 0, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}
