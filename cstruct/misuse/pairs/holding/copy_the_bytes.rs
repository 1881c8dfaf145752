//! The bytes of a C struct are copied out of a reference.
//! rows: 1, 7; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, BookRef};

fn main() {
    let book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let copy: BookRef = *book; //~[wrong] E0507
    #[cfg(right)]
    let copy: &BookRef = &book;
    assert!(copy.in_place());
}
