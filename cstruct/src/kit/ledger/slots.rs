//! Where one thread writes down what it adopted: a table that one thread fills and every thread may read.
//!
//! ```text
//!   Slots ──► Table ──► ┌────────────────────────────────┐
//!             hash ───► │ bucket: 4 addresses, 4 notes   │ one cache line
//!                       │ … and up to 7 buckets more     │ how many, says the home
//!                       └────────────────────────────────┘
//! ```
//!
//! Only the thread whose table it is writes an object down, so that costs it plain stores. It is struck out by whoever releases
//! it: its own thread with a store, any other with one compare-and-exchange. The slot keeps the address: allocators give what was freed
//! again, and then its own thread finds room and knows that nothing is there by the same look. When many have found their home
//! bucket full, and half of all slots are, its own thread moves all into a table that is twice as large; meanwhile nobody else is let in.
//!
//! What a function below does, it does at once: no slot is held from one to the next, so that none is of a table that is gone.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::Cell;

use super::bucket::{BESIDE, Slot, is_live, is_same};
use super::sync::{AtomicPtr, AtomicUsize, Ordering};
use super::table::{Place, Quick, Table};
use super::visitors::{Visit, Visitors};

/// Buckets of the first table: 4 KiB, and few where loom looks at every one.
const FIRST: usize = if cfg!(loom) { 2 } else { 64 };

/// It begins with what its own thread uses.
///
/// # Invariants
///
/// `table` comes from `Box::into_raw`. It is exchanged, and the one before is freed, by the table's own thread alone, outside of
/// every other function of its own, and while no visitor is there. `quick` and `emptied` are of that table, and used by its own thread alone.
#[repr(C)]
pub(super) struct Slots {
    quick: Cell<Quick>,
    /// The slot that was emptied last, or any: what allocators were given last, they often give next.
    emptied: Cell<*const Slot>,
    table: AtomicPtr<Table>,
    /// How many were written down further from home for the first time since it was last seen how full the table is. For the table's own thread.
    strays: AtomicUsize,
    visitors: Visitors,
}

// SAFETY: all of it may be used from every thread but `quick` and `emptied`, which only the table's own thread uses (invariant): the
// functions that do are for that thread.
unsafe impl Sync for Slots {}

impl Slots {
    /// What its own thread uses, and others at most read.
    pub(super) const OWN_BYTES: usize = core::mem::offset_of!(Slots, visitors);

    pub(super) fn new() -> Slots {
        let table = Table::boxed(FIRST);
        Slots {
            quick: Cell::new(table.quick()),
            emptied: Cell::new(table.first()),
            table: AtomicPtr::new(Box::into_raw(table)),
            visitors: Visitors::new(),
            strays: AtomicUsize::new(0),
        }
    }

    #[inline(always)]
    fn table(&self) -> &Table {
        let table = self.table.load(Ordering::Acquire);
        // SAFETY: from `Box::into_raw`, and not freed while this is used: the caller is a visitor, or the table's own thread inside
        // one of the functions below, of which none uses it after it has exchanged it (invariant).
        unsafe { &*table }
    }
}

/// For the table's own thread. A note is one of a live object.
impl Slots {
    /// Writes an address down where it was before, in the slot emptied last or in its home bucket, if nothing has had it since and there is
    /// a note. False: nothing happened.
    ///
    /// # Safety
    ///
    /// On the table's own thread.
    #[inline(always)]
    pub(super) unsafe fn write_again(&self, address: usize, note: impl FnOnce() -> Option<u64>) -> bool {
        // SAFETY: a slot of the table (invariant), which nobody but this thread exchanges.
        let emptied = unsafe { &*self.emptied.get() };
        // SAFETY: the caller's promise.
        let slot = match unsafe { emptied.has(address) } {
            true => Some(emptied),
            // SAFETY: the caller's promise.
            false => unsafe { self.quick.get().find(address) },
        };
        write_in_slot(slot, note)
    }

    /// The same further from home.
    ///
    /// # Safety
    ///
    /// On the table's own thread.
    pub(super) unsafe fn write_again_further(&self, address: usize, note: impl FnOnce() -> Option<u64>) -> bool {
        // SAFETY: the caller's promise.
        write_in_slot(unsafe { self.table().find_further(address) }, note)
    }

    /// Strikes an address out in its home bucket, if its note, which may be of no live object, is one of those wanted, which are of a live
    /// object whose address is nowhere else.
    ///
    /// # Safety
    ///
    /// On the table's own thread.
    #[inline(always)]
    pub(super) unsafe fn take_alone(&self, address: usize, wanted: impl FnOnce(u64) -> bool) -> Option<u64> {
        // SAFETY: the caller's promise.
        self.take_from_slot(unsafe { self.quick.get().find(address) }, wanted)
    }

    /// The same further from home.
    ///
    /// # Safety
    ///
    /// On the table's own thread.
    pub(super) unsafe fn take_alone_further(&self, address: usize, wanted: impl FnOnce(u64) -> bool) -> Option<u64> {
        // SAFETY: the caller's promise.
        self.take_from_slot(unsafe { self.table().find_further(address) }, wanted)
    }

    /// Writes an address down that is not there, or `beside` the same, where there is room in reach, if there is a note and nothing to
    /// [tidy](Slots::tidy). False: nothing happened.
    pub(super) fn write(&self, address: usize, beside: bool, note: impl FnOnce() -> Option<u64>) -> bool {
        let table = self.table();
        let held = table.find(address);
        if !beside && held.is_some() || self.has_many_strays(table) {
            return false;
        }
        let Some(place) = table.room(address) else { return false };
        let Some(note) = note() else { return false };
        self.write_in(table, place, held, address, note);
        true
    }

    /// Strikes an address out, if its note is one of those wanted.
    pub(super) fn take_own(&self, address: usize, wanted: impl FnOnce(u64) -> bool) -> Option<u64> {
        let slot = self.table().find(address)?.slot();
        let note = slot.note();
        (wanted(note) && slot.take(note)).then_some(note)
    }

    /// The note of an address.
    pub(super) fn note_own(&self, address: usize) -> Option<u64> {
        self.table().find(address).map(|place| place.slot().note())
    }

    /// Writes an address down, if need be in a larger table. Not from inside of this function: it allocates, and allocators may adopt.
    pub(super) fn insert(&self, address: usize, note: u64) {
        loop {
            let table = self.table();
            if let Some(place) = table.room(address) {
                return self.write_in(table, place, table.find(address), address, note);
            }
            self.grow();
        }
    }

    /// Takes a larger table if too many are not in their home buckets, or sees how far they are now. As [`insert`](Slots::insert), not from
    /// inside of itself.
    pub(super) fn tidy(&self) {
        let table = self.table();
        if !self.has_many_strays(table) {
            return;
        }
        self.strays.store(0, Ordering::Relaxed);
        if table.may_double() {
            self.grow();
        } else {
            table.measure();
        }
    }

    /// Forgets which addresses were here.
    pub(super) fn forget_dead(&self) {
        self.table().forget_dead();
    }

    fn write_in(&self, table: &Table, place: Place<'_>, held: Option<Place<'_>>, address: usize, note: u64) {
        let beside = held.is_some_and(|held| is_live(held.slot().mark_beside()));
        table.write(place, address, if beside { note | BESIDE } else { note });
        if place.is_astray() {
            self.strays.store(self.strays.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        }
    }

    #[inline(always)]
    fn take_from_slot(&self, slot: Option<&Slot>, wanted: impl FnOnce(u64) -> bool) -> Option<u64> {
        let slot = slot?;
        let note = slot.note();
        if !wanted(note) {
            return None;
        }
        debug_assert!(is_live(note) && note & BESIDE == 0);
        slot.empty();
        self.emptied.set(slot);
        Some(note)
    }

    /// So many that it is time to see how full the table is. They have paid for that, at sixteen buckets each.
    fn has_many_strays(&self, table: &Table) -> bool {
        self.strays.load(Ordering::Relaxed) > table.len() / 16
    }

    /// Moves all into a table that is twice as large, or larger if they do not fit.
    fn grow(&self) {
        let mut buckets = self.table().len();
        let before = loop {
            buckets *= 2;
            let larger = Table::boxed(buckets);
            let _alone = self.visitors.alone();
            if self.table().copy_into(&larger) {
                self.quick.set(larger.quick());
                self.emptied.set(larger.first());
                break self.table.swap(Box::into_raw(larger), Ordering::AcqRel);
            }
        };
        // SAFETY: from `Box::into_raw` (invariant), and it was exchanged while no visitor was there, so that nobody has it.
        drop(unsafe { Box::from_raw(before) });
    }
}

#[inline(always)]
fn write_in_slot(slot: Option<&Slot>, note: impl FnOnce() -> Option<u64>) -> bool {
    // Of any other note something lives, or another table has had the address since (invariant of the table).
    let Some(slot) = slot.filter(|slot| slot.note() == 0) else { return false };
    let Some(note) = note() else { return false };
    slot.write_again(note);
    true
}

/// For every thread.
impl Slots {
    /// The note of an address, if it is one of those wanted.
    pub(super) fn note(&self, address: usize, wanted: impl Fn(u64) -> bool) -> Option<u64> {
        let _visit = self.visit();
        let mut notes = self.table().in_reach(address).filter_map(|place| place.slot().read());
        notes.find_map(|(at, note)| (at == address && wanted(note)).then_some(note))
    }

    /// Strikes an address with that note out. False: it is not there any more.
    pub(super) fn take(&self, address: usize, note: u64) -> bool {
        let _visit = self.visit();
        Self::places(self.table(), address, note).any(|place| place.slot().take(note))
    }

    /// Exchanges the note of an address that is the caller's object.
    pub(super) fn change(&self, address: usize, note: u64, new: u64) {
        let _visit = self.visit();
        let _changed = Self::places(self.table(), address, note).any(|place| place.slot().change(note, new));
    }

    /// Another table is about to have this address: it cannot be written again here as if it were nowhere. Whether it lives here.
    pub(super) fn give_way(&self, address: usize) -> bool {
        let _visit = self.visit();
        let here = self.table().in_reach(address).filter(|place| place.slot().is_of(address));
        here.filter(|place| is_live(place.slot().mark_beside())).count() > 0
    }

    fn places(table: &Table, address: usize, note: u64) -> impl Iterator<Item = Place<'_>> {
        let is_it = move |(at, now)| at == address && is_same(now, note);
        table.in_reach(address).filter(move |place| place.slot().read().is_some_and(is_it))
    }

    /// All that is written down.
    pub(super) fn all(&self) -> Vec<(usize, u64)> {
        let mut all = Vec::new();
        loop {
            let count = self.each(|_| true);
            // Not during a visit: an allocator may adopt, and wait there for this visitor.
            all.reserve(count + count / 8 + 8);
            if self.each(|one| {
                all.len() < all.capacity() && {
                    all.push(one);
                    true
                }
            }) == all.len()
            {
                return all;
            }
            all.clear();
        }
    }

    /// Shows all that is written down, until one is refused, and says how many were shown.
    fn each(&self, mut show: impl FnMut((usize, u64)) -> bool) -> usize {
        let _visit = self.visit();
        let mut shown = 0;
        for one in self.table().slots().filter_map(Slot::read) {
            shown += 1;
            if !show(one) {
                break;
            }
        }
        shown
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        let _visit = self.visit();
        self.table().bytes()
    }

    fn visit(&self) -> Visit<'_> {
        self.visitors.enter()
    }

    /// In a child that was just forked: all visitors have stayed behind.
    pub(super) fn inherit(&self) {
        self.visitors.forget();
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        let table = self.table.load(Ordering::Acquire);
        // SAFETY: from `Box::into_raw` (invariant); nobody else has this.
        drop(unsafe { Box::from_raw(table) });
    }
}
