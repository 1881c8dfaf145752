//! A close function that answers is declared without how to read the answer.
//! rows: 1, 9; class: close error swallowed
//@revisions: right wrong
//@[right] check-pass

use cstruct::kit::Released;
use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ ERROR: say how to read the answer: `close = c_function, outcome => Error;`
    //~[wrong]| E0277
    //~[wrong]| E0308
    //~[wrong]| E0599
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { close = sys::book_close; }
}

#[cfg(right)]
wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { close = sys::book_close, |status| if status == 0 { Released::Gone } else { Released::Refused(status) } => i32; }
}

fn main() {}
