//! A declaration has a word that does not exist.
//! rows: 1
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! { //~[wrong] ERROR: the word `free` is not known
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; free = sys::book_free; }
}

#[cfg(right)]
wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; }
}

fn main() {}
