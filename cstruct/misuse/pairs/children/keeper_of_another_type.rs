//! A bookmark leans on the keeper of another type of parent.
//! rows: 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};
use std::rc::Rc;

fn main() {
    let book = Rc::new(Book::open(c"Emma").unwrap());
    let of_book = Bookmark::at_end(Rc::clone(&book)).unwrap();
    #[cfg(wrong)]
    let of_mark = Bookmark::at_end(Rc::new(of_book)).unwrap(); //~[wrong] E0277
    #[cfg(right)]
    let of_mark = Rc::new(of_book);
    assert_eq!(of_mark.page(), 0);
}
