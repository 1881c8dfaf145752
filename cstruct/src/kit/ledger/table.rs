//! A hash table of a size that stays: buckets, found by an address's hash.
//!
//! An address lies in its home bucket or, where that was full, astray in one of the next.

use alloc::boxed::Box;

use super::bucket::{Bucket, Slot};
use super::homes::Homes;
use super::sync::{AtomicU16, Ordering};

/// In how many buckets an address may be, its home among them.
const REACH: u8 = 8;

/// # Invariants
///
/// There are as many buckets, and as many words of strays, as `homes` has homes.
pub(super) struct Table {
    buckets: Box<[Bucket]>,
    homes: Homes,
    /// For each home the count of its strays, and how many steps the farthest went: eight bits each.
    strays: Box<[AtomicU16]>,
}

/// The place of an address, or a place for one.
#[derive(Clone, Copy)]
pub(super) struct Place<'t> {
    home: usize,
    further: u8,
    slot: Slot<'t>,
}

const ONE_STRAY: u16 = 1 << 8;

impl Table {
    /// A new one, with so many buckets: a power of two.
    pub(super) fn boxed(buckets: usize) -> Box<Table> {
        // INVARIANT: as many homes, buckets, and words.
        Box::new(Table {
            buckets: (0..buckets).map(|_| Bucket::new()).collect(),
            homes: Homes::new(buckets),
            strays: (0..buckets).map(|_| AtomicU16::new(0)).collect(),
        })
    }

    /// How many buckets it has.
    pub(super) fn len(&self) -> usize {
        self.buckets.len()
    }

    /// Looks for an address, from any thread.
    pub(super) fn find(&self, address: usize) -> Option<Place<'_>> {
        let home = self.home(address);
        let look = |further| Some(Place { home, further, slot: self.bucket(home, further).find(address)? });
        look(0).or_else(|| (1..=self.reach(home)).find_map(look))
    }

    /// Every place where an address may be, whatever is there.
    pub(super) fn in_reach(&self, address: usize) -> impl Iterator<Item = Place<'_>> {
        let home = self.home(address);
        (0..=self.reach(home))
            .flat_map(move |further| self.bucket(home, further).slots().map(move |slot| Place { home, further, slot }))
    }

    /// The slot of an address in its home bucket.
    #[inline(always)]
    pub(super) fn quick_find(&self, address: usize) -> Option<Slot<'_>> {
        self.home_bucket(self.home(address)).quick_find(address)
    }

    /// Room for an address in its home bucket, if that is the only place where it could be and it is not there.
    #[inline(always)]
    pub(super) fn quick_room(&self, address: usize) -> Option<Slot<'_>> {
        let home = self.home(address);
        let slot = self.home_bucket(home).quick_room(address)?;
        (self.strays_of(home).load(Ordering::Acquire) == 0).then_some(slot)
    }

    /// Room for an address, as near to its home as there is any. For the table's own thread.
    pub(super) fn room(&self, address: usize) -> Option<Place<'_>> {
        let home = self.home(address);
        (0..REACH).find_map(|further| Some(Place { home, further, slot: self.bucket(home, further).find(0)? }))
    }

    /// Writes an address down there. For the table's own thread.
    pub(super) fn write(&self, place: Place<'_>, address: usize, note: u64) {
        if place.is_astray() {
            // Before it is there, so that who finds it can count it out.
            self.change_strays(place.home, |strays| {
                let farthest = u16::from(place.further).max(strays % ONE_STRAY);
                strays / ONE_STRAY * ONE_STRAY + ONE_STRAY + farthest
            });
        }
        place.slot.write(address, note);
    }

    /// Strikes an address out there, unless somebody was faster. True for exactly one thread.
    pub(super) fn take(&self, place: Place<'_>, address: usize) -> bool {
        let taken = place.slot.take(address);
        if taken && place.is_astray() {
            // The last one takes the reach with it.
            self.change_strays(place.home, |strays| if strays < 2 * ONE_STRAY { 0 } else { strays - ONE_STRAY });
        }
        taken
    }

    fn change_strays(&self, home: usize, change: impl Fn(u16) -> u16) {
        // Release: who sees the word sees what was written down before; and nothing is changed but the word.
        let _ = self.strays_of(home).fetch_update(Ordering::AcqRel, Ordering::Relaxed, |strays| Some(change(strays)));
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
        let held = self.buckets.iter().flat_map(Bucket::addresses).filter(|address| *address != 0).count();
        2 * self.bytes() <= 64 * held
    }

    /// Every slot.
    pub(super) fn slots(&self) -> impl Iterator<Item = Slot<'_>> {
        self.buckets.iter().flat_map(Bucket::slots)
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Table>() + size_of_val::<[Bucket]>(&self.buckets) + size_of_val::<[AtomicU16]>(&self.strays)
    }

    #[inline(always)]
    fn home(&self, address: usize) -> usize {
        self.homes.of(address)
    }

    /// The bucket of a home.
    #[inline(always)]
    fn home_bucket(&self, home: usize) -> &Bucket {
        debug_assert!(home < self.buckets.len());
        // SAFETY: from `home`, which is one of as many as there are buckets (invariant).
        unsafe { self.buckets.get_unchecked(home) }
    }

    /// The bucket so many steps from a home; beyond the last, the first come again.
    #[inline]
    fn bucket(&self, home: usize, further: u8) -> &Bucket {
        // A home is full because its neighbours are: a step is five eighths of all.
        let step = self.buckets.len() / 8 * 5 + 1;
        &self.buckets[(home + usize::from(further) * step) & (self.buckets.len() - 1)]
    }

    fn reach(&self, home: usize) -> u8 {
        (self.strays_of(home).load(Ordering::Acquire) % ONE_STRAY) as u8
    }

    #[inline(always)]
    fn strays_of(&self, home: usize) -> &AtomicU16 {
        debug_assert!(home < self.strays.len());
        // SAFETY: from `home`, as above: there are as many words (invariant).
        unsafe { self.strays.get_unchecked(home) }
    }
}

impl<'t> Place<'t> {
    /// Whether that is not the home bucket.
    pub(super) fn is_astray(&self) -> bool {
        self.further > 0
    }

    pub(super) fn slot(&self) -> Slot<'t> {
        self.slot
    }
}
