//! Where one thread writes down what it adopted: a table that one thread fills and every thread may read.
//!
//! ```text
//!   Slots ──► Table ──► ┌────────────────────────────────┐
//!             hash ───► │ bucket: 4 addresses, 4 notes   │ one cache line
//!                       │ … and up to 7 buckets more     │ how many, says the home
//!                       └────────────────────────────────┘
//! ```
//!
//! Only the thread whose table it is puts something into an empty slot, so that costs it plain stores. A slot is emptied by
//! whoever releases the object: its own thread with a store, any other with one compare-and-exchange. When many have found their
//! home bucket full, and half of all slots are, its own thread moves all into a table that is twice as large; meanwhile nobody
//! else is let in.
//!
//! What a function below does, it does at once: no slot is held from one to the next, so that none is of a table that is gone.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::sync::{AtomicPtr, AtomicUsize, Ordering};
use super::table::{Place, Table};
use super::visitors::{Visit, Visitors};

/// Buckets of the first table: 4 KiB, and few where loom looks at every one.
const FIRST: usize = if cfg!(loom) { 2 } else { 64 };

/// # Invariants
///
/// `table` comes from `Box::into_raw`. It is exchanged, and the one before is freed, by the table's own thread alone, outside of
/// every other function of its own, and while no visitor is there.
pub(super) struct Slots {
    table: AtomicPtr<Table>,
    visitors: Visitors,
    /// How many found no room in their home bucket since it was last seen how full the table is. For the table's own thread.
    strays: AtomicUsize,
}

impl Slots {
    pub(super) fn new() -> Slots {
        Slots {
            table: AtomicPtr::new(Box::into_raw(Table::boxed(FIRST))),
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

/// For the table's own thread.
impl Slots {
    /// Writes an address down in its home bucket, if that is the only place where it could be and it is not there, and if there is a
    /// note. False: nothing happened.
    #[inline(always)]
    pub(super) fn quick_write(&self, address: usize, note: impl FnOnce() -> Option<u64>) -> bool {
        let Some(slot) = self.table().quick_room(address) else { return false };
        let Some(note) = note() else { return false };
        slot.write(address, note);
        true
    }

    /// Strikes an address out in its home bucket, if its note is one of those wanted.
    #[inline(always)]
    pub(super) fn quick_take(&self, address: usize, wanted: impl FnOnce(u64) -> bool) -> Option<u64> {
        let slot = self.table().quick_find(address)?;
        let note = slot.note();
        if !wanted(note) {
            return None;
        }
        slot.empty();
        Some(note)
    }

    /// Writes an address down that is not there, or `beside` the same, where there is room in reach, if there is a note and nothing to
    /// [tidy](Slots::tidy). False: nothing happened.
    pub(super) fn write(&self, address: usize, beside: bool, note: impl FnOnce() -> Option<u64>) -> bool {
        let table = self.table();
        if self.has_many_strays(table) || !beside && table.find(address).is_some() {
            return false;
        }
        let Some(place) = table.room(address) else { return false };
        let Some(note) = note() else { return false };
        self.write_in(table, place, address, note);
        true
    }

    /// Strikes an address out, if its note is one of those wanted.
    pub(super) fn take_own(&self, address: usize, wanted: impl FnOnce(u64) -> bool) -> Option<u64> {
        let table = self.table();
        let place = table.find(address)?;
        let note = place.slot().note();
        (wanted(note) && table.take(place, address)).then_some(note)
    }

    /// The note of an address.
    pub(super) fn note_own(&self, address: usize) -> Option<u64> {
        self.table().find(address).map(|place| place.slot().note())
    }

    /// Writes an address down that is not there, if need be in a larger table. Not from inside of this function: it allocates, and
    /// allocators may adopt.
    pub(super) fn insert(&self, address: usize, note: u64) {
        loop {
            let table = self.table();
            if let Some(place) = table.room(address) {
                return self.write_in(table, place, address, note);
            }
            self.grow();
        }
    }

    /// Takes a larger table if too many are not in their home buckets. As [`insert`](Slots::insert), not from inside of itself.
    pub(super) fn tidy(&self) {
        if self.has_many_strays(self.table()) {
            self.strays.store(0, Ordering::Relaxed);
            if self.table().may_double() {
                self.grow();
            }
        }
    }

    fn write_in(&self, table: &Table, place: Place<'_>, address: usize, note: u64) {
        table.write(place, address, note);
        if place.is_astray() {
            self.strays.store(self.strays.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        }
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
                break self.table.swap(Box::into_raw(larger), Ordering::AcqRel);
            }
        };
        // SAFETY: from `Box::into_raw` (invariant), and it was exchanged while no visitor was there, so that nobody has it.
        drop(unsafe { Box::from_raw(before) });
    }
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
        let table = self.table();
        let place = table.in_reach(address).find(|place| place.slot().read() == Some((address, note)));
        place.is_some_and(|place| table.take(place, address))
    }

    /// Exchanges the note of an address that is the caller's object.
    pub(super) fn change(&self, address: usize, note: u64, new: u64) {
        let _visit = self.visit();
        let place = self.table().in_reach(address).find(|place| place.slot().read() == Some((address, note)));
        if let Some(place) = place {
            place.slot().mark(new);
        }
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
        for one in self.table().slots().filter_map(|slot| slot.read()) {
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
