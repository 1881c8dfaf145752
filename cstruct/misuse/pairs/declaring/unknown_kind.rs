//! A declaration names a kind of owner that does not exist.
//! rows: 1
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ ERROR: `Boxed` is no kind of owner
    pub struct Book = Boxed<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; }
}

#[cfg(right)]
wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; }
}

fn main() {}
