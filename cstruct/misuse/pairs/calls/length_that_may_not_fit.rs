//! A status is read as if a length always fitted into C's type.
//! rows: 19; class: bad slice from C
//@revisions: right wrong
//@[right] run

use cstruct::kit::lend;

/// The number of negative ones.
unsafe extern "C" fn x_negative(numbers: *const i32, len: i32) -> i32 {
    // SAFETY: within the caller's `len` numbers.
    (0..usize::try_from(len).unwrap_or(0)).filter(|&at| unsafe { *numbers.add(at) } < 0).count() as i32
}

fn main() {
    // SAFETY: `len` numbers, which are only looked at.
    let count = lend::slice(&[1, -1], |first, len| unsafe { x_negative(first, len) });
    #[cfg(right)]
    let count = count.unwrap();
    let count: i32 = count; //~[wrong] E0308
    assert_eq!(count, 1);
}
