//! C fills an array whose elements count as initialised before it has.
//! rows: 20; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::UpTo;

fn main() {
    #[cfg(wrong)]
    let mut room = [0_i32; 4];
    #[cfg(right)]
    let mut room = Vec::<i32>::new();
    let call = |first: *mut i32, _len: usize| {
        // SAFETY: there is room for one at least.
        unsafe { first.write(300) };
        Ok::<usize, i32>(1)
    };
    // SAFETY: it writes one, and says so.
    unsafe { UpTo(4).fill(&mut room, call) }.unwrap(); //~[wrong] E0308
    assert_eq!(room[0], 300);
}
