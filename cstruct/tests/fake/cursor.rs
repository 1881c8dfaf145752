//! A small C library: a cursor that knows its own address, and a machine of 5,000 bytes.
#![allow(clippy::undocumented_unsafe_blocks, reason = "a stand-in for C, which says no more")]

use std::cell::Cell;

pub struct Cursor {
    pub here: *const Cursor,
    pub preset: u32,
    pub steps: u32,
}

thread_local! {
    pub static MADE: Cell<u32> = const { Cell::new(0) };
    pub static CLEARED: Cell<u32> = const { Cell::new(0) };
    pub static REFUSES: Cell<bool> = const { Cell::new(false) };
}

/// 0, or 3 when `preset` is 13, with nothing made.
pub(crate) unsafe extern "C" fn cursor_init(cursor: *mut Cursor) -> i32 {
    if unsafe { (*cursor).preset } == 13 {
        return 3;
    }
    unsafe { (*cursor).here = cursor };
    unsafe { (*cursor).steps = 0 };
    MADE.set(MADE.get() + 1);
    0
}

/// 12 when it was moved.
pub(crate) unsafe extern "C" fn cursor_step(cursor: *mut Cursor) -> i32 {
    if !std::ptr::eq(unsafe { (*cursor).here }, cursor) {
        return 12;
    }
    unsafe { (*cursor).steps += 1 };
    0
}

/// 12, and nothing, when it was moved; 6, and nothing, when told to refuse.
pub(crate) unsafe extern "C" fn cursor_end(cursor: *mut Cursor) -> i32 {
    if !std::ptr::eq(unsafe { (*cursor).here }, cursor) {
        return 12;
    }
    if REFUSES.get() {
        return 6;
    }
    unsafe { (*cursor).here = std::ptr::null() };
    CLEARED.set(CLEARED.get() + 1);
    0
}

pub struct Machine {
    pub state: [u8; 4992],
    pub next: *const u8,
}

pub(crate) unsafe extern "C" fn machine_init(machine: *mut Machine) -> i32 {
    assert!(unsafe { (*machine).state.iter().all(|byte| *byte == 0) });
    unsafe { (*machine).state[4991] = 1 };
    0
}

pub(crate) unsafe extern "C" fn machine_feed(machine: *mut Machine) -> u8 {
    unsafe { *(*machine).next }
}

/// Counts also what init failed to make.
pub(crate) unsafe extern "C" fn machine_free(_machine: *mut Machine) {
    CLEARED.set(CLEARED.get() + 1);
}
