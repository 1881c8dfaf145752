//! The library's allocator hook, with every call counted.

use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use cstruct_sys as sys;

/// What a library asked of its allocator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocations {
    /// Blocks that were made; a resized block is the same block.
    pub allocs: u64,
    /// Blocks that were given back.
    pub frees: u64,
    /// Bytes that live now.
    pub live_bytes: u64,
    /// The most bytes that lived at a time.
    pub peak_bytes: u64,
}

impl Allocations {
    /// Blocks that live now.
    pub fn live(&self) -> u64 {
        self.allocs - self.frees
    }
}

/// The table that the library is given.
pub(super) static TABLE: Table = Table(sys::cstruct_allocator {
    user: ptr::null_mut(),
    alloc: Some(alloc),
    resize: Some(resize),
    release: Some(release),
});

#[repr(transparent)]
pub(super) struct Table(pub(super) sys::cstruct_allocator);

// SAFETY: it is never written to; its `user` is NULL, and its functions may be called from any thread.
unsafe impl Sync for Table {}

// Each figure stands alone: nothing is read through them, so the order between them does not matter.
static ALLOCS: AtomicU64 = AtomicU64::new(0);
static FREES: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicU64 = AtomicU64::new(0);
static PEAK: AtomicU64 = AtomicU64::new(0);

/// Starts all figures at nothing. For when nothing lives.
pub(super) fn restart() {
    for figure in [&ALLOCS, &FREES, &LIVE, &PEAK] {
        figure.store(0, Relaxed);
    }
}

pub(super) fn restart_peak() {
    PEAK.store(LIVE.load(Relaxed), Relaxed);
}

pub(super) fn read() -> Allocations {
    // Frees first: a block that is made and given back in between makes too many allocs, never too few.
    let frees = FREES.load(Relaxed);
    Allocations { allocs: ALLOCS.load(Relaxed), frees, live_bytes: LIVE.load(Relaxed), peak_bytes: PEAK.load(Relaxed) }
}

fn grown(bytes: usize) {
    let live = LIVE.fetch_add(bytes as u64, Relaxed) + bytes as u64;
    PEAK.fetch_max(live, Relaxed);
}

unsafe extern "C" fn alloc(_user: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: no precondition.
    let block = unsafe { libc::malloc(size) };
    if !block.is_null() {
        ALLOCS.fetch_add(1, Relaxed);
        grown(size);
    }
    block
}

unsafe extern "C" fn resize(_user: *mut c_void, block: *mut c_void, old_size: usize, new_size: usize) -> *mut c_void {
    // SAFETY: the library passes a block that `alloc` or this function made and that is not given back yet.
    let resized = unsafe { libc::realloc(block, new_size) };
    if !resized.is_null() {
        LIVE.fetch_sub(old_size as u64, Relaxed);
        grown(new_size);
    }
    resized
}

unsafe extern "C" fn release(_user: *mut c_void, block: *mut c_void, size: usize) {
    // SAFETY: the library passes a block that was made here and is not used again.
    unsafe { libc::free(block) };
    FREES.fetch_add(1, Relaxed);
    LIVE.fetch_sub(size as u64, Relaxed);
}
