//! C is given memory of Rust's allocator, to free it.
//! rows: 11, 10; class: wrong deallocator
//@revisions: right wrong
//@[right] run

use cstruct::kit::{CBox, LibcFree};

#[repr(C)]
struct Limits {
    low: u32,
    high: u32,
}

/// Stands for a C function that releases its argument with `free`.
fn adopt(limits: CBox<Limits, LibcFree>) -> u32 {
    limits.high - limits.low
}

fn main() {
    let limits = Limits { low: 1, high: 9 };
    #[cfg(wrong)]
    let made = Box::new(limits);
    #[cfg(right)]
    let made = CBox::new(limits).unwrap();
    assert_eq!(adopt(made), 8); //~[wrong] E0308
}
