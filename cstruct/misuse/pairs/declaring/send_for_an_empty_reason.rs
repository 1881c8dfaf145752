//! A type is declared to be sendable, for a reason that is not there.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
const REASON: &str = "";
#[cfg(right)]
const REASON: &str = "book.c has no globals";

wrap! {
    //~[wrong]^ E0080
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; send = REASON; }
}

fn main() {}
