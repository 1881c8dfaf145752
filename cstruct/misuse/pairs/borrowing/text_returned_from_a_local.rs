//! A title is returned from the function that owns the book.
//! rows: 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;
use std::ffi::{CStr, CString};

#[cfg(wrong)]
fn title<'a>() -> &'a CStr {
    let book = Book::open(c"Emma").unwrap();
    book.title() //~[wrong] E0515
}

#[cfg(right)]
fn title() -> CString {
    let book = Book::open(c"Emma").unwrap();
    book.title().to_owned()
}

fn main() {
    assert_eq!(&*title(), c"Emma");
}
