//! What C wrote is kept across a call that has C write to the same room again.
//! rows: 20, 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::UpTo;

fn main() {
    let mut room = Vec::new();
    let call = |first: *mut i32, _len: usize| {
        // SAFETY: there is room for one at least.
        unsafe { first.write(300) };
        Ok::<usize, i32>(1)
    };
    // SAFETY: it writes one, and says so.
    unsafe { UpTo(1).fill(&mut room, call) }.unwrap();
    let words = &room[0];
    #[cfg(right)]
    let words = &words.clone();
    // SAFETY: as above.
    unsafe { UpTo(100).fill(&mut room, call) }.unwrap(); //~[wrong] E0502
    assert_eq!(*words, 300);
}
