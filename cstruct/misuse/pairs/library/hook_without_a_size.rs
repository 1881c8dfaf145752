//! A block is given back without its size, which the table hands over.
//! rows: 18; class: wrong deallocator
//@revisions: right wrong
//@[right] run

use core::ffi::c_void;
use cstruct::kit::AllocatorHook;

static HOOK: AllocatorHook = AllocatorHook::new();

unsafe extern "C" fn hook_alloc(size: usize) -> *mut c_void {
    HOOK.alloc(size)
}

unsafe extern "C" fn hook_free(block: *mut c_void, size: usize) {
    #[cfg(wrong)]
    // SAFETY: C gives back what it got from hook_alloc, once.
    unsafe {
        HOOK.release(block) //~[wrong] E0061
    };
    #[cfg(right)]
    // SAFETY: C gives back what it got from hook_alloc, once, and says its size.
    unsafe {
        HOOK.release(block, size)
    }
}

fn main() {
    // SAFETY: any size may be asked for.
    let block = unsafe { hook_alloc(100) };
    // SAFETY: it was made just now, with that size.
    unsafe { hook_free(block, 100) };
    assert_eq!(HOOK.allocations().live(), 0);
}
