//! A declaration says twice how C releases a type.
//! rows: 1; class: wrong deallocator
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; }
}

fn main() {}
