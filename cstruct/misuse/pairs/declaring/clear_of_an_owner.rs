//! An object that C allocates is declared to be cleared, as if the room were ours.
//! rows: 1, 5a; class: wrong deallocator
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ ERROR: `clear` and `clear_always` are words for an `InPlace`, and this is `Owned`
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; clear = sys::book_free; }
}

#[cfg(right)]
wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; }
}

fn main() {}
