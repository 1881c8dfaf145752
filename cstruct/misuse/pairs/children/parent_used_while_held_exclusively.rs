//! A book is read while a bookmark holds it exclusively.
//! rows: 2; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    let mark = Bookmark::at_end(book.pin_mut()).unwrap();
    #[cfg(wrong)]
    book.title(); //~[wrong] E0502
    assert_eq!(mark.page(), 0);
    drop(mark);
    assert_eq!(book.title(), c"Emma");
}
