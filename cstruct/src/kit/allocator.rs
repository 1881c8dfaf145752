//! Memory for a library that lets its user choose where memory comes from.
//!
//! ```text
//!   C library ──► table of functions ──► extern "C" one-liners of the author ──► AllocatorHook ──► Rust's allocator
//! ```

use alloc::alloc::{Layout, alloc, dealloc, realloc};
use core::ffi::c_void;
use core::fmt;
use core::ptr;
use core::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

/// An allocator for a C library's hook, which keeps books of what the library asks for.
///
/// Allocator tables differ in their signatures, and agree in their meaning: the author writes the three `extern "C"` functions, each
/// of one line. A `static` one serves a hook that is global; one in an `Arc` among the keepers serves a hook of one object.
/// Memory comes from Rust's global allocator, aligned for any C type.
///
/// | the table hands sizes back | use |
/// |---|---|
/// | yes | [`alloc`](AllocatorHook::alloc), [`resize`](AllocatorHook::resize), [`release`](AllocatorHook::release) |
/// | no, like `free(p)` | [`alloc_with_size`](AllocatorHook::alloc_with_size), [`resize_with_size`](AllocatorHook::resize_with_size), [`release_with_size`](AllocatorHook::release_with_size): the size is kept in front of the block |
///
/// ```
/// use cstruct::kit::AllocatorHook;
/// use core::ffi::c_void;
///
/// static HOOK: AllocatorHook = AllocatorHook::new();
///
/// unsafe extern "C" fn hook_malloc(size: usize) -> *mut c_void {
///     HOOK.alloc_with_size(size)
/// }
/// unsafe extern "C" fn hook_free(block: *mut c_void) {
///     // SAFETY: C frees what it got from hook_malloc, once.
///     unsafe { HOOK.release_with_size(block) }
/// }
/// # unsafe fn library_set_allocator(malloc: unsafe extern "C" fn(usize) -> *mut c_void, free: unsafe extern "C" fn(*mut c_void)) {
/// #     let block = unsafe { malloc(100) };
/// #     unsafe { free(block) };
/// # }
/// // SAFETY: before any other call of the library; the functions do what malloc and free do.
/// unsafe { library_set_allocator(hook_malloc, hook_free) };
/// let books = HOOK.allocations();
/// assert_eq!((books.allocs, books.live(), books.peak_bytes), (1, 0, 100));
/// ```
pub struct AllocatorHook {
    // Nothing is read through them. The one order that matters is that of `frees` after `allocs`: release and acquire.
    allocs: AtomicU64,
    frees: AtomicU64,
    live_bytes: AtomicU64,
    peak_bytes: AtomicU64,
}

/// What a library asked of its allocator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocations {
    /// Blocks that were made; a resized block is the same block.
    pub allocs: u64,
    /// Blocks that were given back.
    pub frees: u64,
    /// Bytes that live now, as C counts them.
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

/// What `malloc` promises: aligned for any C type. It is also the room for a size in front of a block.
const ALIGN: usize = 16;

/// Making one.
impl AllocatorHook {
    /// With empty books.
    pub const fn new() -> AllocatorHook {
        AllocatorHook {
            allocs: AtomicU64::new(0),
            frees: AtomicU64::new(0),
            live_bytes: AtomicU64::new(0),
            peak_bytes: AtomicU64::new(0),
        }
    }
}

impl Default for AllocatorHook {
    fn default() -> Self {
        AllocatorHook::new()
    }
}

/// For a table that hands sizes back.
impl AllocatorHook {
    /// `size` bytes, not zeroed, or NULL. A size of 0 gives a block as well.
    #[inline]
    pub fn alloc(&self, size: usize) -> *mut c_void {
        self.get(size, 0)
    }

    /// The block with another size, perhaps elsewhere; NULL leaves it as it was. A NULL block makes a new one.
    ///
    /// # Safety
    ///
    /// `block` is NULL, or was made here with `old_size` and was not given back.
    #[inline]
    pub unsafe fn resize(&self, block: *mut c_void, old_size: usize, new_size: usize) -> *mut c_void {
        if block.is_null() {
            return self.alloc(new_size);
        }
        // SAFETY: made here with `old_size` and nothing in front, as the caller says.
        unsafe { self.change(block, old_size, new_size, 0) }
    }

    /// Gives the block back. NULL: nothing happens.
    ///
    /// # Safety
    ///
    /// `block` is NULL, or was made here with `size`, and is not used afterwards.
    #[inline]
    pub unsafe fn release(&self, block: *mut c_void, size: usize) {
        if !block.is_null() {
            // SAFETY: made here with `size` and nothing in front, as the caller says.
            unsafe { self.put(block, size, 0) }
        }
    }
}

/// For a table that does not hand sizes back: the size stands in front of the block.
impl AllocatorHook {
    /// As [`alloc`](AllocatorHook::alloc).
    #[inline]
    pub fn alloc_with_size(&self, size: usize) -> *mut c_void {
        let front = self.get(size, ALIGN);
        if front.is_null() {
            return front;
        }
        // SAFETY: there are `ALIGN` bytes in front of what C gets.
        unsafe { behind(front, size) }
    }

    /// As [`resize`](AllocatorHook::resize).
    ///
    /// # Safety
    ///
    /// `block` is NULL, or was made here by a function that ends in `_with_size`, and was not given back.
    #[inline]
    pub unsafe fn resize_with_size(&self, block: *mut c_void, new_size: usize) -> *mut c_void {
        if block.is_null() {
            return self.alloc_with_size(new_size);
        }
        // SAFETY: made here with its size in front, as the caller says.
        let (front, old_size) = unsafe { in_front_of(block) };
        // SAFETY: made here with that size, and `ALIGN` bytes in front.
        let front = unsafe { self.change(front, old_size, new_size, ALIGN) };
        if front.is_null() {
            return front;
        }
        // SAFETY: as in `alloc_with_size`.
        unsafe { behind(front, new_size) }
    }

    /// As [`release`](AllocatorHook::release).
    ///
    /// # Safety
    ///
    /// As for [`resize_with_size`](AllocatorHook::resize_with_size), and `block` is not used afterwards.
    #[inline]
    pub unsafe fn release_with_size(&self, block: *mut c_void) {
        if block.is_null() {
            return;
        }
        // SAFETY: made here with its size in front, as the caller says.
        let (front, size) = unsafe { in_front_of(block) };
        // SAFETY: made here with that size, and `ALIGN` bytes in front.
        unsafe { self.put(front, size, ALIGN) };
    }
}

/// The books.
impl AllocatorHook {
    /// What was asked for since the beginning.
    pub fn allocations(&self) -> Allocations {
        // Frees first: a block that is made and given back in between makes too many allocs, never too few. Acquire: so does one that
        // was given back on another thread than the one that made it.
        let frees = self.frees.load(Acquire);
        Allocations {
            allocs: self.allocs.load(Relaxed),
            frees,
            live_bytes: self.live_bytes.load(Relaxed),
            peak_bytes: self.peak_bytes.load(Relaxed),
        }
    }

    /// Lets the peak begin anew from what lives now.
    pub fn restart_peak(&self) {
        self.peak_bytes.store(self.live_bytes.load(Relaxed), Relaxed);
    }
}

/// The work. `front` bytes before a block are ours, and not in the books.
impl AllocatorHook {
    #[inline]
    fn get(&self, size: usize, front: usize) -> *mut c_void {
        let Some(layout) = layout(size, front) else { return ptr::null_mut() };
        // SAFETY: a layout of ours is not of size 0.
        let block = unsafe { alloc(layout) };
        if !block.is_null() {
            self.allocs.fetch_add(1, Relaxed);
            self.grown(size);
        }
        block.cast()
    }

    /// # Safety
    ///
    /// `block` is from `get` or this, with that size and that front, and was not given back.
    #[inline]
    unsafe fn change(&self, block: *mut c_void, old_size: usize, new_size: usize, front: usize) -> *mut c_void {
        let (Some(old), Some(new)) = (layout(old_size, front), layout(new_size, front)) else { return ptr::null_mut() };
        // SAFETY: made with the old layout, as the caller says; the new size is that of a layout, and so neither 0 nor too large.
        let block = unsafe { realloc(block.cast(), old, new.size()) };
        if !block.is_null() {
            self.live_bytes.fetch_sub(old_size as u64, Relaxed);
            self.grown(new_size);
        }
        block.cast()
    }

    /// # Safety
    ///
    /// `block` is from `get` or `change`, with that size and that front, and is not used afterwards.
    #[inline]
    unsafe fn put(&self, block: *mut c_void, size: usize, front: usize) {
        let Some(layout) = layout(size, front) else { return };
        // SAFETY: made with this layout, as the caller says.
        unsafe { dealloc(block.cast(), layout) };
        self.frees.fetch_add(1, Release);
        self.live_bytes.fetch_sub(size as u64, Relaxed);
    }

    #[inline]
    fn grown(&self, bytes: usize) {
        let live = self.live_bytes.fetch_add(bytes as u64, Relaxed) + bytes as u64;
        self.peak_bytes.fetch_max(live, Relaxed);
    }
}

/// What Rust is asked for; `None` when that is larger than any object can be. Never of size 0.
#[inline]
fn layout(size: usize, front: usize) -> Option<Layout> {
    Layout::from_size_align(size.max(1).checked_add(front)?, ALIGN).ok()
}

/// Writes the size in front, and gives what is behind it.
///
/// # Safety
///
/// `front` is a block of at least `ALIGN` bytes, aligned to that.
#[inline]
unsafe fn behind(front: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: there is room for a `usize`, aligned.
    unsafe { front.cast::<usize>().write(size) };
    // SAFETY: within the block, or one past its end.
    unsafe { front.byte_add(ALIGN) }
}

/// The whole block, and the size that stands in front.
///
/// # Safety
///
/// `block` is from [`behind`], and lives.
#[inline]
unsafe fn in_front_of(block: *mut c_void) -> (*mut c_void, usize) {
    // SAFETY: `behind` went as far in the other direction.
    let front = unsafe { block.byte_sub(ALIGN) };
    // SAFETY: `behind` has written it.
    let size = unsafe { front.cast::<usize>().read() };
    (front, size)
}

impl fmt::Debug for AllocatorHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.allocations().fmt(f)
    }
}
