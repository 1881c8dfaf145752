//! A borrowed type is made as a value.
//! rows: 1, 3; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, BookRef};

fn main() {
    let book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let borrowed = &BookRef(todo!()); //~[wrong] E0423
    #[cfg(right)]
    let borrowed: &BookRef = &book;
    assert!(borrowed.in_place());
}
