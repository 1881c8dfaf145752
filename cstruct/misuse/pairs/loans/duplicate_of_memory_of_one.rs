//! A duplicate of a C object is given a copy of the memory that both go on using.
//! rows: 16; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::ReadLoan;
#[cfg(wrong)]
type Shared = Box<[u8]>;
#[cfg(right)]
type Shared = std::sync::Arc<[u8]>;

fn main() {
    // SAFETY: there is no C library here that could use it.
    let text = unsafe { ReadLoan::new(Shared::from(*b"bound")) };
    let duplicate = ReadLoan::clone(&text); //~[wrong] E0277
    assert_eq!(duplicate.as_ptr(), text.as_ptr());
}
