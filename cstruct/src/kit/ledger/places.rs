//! Every place that adopts, under a small number: type, way of holding it, line of the source.
//!
//! A program has few places and many objects, so an object's note has the number. A thread knows the places that it met
//! last; for others it asks under a lock.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use core::cell::Cell;
use core::panic::Location;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Mutex, PoisonError};

use super::info::Info;
use super::note::Placed;

pub(super) type Site = &'static Location<'static>;

/// Bits of a place's number. More places than that are told as the last one.
pub(super) const PLACE_BITS: u32 = 16;
const PLACES: usize = 1 << PLACE_BITS;
const CHUNK: usize = 512;

#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) info: &'static Info,
    pub(super) site: Site,
}

type Chunk = [AtomicPtr<Place>; CHUNK];

static CHUNKS: [AtomicPtr<Chunk>; PLACES / CHUNK] = [const { AtomicPtr::new(ptr::null_mut()) }; PLACES / CHUNK];
static NUMBERS: Mutex<BTreeMap<(usize, usize), u32>> = Mutex::new(BTreeMap::new());

/// The place with that number, which [`Known::number`] gave.
pub(super) fn of(number: u32) -> Place {
    let (chunk, at) = (number as usize / CHUNK, number as usize % CHUNK);
    let chunk = CHUNKS[chunk].load(Ordering::Acquire);
    // SAFETY: a number is given only after its chunk and place were stored, and neither is ever freed.
    let chunk = unsafe { &*chunk };
    let place = chunk[at].load(Ordering::Acquire);
    // SAFETY: as above.
    unsafe { *place }
}

fn intern(info: &'static Info, site: Site) -> u32 {
    let mut numbers = NUMBERS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (ptr::from_ref(info).addr(), ptr::from_ref(site).addr());
    if let Some(number) = numbers.get(&key) {
        return *number;
    }
    let number = numbers.len().min(PLACES - 1);
    let chunk = &CHUNKS[number / CHUNK];
    if chunk.load(Ordering::Relaxed).is_null() {
        let fresh: Box<Chunk> = Box::new([const { AtomicPtr::new(ptr::null_mut()) }; CHUNK]);
        chunk.store(Box::leak(fresh), Ordering::Release);
    }
    // SAFETY: not NULL, from `Box::leak`, never freed; the lock is held, so nobody else stores.
    let places = unsafe { &*chunk.load(Ordering::Relaxed) };
    if places[number % CHUNK].load(Ordering::Relaxed).is_null() {
        places[number % CHUNK].store(Box::leak(Box::new(Place { info, site })), Ordering::Release);
    }
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    numbers.insert(key, number);
    number
}

const LATEST: usize = 64;

/// The places that one thread met last.
pub(super) struct Known([KnownPlace; LATEST]);

/// As large as a power of two, so that it is found without a multiplication.
#[repr(align(32))]
struct KnownPlace(Cell<Option<(&'static Info, Site, Placed)>>);

impl Known {
    pub(super) fn new() -> Known {
        Known([const { KnownPlace(Cell::new(None)) }; LATEST])
    }

    /// The number of a place, if the thread knows it. For the table's own thread.
    #[inline(always)]
    pub(super) fn quick_number(&self, info: &'static Info, site: Site) -> Option<Placed> {
        match self.known(info, site).get() {
            Some((of, at, number)) if ptr::eq(of, info) && ptr::eq(at, site) => Some(number),
            _ => None,
        }
    }

    /// The number of a place. For the table's own thread.
    pub(super) fn number(&self, info: &'static Info, site: Site) -> Placed {
        self.quick_number(info, site).unwrap_or_else(|| {
            let number = Placed::new(intern(info, site));
            self.known(info, site).set(Some((info, site, number)));
            number
        })
    }

    #[inline(always)]
    fn known(&self, info: &'static Info, site: Site) -> &Cell<Option<(&'static Info, Site, Placed)>> {
        // Both are aligned to 8.
        let spread = (ptr::from_ref(info).addr() ^ ptr::from_ref(site).addr()) >> 3;
        &self.0[spread % LATEST].0
    }
}
