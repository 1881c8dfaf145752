//! A hash table of a size that stays: buckets, found by an address's hash.
//!
//! An address lies in its home bucket or, where that was full, astray in one of others.

use alloc::boxed::Box;

use super::bucket::{Bucket, Slot, is_live};
use super::homes::Homes;
use super::sync::{AtomicU8, Ordering};

/// In how many buckets an address may be, its home among them.
const REACH: u8 = 8;

/// # Invariants
///
/// There are as many buckets, and as many reaches, as `homes` has homes. An address that lives is at most its home's reach further.
///
/// If a bucket in its home's reach has a slot of an address whose note is 0, ready to be written again, then nothing lives at that address.
pub(super) struct Table {
    buckets: Box<[Bucket]>,
    homes: Homes,
    /// For each home how many steps the farthest went of those astray. Only the table's own thread stores it.
    reaches: Box<[AtomicU8]>,
}

/// Where a table's home buckets are, for its own thread, without a look at the table itself.
///
/// # Invariants
///
/// At `buckets` are as many as `homes` has homes, as long as the table is there.
#[derive(Clone, Copy)]
pub(super) struct Quick {
    buckets: *const Bucket,
    homes: Homes,
}

impl Quick {
    /// The first slot that has the address in its home bucket, whether its object lives or not.
    ///
    /// # Safety
    ///
    /// On the table's own thread, and while the table is there.
    #[inline(always)]
    pub(super) unsafe fn find<'t>(self, address: usize) -> Option<&'t Slot> {
        // SAFETY: the offset is a home's number times the bytes of a bucket, and there are as many buckets as homes (invariant).
        let home = unsafe { self.buckets.byte_add(self.homes.offset(address)) };
        // SAFETY: a bucket of a table that is there, by the caller's promise.
        let home = unsafe { &*home };
        // SAFETY: the caller's promise.
        unsafe { home.quick_find(address) }
    }
}

/// The place of an address, or a place for one.
#[derive(Clone, Copy)]
pub(super) struct Place<'t> {
    home: usize,
    further: u8,
    slot: &'t Slot,
}

impl Table {
    /// A new one, with so many buckets: a power of two.
    pub(super) fn boxed(buckets: usize) -> Box<Table> {
        // INVARIANT: as many homes, buckets, and reaches; nothing lives.
        Box::new(Table {
            buckets: (0..buckets).map(|_| Bucket::new()).collect(),
            homes: Homes::new(buckets),
            reaches: (0..buckets).map(|_| AtomicU8::new(0)).collect(),
        })
    }

    /// How many buckets it has.
    pub(super) fn len(&self) -> usize {
        self.buckets.len()
    }

    /// The first live object of an address, from any thread.
    pub(super) fn find(&self, address: usize) -> Option<Place<'_>> {
        let home = self.homes.of(address);
        (0..=self.reach(home)).find_map(|further| self.place(home, further, address, |bucket| bucket.find(address)))
    }

    /// The first slot further from home that has the address, whether its object lives or not.
    ///
    /// # Safety
    ///
    /// On the table's own thread.
    pub(super) unsafe fn find_further(&self, address: usize) -> Option<&Slot> {
        let home = self.homes.of(address);
        (1..=self.reach(home)).find_map(|further| {
            // SAFETY: the caller's promise.
            unsafe { self.bucket(home, further, address).quick_find(address) }
        })
    }

    /// Every place where an address may be, whatever is there.
    pub(super) fn in_reach(&self, address: usize) -> impl Iterator<Item = Place<'_>> {
        let home = self.homes.of(address);
        (0..=self.reach(home)).flat_map(move |further| {
            let bucket = self.bucket(home, further, address);
            bucket.slots().map(move |slot| Place { home, further, slot })
        })
    }

    /// What the table's own thread needs to look into home buckets.
    pub(super) fn quick(&self) -> Quick {
        // INVARIANT: of one table.
        Quick { buckets: self.buckets.as_ptr(), homes: self.homes }
    }

    /// Its first slot.
    pub(super) fn first(&self) -> &Slot {
        self.buckets[0].first()
    }

    /// Room for an address: where it was before, or as near to its home as there is any. For the table's own thread.
    pub(super) fn room(&self, address: usize) -> Option<Place<'_>> {
        let home = self.homes.of(address);
        let again = |further| self.place(home, further, address, |bucket| bucket.room_again(address));
        let room = |further| self.place(home, further, address, Bucket::room);
        (0..=self.reach(home)).find_map(again).or_else(|| (0..REACH).find_map(room))
    }

    fn place<'t>(
        &'t self,
        home: usize,
        further: u8,
        address: usize,
        find: impl FnOnce(&'t Bucket) -> Option<&'t Slot>,
    ) -> Option<Place<'t>> {
        Some(Place { home, further, slot: find(self.bucket(home, further, address))? })
    }

    /// Writes an address down there. For the table's own thread.
    pub(super) fn write(&self, place: Place<'_>, address: usize, note: u64) {
        if place.further > self.reach(place.home) {
            // Release: before it is there, so that who looks for it afterwards looks far enough.
            self.reaches[place.home].store(place.further, Ordering::Release);
        }
        place.slot.write(address, note);
    }

    /// Sees how far those went that are there now, and forgets the others. For the table's own thread.
    pub(super) fn measure(&self) {
        self.forget_dead();
        let mut reaches = alloc::vec![0; self.len()];
        for (at, bucket) in self.buckets.iter().enumerate() {
            for address in bucket.slots().filter(|slot| is_live(slot.note())).map(Slot::address) {
                let home = self.homes.of(address);
                let far = (0..REACH).find(|further| self.nth(home, *further, address) == at);
                reaches[home] = far.unwrap_or(REACH).max(reaches[home]);
            }
        }
        for (reach, measured) in self.reaches.iter().zip(reaches) {
            reach.store(measured, Ordering::Release);
        }
    }

    /// Forgets the addresses where nothing lives. For the table's own thread.
    pub(super) fn forget_dead(&self) {
        self.slots().filter(|slot| !is_live(slot.note())).for_each(Slot::forget);
    }

    /// Writes down there what is written down here; false if something found no room. For the table's own thread, alone.
    pub(super) fn copy_into(&self, other: &Table) -> bool {
        self.slots().filter_map(Slot::read).all(|(address, note)| {
            let place = other.room(address);
            place.inspect(|place| other.write(*place, address, note)).is_some()
        })
    }

    /// Whether so much is written down that a table twice as large takes no more than 64 bytes for each: half of the slots or little
    /// more.
    pub(super) fn may_double(&self) -> bool {
        let held = self.slots().filter(|slot| is_live(slot.note())).count();
        2 * self.bytes() <= 64 * held
    }

    /// Every slot.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.buckets.iter().flat_map(Bucket::slots)
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Table>() + size_of_val::<[Bucket]>(&self.buckets) + size_of_val::<[AtomicU8]>(&self.reaches)
    }

    fn bucket(&self, home: usize, further: u8, address: usize) -> &Bucket {
        &self.buckets[self.nth(home, further, address)]
    }

    /// The bucket so many steps from an address's home; beyond the last, the first come again.
    fn nth(&self, home: usize, further: u8, address: usize) -> usize {
        if further == 0 {
            return home;
        }
        // A home is full because its neighbours are, which may be half of the table, or those at some distance. So each address goes
        // its own way, and its steps are of five eighths of all: they lead into every part.
        (home + self.homes.away(address) + usize::from(further) * (self.len() / 8 * 5)) & (self.len() - 1)
    }

    fn reach(&self, home: usize) -> u8 {
        self.reaches[home].load(Ordering::Acquire)
    }
}

impl<'t> Place<'t> {
    /// Whether that is not the home bucket.
    pub(super) fn is_astray(&self) -> bool {
        self.further > 0
    }

    pub(super) fn slot(&self) -> &'t Slot {
        self.slot
    }
}
