//! A release function that answers is declared as one that cannot fail.
//! rows: 1, 9; class: close error swallowed
//@revisions: right wrong
//@[right] run

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
use sys::book_close as release;
#[cfg(right)]
use sys::book_free as release;

wrap! { //~[wrong] E0277
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = release; }
}

fn main() {
    // SAFETY: a NUL-terminated title; the book is nobody else's.
    let book = unsafe { Book::from_raw(sys::book_new(c"Emma".as_ptr())) };
    let Ok(()) = book.unwrap().close();
}
