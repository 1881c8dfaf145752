//! A book is changed while a bookmark borrows it.
//! rows: 2, 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    let mark = Bookmark::at_end(&*book).unwrap();
    #[cfg(wrong)]
    book.pin_mut().set_title(c"Persuasion"); //~[wrong] E0502
    assert_eq!(mark.page(), 0);
    drop(mark);
    assert!(book.pin_mut().set_title(c"Persuasion"));
}
