//! A type is declared to be sendable, with no reason.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
const REASON: bool = true;
#[cfg(right)]
const REASON: &str = "book.c has no globals";

wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; send = REASON; } //~[wrong] E0308
}

fn main() {}
