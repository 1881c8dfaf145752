//! Faults through the hook by which a library takes its memory.

use core::ffi::c_void;
use std::format;

use super::{Books, FaultSource, Request};
use crate::kit::{Allocations, AllocatorHook};

/// An allocator for a C library's hook that refuses what it is told to, and watches what comes back.
///
/// It has the functions of [`AllocatorHook`], and takes its place in the tests: a `static`, and `extern "C"` functions of one line each. Beyond
/// that, new memory is filled with `0xA5`, so that nobody counts on zeroes; a resized block always moves; a block that comes back in a
/// run is filled with `0x5A`; and one that comes back with another size than it was made with fails the run.
///
/// ```
/// use cstruct::testing::{Hook, Torture};
/// use core::ffi::c_void;
///
/// static HOOK: Hook = Hook::new();
///
/// unsafe extern "C" fn hook_malloc(size: usize) -> *mut c_void {
///     HOOK.alloc_with_size(size)
/// }
/// unsafe extern "C" fn hook_free(block: *mut c_void) {
///     // SAFETY: C frees what it got from hook_malloc, once.
///     unsafe { HOOK.release_with_size(block) }
/// }
/// # /// A library with one object, made of two blocks.
/// # unsafe fn thing_new() -> *mut c_void {
/// #     let inner = unsafe { hook_malloc(8) };
/// #     if inner.is_null() { return inner }
/// #     let outer = unsafe { hook_malloc(size_of::<*mut c_void>()) };
/// #     if outer.is_null() { unsafe { hook_free(inner) }; return outer }
/// #     unsafe { outer.cast::<*mut c_void>().write(inner) };
/// #     outer
/// # }
/// # unsafe fn thing_free(thing: *mut c_void) {
/// #     unsafe { hook_free(thing.cast::<*mut c_void>().read()) };
/// #     unsafe { hook_free(thing) };
/// # }
/// // library_set_allocator(hook_malloc, hook_free), and then:
/// let report = Torture::new("a thing", &HOOK).run(|| {
///     // SAFETY: it gives a thing that is ours, or NULL.
///     let thing = unsafe { thing_new() };
///     if thing.is_null() {
///         return Err("no memory");
///     }
///     // SAFETY: made above, and not used again.
///     Ok(unsafe { thing_free(thing) })
/// });
/// assert_eq!((report.requests, report.points()), (2, 4));
/// ```
#[derive(Debug, Default)]
pub struct Hook {
    memory: AllocatorHook,
    books: Books,
}

/// Making one.
impl Hook {
    /// With empty books.
    pub const fn new() -> Hook {
        Hook { memory: AllocatorHook::new(), books: Books::new() }
    }
}

/// For a table that hands sizes back.
impl Hook {
    /// As [`AllocatorHook::alloc`].
    pub fn alloc(&self, size: usize) -> *mut c_void {
        self.alloc_with_size(size)
    }

    /// As [`AllocatorHook::resize`].
    ///
    /// # Safety
    ///
    /// `block` is NULL, or was made here and not given back. `old_size` is not believed, but compared.
    pub unsafe fn resize(&self, block: *mut c_void, old_size: usize, new_size: usize) -> *mut c_void {
        // SAFETY: the caller's promise is the same.
        unsafe { self.change(block, Some(old_size), new_size) }
    }

    /// As [`AllocatorHook::release`].
    ///
    /// # Safety
    ///
    /// `block` is NULL, or was made here and not given back, and is not used afterwards. `size` is not believed, but compared.
    pub unsafe fn release(&self, block: *mut c_void, size: usize) {
        // SAFETY: the caller's promise is the same.
        unsafe { self.put(block, Some(size)) }
    }
}

/// For a table that does not hand sizes back.
impl Hook {
    /// As [`AllocatorHook::alloc_with_size`].
    pub fn alloc_with_size(&self, size: usize) -> *mut c_void {
        let request = self.books.asks();
        if request == Request::Refused {
            return core::ptr::null_mut();
        }
        let block = self.memory.alloc_with_size(size);
        if !block.is_null() {
            // SAFETY: a new block of `size` bytes, which nobody knows yet.
            unsafe { block.cast::<u8>().write_bytes(0xA5, size) };
            self.books.made(request, block.addr(), size);
        }
        block
    }

    /// As [`AllocatorHook::resize_with_size`].
    ///
    /// # Safety
    ///
    /// `block` is NULL, or was made here and not given back.
    pub unsafe fn resize_with_size(&self, block: *mut c_void, new_size: usize) -> *mut c_void {
        // SAFETY: the caller's promise is the same.
        unsafe { self.change(block, None, new_size) }
    }

    /// As [`AllocatorHook::release_with_size`].
    ///
    /// # Safety
    ///
    /// `block` is NULL, or was made here and not given back, and is not used afterwards.
    pub unsafe fn release_with_size(&self, block: *mut c_void) {
        // SAFETY: the caller's promise is the same.
        unsafe { self.put(block, None) }
    }
}

/// The books.
impl Hook {
    /// As [`AllocatorHook::allocations`].
    pub fn allocations(&self) -> Allocations {
        self.memory.allocations()
    }
}

/// The work.
impl Hook {
    /// # Safety
    ///
    /// As for [`resize`](Hook::resize).
    unsafe fn change(&self, block: *mut c_void, told: Option<usize>, new_size: usize) -> *mut c_void {
        if block.is_null() {
            return self.alloc_with_size(new_size);
        }
        let Some(old) = self.books.gone(block.addr()) else {
            // Made outside of a run: it may be refused, and stays outside.
            if self.books.asks() == Request::Refused {
                return core::ptr::null_mut();
            }
            // SAFETY: made here, as the caller says, and so with its size in front.
            return unsafe { self.memory.resize_with_size(block, new_size) };
        };
        self.compare(old.size, told);
        let request = self.books.asks();
        let moved =
            if request == Request::Refused { core::ptr::null_mut() } else { self.memory.alloc_with_size(new_size) };
        if moved.is_null() {
            self.books.insert(block.addr(), old);
            return moved;
        }
        // SAFETY: a new block of `new_size` bytes.
        unsafe { moved.cast::<u8>().write_bytes(0xA5, new_size) };
        // SAFETY: two live blocks, each at least as large as the smaller size.
        unsafe { moved.copy_from_nonoverlapping(block, old.size.min(new_size)) };
        // SAFETY: the old block has that many bytes, and nobody uses it any more.
        unsafe { block.cast::<u8>().write_bytes(0x5A, old.size) };
        // SAFETY: made here with its size in front, and struck out above.
        unsafe { self.memory.release_with_size(block) };
        let number = if let Request::Granted(number) = request { number } else { old.request };
        self.books.insert(moved.addr(), super::Block { request: number, size: new_size });
        moved
    }

    /// # Safety
    ///
    /// As for [`release`](Hook::release).
    unsafe fn put(&self, block: *mut c_void, told: Option<usize>) {
        if block.is_null() {
            return;
        }
        if let Some(old) = self.books.gone(block.addr()) {
            self.compare(old.size, told);
            // SAFETY: the block has that many bytes, and nobody uses it any more.
            unsafe { block.cast::<u8>().write_bytes(0x5A, old.size) };
        }
        // SAFETY: made here, as the caller says, and so with its size in front; it is not used again.
        unsafe { self.memory.release_with_size(block) };
    }

    fn compare(&self, size: usize, told: Option<usize>) {
        if let Some(told) = told.filter(|&told| told != size) {
            self.books.fault(format!("a block of {size} bytes came back as one of {told}; keep its size"));
        }
    }
}

impl FaultSource for Hook {
    fn books(&self) -> &Books {
        &self.books
    }
}
