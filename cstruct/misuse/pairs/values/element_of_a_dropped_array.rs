//! An element is used after the array that C made was released.
//! rows: 11, 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::{CArray, LibcFree};

fn main() {
    let words: CArray<i32, LibcFree> = CArray::copy_of(&[300, 250]).unwrap();
    let most = words.iter().max().unwrap();
    #[cfg(wrong)]
    drop(words); //~[wrong] E0505
    assert_eq!(*most, 300);
}
