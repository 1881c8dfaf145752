//! A value that borrows from the stack is built in memory that C keeps.
//! rows: 26; class: callback outlives its captures
//@revisions: right wrong
//@[right] run

use core::mem::MaybeUninit;
use cstruct::kit::{InTheirs, Room};

/// Builds the value in memory of C's, from where a later callback takes it out.
fn by_way_of_theirs<T: 'static>(value: T) -> T {
    let mut theirs = MaybeUninit::<InTheirs<T>>::zeroed();
    let start = theirs.as_mut_ptr().cast();
    // SAFETY: there are so many bytes, for the time of the call and longer.
    unsafe { Room::lend(start, InTheirs::<T>::SIZE, |room| room.build_in_theirs(value)) }.unwrap();
    // SAFETY: it was built there just now, with this type.
    unsafe { InTheirs::<T>::end(start) }.unwrap()
}

fn main() {
    let text = String::from("ours");
    #[cfg(wrong)]
    let value = by_way_of_theirs(text.as_str()); //~[wrong] E0597
    #[cfg(right)]
    let value = by_way_of_theirs(text);
    assert_eq!(value, "ours");
}
