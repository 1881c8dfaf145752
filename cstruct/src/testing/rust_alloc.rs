//! A global allocator whose requests are not C's.

use core::alloc::{GlobalAlloc, Layout};
use std::alloc::System;

use super::plan::rusts_own;

/// Passes Rust's own allocations on to another allocator, and exempts them from every run.
///
/// Where `malloc` is interposed, Rust's `System` allocator goes through it as well; without this a refused request would end the process.
/// [`interpose_malloc!`](super::interpose_malloc) makes it the global allocator. A test program that has one of its own puts this round it:
///
/// ```
/// use cstruct::testing::RustAlloc;
/// use std::alloc::System;
///
/// #[global_allocator]
/// static GLOBAL: RustAlloc = RustAlloc(System);
/// # assert_eq!(vec![1, 2].len(), 2);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct RustAlloc<A = System>(
    /// Where the memory comes from.
    pub A,
);

// SAFETY: every call is passed on as it is, and `rusts_own` only counts on this thread: it neither allocates nor unwinds.
unsafe impl<A: GlobalAlloc> GlobalAlloc for RustAlloc<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the same.
        rusts_own(|| unsafe { self.0.alloc(layout) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is the same.
        rusts_own(|| unsafe { self.0.dealloc(block, layout) });
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the same.
        rusts_own(|| unsafe { self.0.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller's promise is the same.
        rusts_own(|| unsafe { self.0.realloc(block, layout, new_size) })
    }
}
