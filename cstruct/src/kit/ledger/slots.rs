//! Where one thread writes down what it adopted: a table that one thread fills and every thread may read.
//!
//! ```text
//!   Slots ──► newest Segment ──► the one before (half of the total) ──► …
//!             ┌────────────────────────────────┐
//!    hash ──► │ bucket: 4 addresses, 4 notes   │ one cache line
//!             │ … and up to 7 buckets further  │ how far, says the home bucket's reach
//!             └────────────────────────────────┘
//! ```
//!
//! Only the thread whose table it is puts something into an empty slot, so that costs it plain stores. A slot is emptied by
//! whoever releases the object: its own thread with a store, any other with one compare-and-exchange. Nothing ever moves, no
//! segment is freed, and only the newest is filled.

use alloc::boxed::Box;
use core::hint::select_unpredictable;

use super::sync::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};

const WAYS: usize = 4;
/// Buckets of the first segment: 4 KiB, and few where loom looks at every one.
const FIRST: usize = if cfg!(loom) { 2 } else { 64 };
/// How far from its home bucket an address may be.
const REACH: usize = 8;
const REACH_BITS: usize = 4;
const REACHES_A_WORD: usize = u64::BITS as usize / REACH_BITS;

/// # Invariants
///
/// Only the table's thread stores a note, and changes an address from 0.
#[repr(align(64))]
struct Bucket {
    addresses: [AtomicUsize; WAYS],
    notes: [AtomicU64; WAYS],
}

/// # Invariants
///
/// There are `1 << (64 - shift)` buckets, at least two, and words for as many reaches: what that shift leaves of an address's
/// product is the number of its home.
struct Segment {
    buckets: Box<[Bucket]>,
    shift: u32,
    /// For each bucket four bits: how many buckets further its addresses went at most.
    reaches: Box<[AtomicU64]>,
    before: Option<&'static Segment>,
}

/// The table. Its segments are never freed: it lives as long as the process.
pub(super) struct Slots {
    newest: AtomicPtr<Segment>,
    /// What may be left in the segments before the newest: a bit for each 64th of all addresses. For the table's own thread.
    left: AtomicU64,
    /// How often a look for an address went to those segments since `left` was found out. For the table's own thread.
    looks: AtomicUsize,
    /// Set while the table's own thread allocates a segment: its allocator may adopt something itself.
    growing: AtomicUsize,
}

/// One place of a table.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    bucket: &'static Bucket,
    way: usize,
}

/// What a search for an address found.
pub(super) enum Found {
    /// It is written down.
    Here,
    /// It is not, and here is room for it.
    Room(Slot),
    /// It is not, and there is no room in reach.
    Full,
}

impl Slots {
    pub(super) fn new() -> Slots {
        Slots {
            newest: AtomicPtr::new(Segment::leak(FIRST, None)),
            left: AtomicU64::new(0),
            looks: AtomicUsize::new(0),
            growing: AtomicUsize::new(0),
        }
    }

    #[inline]
    fn newest(&self) -> &'static Segment {
        let newest = self.newest.load(Ordering::Acquire);
        // SAFETY: from `Segment::leak`, and never freed; the acquire load sees it made.
        unsafe { &*newest }
    }

    /// Looks for an address, from any thread.
    #[inline]
    pub(super) fn find(&self, address: usize) -> Option<Slot> {
        let newest = self.newest();
        newest.find(address).or_else(|| newest.find_before(address))
    }

    /// As [`find`](Slots::find), for the table's own thread.
    pub(super) fn find_own(&self, address: usize) -> Option<Slot> {
        let newest = self.newest();
        newest.find(address).or_else(|| {
            if !self.may_be_left(address) {
                return None;
            }
            self.look(newest);
            newest.find_before(address)
        })
    }

    /// Looks for an address whose note is wanted, from any thread: that of one of many counts.
    #[cold]
    pub(super) fn find_where(&self, address: usize, wanted: impl Fn(u64) -> bool) -> Option<Slot> {
        core::iter::successors(Some(self.newest()), |segment| segment.before)
            .flat_map(|segment| {
                let home = segment.home(address);
                (0..=segment.reach(home)).map(move |further| segment.bucket(home + further))
            })
            .flat_map(|bucket| (0..WAYS).map(move |way| Slot { bucket, way }))
            .find(|slot| slot.read().is_some_and(|(at, note)| at == address && wanted(note)))
    }

    /// Room for an address in its home bucket, if that is the only place where it could be and it is not there. For the
    /// table's own thread.
    #[inline(always)]
    pub(super) fn quick_room(&self, address: usize) -> Option<Slot> {
        let newest = self.newest();
        let home = newest.home(address);
        let bucket = newest.home_bucket(home);
        if bucket.has(address) || newest.reach(home) != 0 || self.may_be_left(address) {
            return None;
        }
        let slot = Slot { bucket, way: bucket.way_of(0) };
        slot.holds(0).then_some(slot)
    }

    /// Looks for an address, or else for room. For the table's own thread.
    pub(super) fn find_or_room(&self, address: usize) -> Found {
        if self.find_own(address).is_some() {
            return Found::Here;
        }
        let newest = self.newest();
        newest.narrow(newest.home(address));
        newest.room(address).map_or(Found::Full, Found::Room)
    }

    /// The slot of an address in its home bucket. For the table's own thread.
    #[inline(always)]
    pub(super) fn quick_find(&self, address: usize) -> Option<Slot> {
        let newest = self.newest();
        let bucket = newest.home_bucket(newest.home(address));
        let slot = Slot { bucket, way: bucket.way_of(address) };
        slot.holds(address).then_some(slot)
    }

    /// Room for one more of an address that may be there already, unless there are many of it. For the table's own thread.
    pub(super) fn room_beside(&self, address: usize) -> Option<Slot> {
        self.newest().room(address)
    }

    /// Room for an address that is not there; none inside an allocation of this table. For the table's own
    /// thread.
    pub(super) fn room(&self, address: usize) -> Option<Slot> {
        loop {
            if let Some(slot) = self.newest().room(address) {
                return Some(slot);
            }
            if self.growing.swap(1, Ordering::Relaxed) != 0 {
                return None;
            }
            let newest = self.newest();
            let total = core::iter::successors(Some(newest), |segment| segment.before)
                .map(|segment| segment.buckets.len())
                .sum::<usize>();
            // As large as all before together. Each length is a power of two, and the first two are equal.
            self.newest.store(Segment::leak(total.next_power_of_two(), Some(newest)), Ordering::Release);
            self.left.store(u64::MAX, Ordering::Relaxed);
            self.looks.store(0, Ordering::Relaxed);
            self.growing.store(0, Ordering::Relaxed);
        }
    }

    /// Whether an address may be in the segments before the newest. For the table's own thread.
    #[inline(always)]
    fn may_be_left(&self, address: usize) -> bool {
        self.left.load(Ordering::Relaxed) & part_of(address) != 0
    }

    /// After as many looks as the segments before the newest have buckets, finds out what is left there. Each look has paid
    /// for one bucket.
    fn look(&self, newest: &'static Segment) {
        let looks = self.looks.load(Ordering::Relaxed) + 1;
        // As many as the newest has, or fewer.
        if looks < newest.buckets.len() {
            return self.looks.store(looks, Ordering::Relaxed);
        }
        let left = newest
            .older()
            .flat_map(|segment| &segment.buckets)
            .flat_map(Bucket::addresses)
            .filter(|address| *address != 0)
            .fold(0, |left, address| left | part_of(address));
        self.left.store(left, Ordering::Relaxed);
        self.looks.store(0, Ordering::Relaxed);
    }

    /// Every slot, from any thread.
    pub(super) fn iter(&self) -> impl Iterator<Item = Slot> {
        core::iter::successors(Some(self.newest()), |segment| segment.before)
            .flat_map(|segment| &segment.buckets)
            .flat_map(|bucket| (0..WAYS).map(move |way| Slot { bucket, way }))
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        core::iter::successors(Some(self.newest()), |segment| segment.before).map(Segment::bytes).sum()
    }
}

/// The bit of `Slots::left` for an address.
#[inline(always)]
fn part_of(address: usize) -> u64 {
    1 << (address >> 6 & 63)
}

impl Segment {
    fn leak(buckets: usize, before: Option<&'static Segment>) -> &'static mut Segment {
        // INVARIANT: `FIRST`, or the sum of such numbers made a power of two.
        Box::leak(Box::new(Segment {
            buckets: (0..buckets).map(|_| Bucket::new()).collect(),
            shift: u64::BITS - buckets.trailing_zeros(),
            reaches: (0..buckets.div_ceil(REACHES_A_WORD)).map(|_| AtomicU64::new(0)).collect(),
            before,
        }))
    }

    /// Objects lie at multiples of 16 mostly, and near each other: the product's high bits spread them.
    #[inline(always)]
    fn home(&self, address: usize) -> usize {
        // The golden ratio, for an address without its lowest four bits.
        let product = (address as u64).wrapping_mul(0x09E3_779B_97F4_A7C1);
        (product >> (self.shift & 63)) as usize
    }

    /// The bucket of a home.
    #[inline(always)]
    fn home_bucket(&'static self, home: usize) -> &'static Bucket {
        debug_assert!(home < self.buckets.len());
        // SAFETY: from `home`, whose shift leaves no more than the number of buckets less one (invariant).
        unsafe { self.buckets.get_unchecked(home) }
    }

    /// The word that has the reach of a home, and where in it.
    #[inline(always)]
    fn word_of_reach(&self, home: usize) -> (&AtomicU64, usize) {
        debug_assert!(home < self.buckets.len());
        // SAFETY: as above: there are words for as many reaches as buckets (invariant).
        let word = unsafe { self.reaches.get_unchecked(home / REACHES_A_WORD) };
        (word, home % REACHES_A_WORD * REACH_BITS)
    }

    /// A bucket by number; beyond the last, the first come again.
    #[inline]
    fn bucket(&'static self, at: usize) -> &'static Bucket {
        &self.buckets[at & (self.buckets.len() - 1)]
    }

    #[inline(always)]
    fn reach(&self, home: usize) -> usize {
        let (word, shift) = self.word_of_reach(home);
        (word.load(Ordering::Acquire) >> shift) as usize & (REACH - 1)
    }

    /// Only the table's thread changes a reach, so that a load and a store lose nothing.
    fn set_reach(&self, home: usize, reach: usize) {
        let (word, shift) = self.word_of_reach(home);
        let others = word.load(Ordering::Relaxed) & !((REACH as u64 - 1) << shift);
        word.store(others | (reach as u64) << shift, Ordering::Release);
    }

    /// Forgets how far the addresses of a home once went, if those that are left did not. For the table's own thread.
    fn narrow(&'static self, home: usize) {
        let reach = self.reach(home);
        let is_of_home = |address: usize| address != 0 && self.home(address) == home;
        let still =
            (1..=reach).rev().find(|further| self.bucket(home + further).addresses().into_iter().any(is_of_home));
        let still = still.unwrap_or(0);
        if still < reach {
            self.set_reach(home, still);
        }
    }

    fn find(&'static self, address: usize) -> Option<Slot> {
        let home = self.home(address);
        let mut found = self.bucket(home).find(address);
        let mut further = 0;
        while found.is_none() && further < self.reach(home) {
            further += 1;
            found = self.bucket(home + further).find(address);
        }
        found
    }

    fn find_before(&'static self, address: usize) -> Option<Slot> {
        self.older().find_map(|segment| segment.find(address))
    }

    /// The segments before this one.
    fn older(&self) -> impl Iterator<Item = &'static Segment> + use<> {
        core::iter::successors(self.before, |segment| segment.before)
    }

    fn room(&'static self, address: usize) -> Option<Slot> {
        let home = self.home(address);
        let (further, slot) = (0..REACH).find_map(|further| Some((further, self.bucket(home + further).find(0)?)))?;
        if further > self.reach(home) {
            self.set_reach(home, further);
        }
        Some(slot)
    }

    fn bytes(&self) -> usize {
        size_of::<Segment>() + size_of_val::<[Bucket]>(&self.buckets) + size_of_val::<[AtomicU64]>(&self.reaches)
    }
}

impl Bucket {
    fn new() -> Bucket {
        Bucket {
            addresses: core::array::from_fn(|_| AtomicUsize::new(0)),
            notes: core::array::from_fn(|_| AtomicU64::new(0)),
        }
    }

    /// The first way of an address; any if none has it. Which one it is cannot be foreseen, so that a branch for each would cost more
    /// than all comparisons together.
    #[inline(always)]
    fn way_of(&self, address: usize) -> usize {
        let [a, b, c, _] = self.addresses();
        let way = select_unpredictable(c == address, 2, 3);
        let way = select_unpredictable(b == address, 1, way);
        select_unpredictable(a == address, 0, way)
    }

    /// Whether a way has the address.
    #[inline(always)]
    fn has(&self, address: usize) -> bool {
        self.addresses.iter().any(|at| at.load(Ordering::Relaxed) == address)
    }

    /// What its ways hold; 0 for an empty one.
    #[inline(always)]
    fn addresses(&self) -> [usize; WAYS] {
        // Acquire: who finds an address sees its note, and who finds none may write another.
        self.addresses.each_ref().map(|at| at.load(Ordering::Acquire))
    }

    #[inline]
    fn find(&'static self, address: usize) -> Option<Slot> {
        let way = self.addresses().iter().position(|at| *at == address)?;
        Some(Slot { bucket: self, way })
    }
}

impl Slot {
    #[inline(always)]
    fn address(self) -> &'static AtomicUsize {
        debug_assert!(self.way < WAYS);
        // SAFETY: `way` is of `way_of`, or of a position in the array: less than `WAYS`.
        unsafe { self.bucket.addresses.get_unchecked(self.way) }
    }

    #[inline(always)]
    fn note_of(self) -> &'static AtomicU64 {
        debug_assert!(self.way < WAYS);
        // SAFETY: as above.
        unsafe { self.bucket.notes.get_unchecked(self.way) }
    }

    /// Whether it holds that address; 0 for an empty one.
    #[inline(always)]
    fn holds(self, address: usize) -> bool {
        self.address().load(Ordering::Acquire) == address
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

    /// Empties it from another thread, unless somebody was faster. True for exactly one.
    pub(super) fn empty_from_afar(self, address: usize) -> bool {
        let at = self.address();
        at.compare_exchange(address, 0, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}
