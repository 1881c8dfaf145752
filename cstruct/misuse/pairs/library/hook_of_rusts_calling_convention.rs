//! A function with Rust's calling convention is put into C's table of functions.
//! rows: 18, 22; class: ABI mismatch
//@revisions: right wrong
//@[right] run

use core::ffi::c_void;
use cstruct::kit::AllocatorHook;

static HOOK: AllocatorHook = AllocatorHook::new();

#[repr(C)]
struct memory {
    malloc: unsafe extern "C" fn(usize) -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void),
}

#[cfg(wrong)]
fn hook_malloc(size: usize) -> *mut c_void {
    HOOK.alloc_with_size(size)
}

#[cfg(right)]
extern "C" fn hook_malloc(size: usize) -> *mut c_void {
    HOOK.alloc_with_size(size)
}

unsafe extern "C" fn hook_free(block: *mut c_void) {
    // SAFETY: C frees what it got from hook_malloc, once.
    unsafe { HOOK.release_with_size(block) }
}

fn main() {
    let table = memory { malloc: hook_malloc, free: hook_free }; //~[wrong] E0308
    // SAFETY: any size may be asked for.
    let block = unsafe { (table.malloc)(100) };
    // SAFETY: it was made just now.
    unsafe { (table.free)(block) };
    assert_eq!(HOOK.allocations().live(), 0);
}
