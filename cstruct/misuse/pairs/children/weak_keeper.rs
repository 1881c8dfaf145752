//! A bookmark leans on a weak pointer to its book.
//! rows: 2, 4; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};
use std::rc::Rc;

fn main() {
    let book = Rc::new(Book::open(c"Emma").unwrap());
    #[cfg(wrong)]
    let keeper = Rc::downgrade(&book);
    #[cfg(right)]
    let keeper = Rc::clone(&book);
    drop(book);
    let mark = Bookmark::at_end(keeper); //~[wrong] E0277
    drop(mark.unwrap());
}
