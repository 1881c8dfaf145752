//! A child is declared to lean on a parent, and made without one.
//! rows: 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::Foreign;
use cstruct_misuse::book::{Book, BookRef, Bookmark};
use cstruct_misuse::sys;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    // SAFETY: a live book.
    let raw = unsafe { sys::bookmark_new(book.as_ptr()) };
    // SAFETY: a bookmark that nobody else releases; it leans on the book.
    #[cfg(wrong)]
    let mark: Bookmark<&BookRef> = unsafe { Bookmark::from_raw(raw) }.unwrap(); //~[wrong] E0061
    // SAFETY: as above.
    #[cfg(right)]
    let mark: Bookmark<&BookRef> = unsafe { Bookmark::from_raw(raw, &*book) }.unwrap();
    assert_eq!(mark.page(), 0);
}
