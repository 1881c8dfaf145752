//! A declaration says a word twice.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ E0428
    //~[wrong]| E0119
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; send = "book.c has no globals"; send = "and no threads"; }
}

#[cfg(right)]
wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; send = "book.c has no globals and no threads"; }
}

fn main() {}
