//! Allocators of ours for one stream.

use core::ffi::{c_uint, c_void};
use core::ptr::{self, NonNull};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cstruct::kit::{Loan, Registered};

use crate::this_thread;

/// Where a stream gets its memory from.
///
/// # Safety
///
/// [`allocate`](Allocator::allocate) gives NULL, or a block of `items * size` bytes, aligned for every C type, that nobody else uses
/// until it is freed.
pub unsafe trait Allocator: Send + Sync + 'static {
    /// Asks for a block; NULL when there is none, which is `Z_MEM_ERROR` for whoever called zlib.
    fn allocate(&self, items: c_uint, size: c_uint) -> *mut c_void;

    /// Frees a block.
    ///
    /// # Safety
    ///
    /// It is from [`allocate`](Allocator::allocate) of this allocator, and was not freed before.
    unsafe fn free(&self, block: NonNull<c_void>);
}

// SAFETY: as for what is in the `Arc`.
unsafe impl<A: Allocator> Allocator for Arc<A> {
    fn allocate(&self, items: c_uint, size: c_uint) -> *mut c_void {
        (**self).allocate(items, size)
    }

    unsafe fn free(&self, block: NonNull<c_void>) {
        // SAFETY: the caller's promise is the same.
        unsafe { (**self).free(block) }
    }
}

/// The keeper of a stream with an allocator: zlib has its address, so it ends after the stream and after every copy of it.
pub type Allocated<A> = Arc<Registered<A>>;

pub(super) fn keep<A: Allocator>(allocator: A) -> Allocated<A> {
    // Panics wait with the thread; see `this_thread`.
    Arc::new(Registered::new(allocator, &Arc::default()))
}

pub(super) unsafe extern "C" fn allocate<A: Allocator>(
    opaque: *mut c_void,
    items: c_uint,
    size: c_uint,
) -> *mut c_void {
    let call = |allocator: &A| this_thread::run(|| allocator.allocate(items, size), ptr::null_mut());
    // SAFETY: zlib hands back the `opaque` of the stream, which is the hook of its keeper. `A: Sync`.
    unsafe { Registered::<A>::call_shared(opaque, call, ptr::null_mut()) }
}

pub(super) unsafe extern "C" fn free<A: Allocator>(opaque: *mut c_void, block: *mut c_void) {
    let Some(block) = NonNull::new(block) else { return };
    // SAFETY: zlib frees what it was given, once.
    let call = |allocator: &A| this_thread::run(|| unsafe { allocator.free(block) }, ());
    // SAFETY: as in `allocate`.
    unsafe { Registered::<A>::call_shared(opaque, call, ()) }
}

/// An allocator that counts, and gives no more than it was allowed to.
///
/// ```
/// use cstruct_strangers::zlib::{Deflate, Level, Metered};
/// use std::sync::Arc;
///
/// let memory = Arc::new(Metered::up_to(1 << 20));
/// let deflate = Deflate::with_allocator(Level::BEST, Default::default(), Arc::clone(&memory))?;
/// assert!(memory.live_bytes() > 200_000);
/// drop(deflate);
/// assert_eq!(memory.live_bytes(), 0);
/// # Ok::<(), cstruct_strangers::zlib::ZError>(())
/// ```
#[derive(Debug)]
pub struct Metered {
    limit: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    blocks: HashMap<usize, Loan<Vec<u128>>>,
    allocations: u64,
    live: usize,
    peak: usize,
}

impl Metered {
    /// Gives at most that many bytes at a time.
    #[must_use]
    pub fn up_to(limit: usize) -> Metered {
        Metered { limit, state: Mutex::default() }
    }

    /// How many blocks were given.
    #[must_use]
    pub fn allocations(&self) -> u64 {
        self.state().allocations
    }

    /// How many blocks are in use.
    #[must_use]
    pub fn live_blocks(&self) -> usize {
        self.state().blocks.len()
    }

    /// How many bytes are in use.
    #[must_use]
    pub fn live_bytes(&self) -> usize {
        self.state().live
    }

    /// How many bytes were in use at most.
    #[must_use]
    pub fn peak_bytes(&self) -> usize {
        self.state().peak
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// SAFETY: a block is a `Vec` of its own, of the size that was asked for or more, and aligned to 16 bytes; it lives until it is freed.
unsafe impl Allocator for Metered {
    fn allocate(&self, items: c_uint, size: c_uint) -> *mut c_void {
        let mut state = self.state();
        let room = self.limit.saturating_sub(state.live); // blocks are rounded up
        let bytes = (items as usize).checked_mul(size as usize).filter(|bytes| *bytes <= room);
        let Some(bytes) = bytes else { return ptr::null_mut() };
        // SAFETY: zlib's use ends before it frees the block, and any bytes are a `u128`.
        let block = unsafe { Loan::new(vec![0_u128; bytes.div_ceil(size_of::<u128>()).max(1)]) };
        let address = block.as_mut_ptr();
        state.live += block.len() * size_of::<u128>();
        state.peak = state.peak.max(state.live);
        state.allocations += 1;
        state.blocks.insert(address.addr(), block);
        address.cast()
    }

    unsafe fn free(&self, block: NonNull<c_void>) {
        let mut state = self.state();
        let block = state.blocks.remove(&block.addr().get()).expect("a block of this allocator");
        state.live -= block.len() * size_of::<u128>();
    }
}
