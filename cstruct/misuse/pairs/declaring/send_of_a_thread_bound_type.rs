//! A type is declared to be bound to its thread, and to be sendable.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ E0283
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; thread_bound = "book.h: close it where it was opened"; send = "book.c has no globals"; }
}

#[cfg(right)]
wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; thread_bound = "book.h: close it where it was opened"; }
}

fn main() {}
