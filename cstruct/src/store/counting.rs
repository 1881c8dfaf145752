//! The library's allocator hook, with every call counted.

use core::ffi::c_void;
use core::ptr;

use cstruct_sys as sys;

use crate::kit::AllocatorHook;

/// The books of the process: the library has one allocator.
pub(super) static HOOK: AllocatorHook = AllocatorHook::new();

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

unsafe extern "C" fn alloc(_user: *mut c_void, size: usize) -> *mut c_void {
    HOOK.alloc(size)
}

unsafe extern "C" fn resize(_user: *mut c_void, block: *mut c_void, old_size: usize, new_size: usize) -> *mut c_void {
    // SAFETY: the library hands back a block of this table's that it has not released, with its size.
    unsafe { HOOK.resize(block, old_size, new_size) }
}

unsafe extern "C" fn release(_user: *mut c_void, block: *mut c_void, size: usize) {
    // SAFETY: as in `resize`, and the library does not use it afterwards.
    unsafe { HOOK.release(block, size) }
}
