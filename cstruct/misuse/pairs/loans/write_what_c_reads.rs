//! Memory that C goes on reading is written.
//! rows: 16; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::ReadLoan;

fn main() {
    // SAFETY: there is no C library here that could use it.
    let text = unsafe { ReadLoan::new(Box::<[u8]>::from(*b"bound")) };
    #[cfg(right)]
    let mut text = text.end();
    text.make_ascii_uppercase(); //~[wrong] E0596
    assert_eq!(&*text, b"BOUND");
}
