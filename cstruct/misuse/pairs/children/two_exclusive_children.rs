//! Two bookmarks hold one book exclusively.
//! rows: 2; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    let first = Bookmark::at_end(book.pin_mut()).unwrap();
    #[cfg(wrong)]
    let second = Bookmark::at_end(book.pin_mut()).unwrap(); //~[wrong] E0499
    assert_eq!(first.page(), 0);
}
