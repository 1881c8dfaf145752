//! The outcome of a close is read as an error of another type.
//! rows: 9; class: close error swallowed
//@revisions: right wrong
//@[right] check-pass

use cstruct::kit::Released;
use cstruct::wrap;
use cstruct_misuse::book::StillMarked;
use cstruct_misuse::sys;

#[cfg(wrong)]
fn outcome(status: i32) -> Released<i32> {
    if status == 0 { Released::Gone } else { Released::Refused(status) }
}

#[cfg(right)]
fn outcome(status: i32) -> Released<StillMarked> {
    if status == 0 { Released::Gone } else { Released::Refused(StillMarked) }
}

wrap! { //~[wrong] E0308
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { close = sys::book_close, outcome => StillMarked; }
}

fn main() {}
