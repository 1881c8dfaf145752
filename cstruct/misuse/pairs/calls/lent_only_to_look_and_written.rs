//! A slice that is lent only to be looked at is given to a function that writes.
//! rows: 19; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::lend;

/// Sets all to 1.
unsafe extern "C" fn x_fill(numbers: *mut i32, len: i32) {
    for at in 0..usize::try_from(len).unwrap_or(0) {
        // SAFETY: within the caller's `len` numbers.
        unsafe { numbers.add(at).write(1) };
    }
}

fn main() {
    let mut numbers = [0; 3];
    #[cfg(wrong)]
    // SAFETY: `len` numbers.
    lend::slice(&numbers, |first, len| unsafe { x_fill(first, len) }).unwrap(); //~[wrong] E0308
    #[cfg(right)]
    // SAFETY: `len` numbers, borrowed exclusively.
    lend::slice_mut(&mut numbers, |first, len| unsafe { x_fill(first, len) }).unwrap();
    assert_eq!(numbers, [1, 1, 1]);
}
