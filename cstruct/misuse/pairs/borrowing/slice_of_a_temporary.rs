//! A slice is kept of a book that is dropped at the end of the statement.
//! rows: 3; class: temporary freed before the call
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    #[cfg(wrong)]
    let words = Book::open(c"Emma").unwrap().words(); //~[wrong] E0716
    #[cfg(right)]
    let book = Book::open(c"Emma").unwrap();
    #[cfg(right)]
    let words = book.words();
    assert!(words.is_empty());
}
