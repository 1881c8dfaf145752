//! Memory for a library's allocator hook: the books agree with what was asked, and nothing that cannot be had is promised.

use std::ffi::c_void;

use cstruct::kit::{Allocations, AllocatorHook};

fn books(allocs: u64, frees: u64, live_bytes: u64, peak_bytes: u64) -> Allocations {
    Allocations { allocs, frees, live_bytes, peak_bytes }
}

fn fill(block: *mut c_void, len: usize, byte: u8) {
    assert!(!block.is_null() && block.addr().is_multiple_of(16), "aligned for any C type");
    // SAFETY: the block has `len` bytes.
    unsafe { block.cast::<u8>().write_bytes(byte, len) };
}

fn holds(block: *mut c_void, len: usize, byte: u8) -> bool {
    // SAFETY: `fill` has written them.
    unsafe { std::slice::from_raw_parts(block.cast::<u8>(), len) }.iter().all(|&b| b == byte)
}

#[test]
fn sizes_handed_back_balance() {
    let hook = AllocatorHook::new();
    let one = hook.alloc(100);
    fill(one, 100, 1);
    let none = hook.alloc(0);
    assert!(!none.is_null(), "a size of 0 is a block too");
    // SAFETY: made with that size.
    let grown = unsafe { hook.resize(one, 100, 10_000) };
    assert!(holds(grown, 100, 1), "what was there is there");
    assert_eq!(hook.allocations(), books(2, 0, 10_000, 10_000));
    // SAFETY: as above.
    let shrunk = unsafe { hook.resize(grown, 10_000, 10) };
    assert!(holds(shrunk, 10, 1));
    hook.restart_peak();
    assert_eq!(hook.allocations(), books(2, 0, 10, 10));
    // SAFETY: made with these sizes, and not used again.
    unsafe { hook.release(shrunk, 10) };
    // SAFETY: as above.
    unsafe { hook.release(none, 0) };
    // SAFETY: NULL is nothing.
    unsafe { hook.release(std::ptr::null_mut(), 5) };
    assert_eq!(hook.allocations(), books(2, 2, 0, 10));
    assert_eq!(hook.allocations().live(), 0);
}

#[test]
fn sizes_kept_in_front_balance() {
    let hook = AllocatorHook::new();
    // SAFETY: NULL makes a new block.
    let one = unsafe { hook.resize_with_size(std::ptr::null_mut(), 100) };
    fill(one, 100, 7);
    // SAFETY: made above.
    let grown = unsafe { hook.resize_with_size(one, 5_000) };
    assert!(holds(grown, 100, 7));
    fill(grown, 5_000, 8);
    assert_eq!(hook.allocations(), books(1, 0, 5_000, 5_000), "the size in front is not C's, and not in the books");
    // SAFETY: made above, and not used again.
    unsafe { hook.release_with_size(grown) };
    // SAFETY: NULL is nothing.
    unsafe { hook.release_with_size(std::ptr::null_mut()) };
    assert_eq!(hook.allocations(), books(1, 1, 0, 5_000));
}

#[test]
fn what_cannot_be_had_is_null_and_changes_nothing() {
    let hook = AllocatorHook::new();
    for size in [usize::MAX, usize::MAX - 15, isize::MAX as usize] {
        assert!(hook.alloc(size).is_null());
        assert!(hook.alloc_with_size(size).is_null());
    }
    let block = hook.alloc_with_size(8);
    fill(block, 8, 3);
    // SAFETY: made above.
    assert!(unsafe { hook.resize_with_size(block, usize::MAX - 3) }.is_null());
    assert!(holds(block, 8, 3), "the old block is as it was");
    assert_eq!(hook.allocations(), books(1, 0, 8, 8));
    // SAFETY: made above, and not used again.
    unsafe { hook.release_with_size(block) };
}
