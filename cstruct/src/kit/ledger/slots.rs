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

use super::sync::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};

const WAYS: usize = 4;
/// Buckets of the first segment: 4 KiB, and few where loom looks at every one.
const FIRST: usize = if cfg!(loom) { 2 } else { 64 };
/// How far from its home bucket an address may be.
const REACH: usize = 8;

/// # Invariants
///
/// Only the table's thread stores a note, and changes an address from 0.
#[repr(align(64))]
struct Bucket {
    addresses: [AtomicUsize; WAYS],
    notes: [AtomicU64; WAYS],
}

struct Segment {
    /// A power of two of them.
    buckets: Box<[Bucket]>,
    /// What is left of an address's product after that shift is its home.
    shift: u32,
    /// For each bucket, how many buckets further its addresses went at most.
    reaches: Box<[AtomicUsize]>,
    before: Option<&'static Segment>,
    /// How often its thread looked here since a newer segment exists; `EMPTY` when nothing is left here and in those before.
    looks: AtomicUsize,
}

const EMPTY: usize = usize::MAX;

/// The table. Its segments are never freed: it lives as long as the process.
pub(super) struct Slots {
    newest: AtomicPtr<Segment>,
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
        Slots { newest: AtomicPtr::new(Segment::leak(FIRST, None)), growing: AtomicUsize::new(0) }
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
        match (newest.find(address), newest.before) {
            (None, Some(_)) => newest.find_before(address, false),
            (found, _) => found,
        }
    }

    /// As [`find`](Slots::find), for the table's own thread.
    pub(super) fn find_own(&self, address: usize) -> Option<Slot> {
        let newest = self.newest();
        match (newest.find(address), newest.before) {
            (None, Some(before)) if !before.is_empty() => newest.find_before(address, true),
            (found, _) => found,
        }
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
        // `get`, here and below: a branch to the slow half is cheaper than one to a panic, and neither is ever taken.
        let bucket = newest.buckets.get(home)?;
        let (here, room) = (bucket.ways_of(address), bucket.ways_of(0));
        if here != 0
            || room == 0
            || newest.quick_reach(home)? != 0
            || newest.before.is_some_and(|before| !before.is_empty())
        {
            return None;
        }
        Some(Slot { bucket, way: room.trailing_zeros() as usize % WAYS })
    }

    /// Looks for an address, or else for room. For the table's own thread.
    pub(super) fn find_or_room(&self, address: usize) -> Found {
        if self.find_own(address).is_some() {
            return Found::Here;
        }
        self.newest().room(address).map_or(Found::Full, Found::Room)
    }

    /// The slot of an address in its home bucket. For the table's own thread.
    #[inline(always)]
    pub(super) fn quick_find(&self, address: usize) -> Option<Slot> {
        let newest = self.newest();
        let bucket = newest.buckets.get(newest.home(address))?;
        let ways = bucket.ways_of(address);
        (ways != 0).then(|| Slot { bucket, way: ways.trailing_zeros() as usize % WAYS })
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
            self.growing.store(0, Ordering::Relaxed);
        }
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

impl Segment {
    fn leak(buckets: usize, before: Option<&'static Segment>) -> &'static mut Segment {
        Box::leak(Box::new(Segment {
            buckets: (0..buckets).map(|_| Bucket::new()).collect(),
            shift: u64::BITS - buckets.trailing_zeros(),
            reaches: (0..buckets.div_ceil(REACHES_A_WORD)).map(|_| AtomicUsize::new(0)).collect(),
            before,
            looks: AtomicUsize::new(0),
        }))
    }

    /// Objects lie at multiples of 16 mostly, and near each other: the product's high bits spread them.
    #[inline]
    fn home(&self, address: usize) -> usize {
        let spread = (address as u64 >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (spread >> self.shift) as usize
    }

    /// A bucket by number; beyond the last, the first come again.
    #[inline]
    fn bucket(&'static self, at: usize) -> &'static Bucket {
        &self.buckets[at & (self.buckets.len() - 1)]
    }

    #[inline]
    fn reach(&self, home: usize) -> usize {
        self.quick_reach(home).unwrap_or(0)
    }

    #[inline(always)]
    fn quick_reach(&self, home: usize) -> Option<usize> {
        let word = self.reaches.get(home / REACHES_A_WORD)?.load(Ordering::Acquire);
        Some(word >> (REACH_BITS * (home % REACHES_A_WORD)) & (REACH - 1))
    }

    /// Only the table's thread widens a reach, so that a load and a store lose nothing.
    fn widen(&self, home: usize, reach: usize) {
        let word = &self.reaches[home / REACHES_A_WORD];
        let shift = REACH_BITS * (home % REACHES_A_WORD);
        let others = word.load(Ordering::Relaxed) & !((REACH - 1) << shift);
        word.store(others | reach << shift, Ordering::Release);
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

    #[cold]
    #[inline(never)]
    fn find_before(&'static self, address: usize, own: bool) -> Option<Slot> {
        core::iter::successors(self.before, |segment| segment.before).filter(|segment| !segment.is_empty()).find_map(
            |segment| {
                if own {
                    segment.look();
                }
                segment.find(address)
            },
        )
    }

    fn room(&'static self, address: usize) -> Option<Slot> {
        let home = self.home(address);
        let (further, slot) = (0..REACH).find_map(|further| Some((further, self.bucket(home + further).find(0)?)))?;
        if further > self.reach(home) {
            self.widen(home, further);
        }
        Some(slot)
    }

    /// Whether nothing is left in a segment that is not filled any more, and in those before it.
    #[inline]
    fn is_empty(&self) -> bool {
        self.looks.load(Ordering::Relaxed) == EMPTY
    }

    /// After as many looks as it has buckets, finds out whether anything is left. Each look has paid for one bucket.
    fn look(&self) {
        let looks = self.looks.load(Ordering::Relaxed) + 1;
        if looks < self.buckets.len() {
            return self.looks.store(looks, Ordering::Relaxed);
        }
        let left = self.before.is_some_and(|before| !before.is_empty())
            || self.buckets.iter().flat_map(|bucket| &bucket.addresses).any(|at| at.load(Ordering::Relaxed) != 0);
        self.looks.store(if left { 0 } else { EMPTY }, Ordering::Relaxed);
    }

    fn bytes(&self) -> usize {
        size_of::<Segment>() + size_of_val::<[Bucket]>(&self.buckets) + size_of_val::<[AtomicUsize]>(&self.reaches)
    }
}

const REACH_BITS: usize = 4;
const REACHES_A_WORD: usize = usize::BITS as usize / REACH_BITS;
const _: () = assert!(REACH <= 1 << REACH_BITS);

impl Bucket {
    fn new() -> Bucket {
        Bucket {
            addresses: core::array::from_fn(|_| AtomicUsize::new(0)),
            notes: core::array::from_fn(|_| AtomicU64::new(0)),
        }
    }

    /// A bit for each way that holds the address. Which one it is cannot be foreseen, so that a branch for each would cost
    /// more than all comparisons together.
    #[inline(always)]
    fn ways_of(&self, address: usize) -> u32 {
        let [a, b, c, d] = self.addresses.each_ref().map(|at| u32::from(at.load(Ordering::Acquire) == address));
        a | b << 1 | c << 2 | d << 3
    }

    #[inline]
    fn find(&'static self, address: usize) -> Option<Slot> {
        // Acquire: who finds the address sees its note.
        let way = self.addresses.iter().position(|at| at.load(Ordering::Acquire) == address)?;
        Some(Slot { bucket: self, way })
    }
}

impl Slot {
    /// Writes an adoption down. For the table's own thread, and an empty slot.
    #[inline]
    pub(super) fn write(self, address: usize, note: u64) {
        // Release: who sees the note sees that the address before it was emptied.
        self.bucket.notes[self.way].store(note, Ordering::Release);
        // Release: who sees the address sees its note.
        self.bucket.addresses[self.way].store(address, Ordering::Release);
    }

    /// The address that is written down here, with its note. None: it is empty, or changes just now.
    pub(super) fn read(self) -> Option<(usize, u64)> {
        let at = &self.bucket.addresses[self.way];
        let address = at.load(Ordering::Acquire);
        // Acquire: if it is the note of a later object, the address below is not this one's any more.
        let note = self.bucket.notes[self.way].load(Ordering::Acquire);
        (address != 0 && at.load(Ordering::Relaxed) == address).then_some((address, note))
    }

    /// The note of a slot that holds an object of the caller's: nobody writes to it meanwhile.
    #[inline]
    pub(super) fn note(self) -> u64 {
        self.bucket.notes[self.way].load(Ordering::Relaxed)
    }

    /// Changes the note of the caller's object.
    pub(super) fn mark(self, note: u64) {
        self.bucket.notes[self.way].store(note, Ordering::Relaxed);
    }

    /// Empties it. For the table's own thread.
    #[inline]
    pub(super) fn empty(self) {
        // Release: what was read of the note was read before.
        self.bucket.addresses[self.way].store(0, Ordering::Release);
    }

    /// Empties it from another thread, unless somebody was faster. True for exactly one.
    pub(super) fn empty_from_afar(self, address: usize) -> bool {
        let at = &self.bucket.addresses[self.way];
        at.compare_exchange(address, 0, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}
