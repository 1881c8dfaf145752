//! One cache line of a thread's table: four addresses, and beside each its note.
//!
//! ```text
//!   address   note
//!   0         0                 never used
//!   X         … | LIVE          an object at X
//!   X         0                 it was released, and nothing is at X: its next adoption writes the note again
//!   X         BESIDE            it was released, and was one of several at X, or another table has had X since
//! ```

use core::hint::select_unpredictable;

use super::sync::{AtomicU64, AtomicUsize, Ordering, own};

/// The bit of a note that says that its object lives.
pub(super) const LIVE: u64 = 1;
/// The bit of a note that stays behind: its address was, when it was written or later, in another place as well, of this table or of another.
pub(super) const BESIDE: u64 = 2;

/// Four places of a table.
#[repr(align(64))]
pub(super) struct Bucket([Slot; 4]);

/// One place of a table: an address and its note.
///
/// # Invariants
///
/// Only the table's thread stores the address, and where the note is not of a live object; and only it makes such a note live.
pub(super) struct Slot {
    address: AtomicUsize,
    note: AtomicU64,
}

/// Finding a slot. Where nothing else is said, from any thread.
impl Bucket {
    pub(super) fn new() -> Bucket {
        Bucket(core::array::from_fn(|_| Slot { address: AtomicUsize::new(0), note: AtomicU64::new(0) }))
    }

    /// Its first slot.
    pub(super) fn first(&self) -> &Slot {
        &self.0[0]
    }

    /// Every slot.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.0.iter()
    }

    /// The first slot that has the address, whether its object lives or not, without a branch that cannot be foreseen: which one it is
    /// cannot, so that a branch for each would cost more than all comparisons together.
    ///
    /// # Safety
    ///
    /// On the table's own thread.
    #[inline(always)]
    pub(super) unsafe fn quick_find(&self, address: usize) -> Option<&Slot> {
        let [first, second, third, fourth] = &self.0;
        // SAFETY: the caller's promise.
        let has = |slot: &Slot| unsafe { slot.has(address) };
        let slot = select_unpredictable(has(third), third, fourth);
        let slot = select_unpredictable(has(second), second, slot);
        let slot = select_unpredictable(has(first), first, slot);
        has(slot).then_some(slot)
    }

    /// The slot of a live object.
    pub(super) fn find(&self, address: usize) -> Option<&Slot> {
        self.slots().find(|slot| slot.is_of(address) && is_live(slot.note()))
    }

    /// Where an address was before.
    pub(super) fn room_again(&self, address: usize) -> Option<&Slot> {
        self.slots().find(|slot| slot.is_of(address) && !is_live(slot.note()))
    }

    /// Room for an address that was not here: where nothing was, or else where nothing lives.
    pub(super) fn room(&self) -> Option<&Slot> {
        self.room_again(0).or_else(|| self.slots().find(|slot| !is_live(slot.note())))
    }
}

impl Slot {
    /// Whether it has that address, whether an object lives there or not.
    ///
    /// # Safety
    ///
    /// On the table's own thread.
    #[inline(always)]
    pub(super) unsafe fn has(&self, address: usize) -> bool {
        // SAFETY: the caller is the table's thread, which alone stores the address (invariant).
        unsafe { own(&self.address) == address }
    }

    /// The same, from any thread.
    pub(super) fn is_of(&self, address: usize) -> bool {
        self.address() == address
    }

    /// The address that it has or had.
    pub(super) fn address(&self) -> usize {
        self.address.load(Ordering::Relaxed)
    }

    /// Writes an adoption down. For the table's own thread, where nothing lives.
    pub(super) fn write(&self, address: usize, note: u64) {
        // Release: who sees the address sees that the note before it is not live.
        self.address.store(address, Ordering::Release);
        self.write_again(note);
    }

    /// Writes an adoption of the address down that is here. For the table's own thread, where nothing lives.
    #[inline(always)]
    pub(super) fn write_again(&self, note: u64) {
        debug_assert!(is_live(note));
        // Release: who sees the note sees its address.
        self.note.store(note, Ordering::Release);
    }

    /// The live object that is written down here: its address and note.
    pub(super) fn read(&self) -> Option<(usize, u64)> {
        let mut note = self.note();
        while is_live(note) {
            // Acquire: if it is the address of a later object, the note is another by now.
            let address = self.address.load(Ordering::Acquire);
            let again = self.note();
            if is_same(again, note) {
                return Some((address, note));
            }
            note = again;
        }
        None
    }

    /// The note, of a live object or not.
    #[inline(always)]
    pub(super) fn note(&self) -> u64 {
        // Acquire: sees its address; and where nothing lives, whoever struck it out is done with it.
        self.note.load(Ordering::Acquire)
    }

    /// Says that its address is somewhere else as well, and what the note was before.
    pub(super) fn mark_beside(&self) -> u64 {
        // Acquire and release: of an address that moves to another table and back, each sees what the other did.
        self.note.fetch_or(BESIDE, Ordering::AcqRel)
    }

    /// Forgets the address. For the table's own thread, where nothing lives.
    pub(super) fn forget(&self) {
        // Release: as in `write`.
        self.address.store(0, Ordering::Release);
        self.note.store(0, Ordering::Release);
    }

    /// Changes the note of the caller's object. False: it is not that object's.
    pub(super) fn change(&self, note: u64, new: u64) -> bool {
        self.exchange(note, |now| new | now & BESIDE)
    }

    /// Strikes the caller's object out that is alone at its address. For the table's own thread.
    #[inline(always)]
    pub(super) fn empty(&self) {
        // Release: what was read of the note was read before.
        self.note.store(0, Ordering::Release);
    }

    /// Strikes an object out, from any thread, unless somebody was faster. True for exactly one.
    pub(super) fn take(&self, note: u64) -> bool {
        self.exchange(note, |now| now & BESIDE)
    }

    /// Exchanges a note, whether or not it was marked beside meanwhile.
    fn exchange(&self, note: u64, new: impl Fn(u64) -> u64) -> bool {
        let exchanged = |now| is_same(now, note).then(|| new(now));
        self.note.fetch_update(Ordering::AcqRel, Ordering::Relaxed, exchanged).is_ok()
    }
}

#[inline(always)]
pub(super) fn is_live(note: u64) -> bool {
    note & LIVE != 0
}

/// Whether two notes are of one object.
pub(super) fn is_same(one: u64, other: u64) -> bool {
    one | BESIDE == other | BESIDE
}
