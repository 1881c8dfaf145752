//! A plain struct with a pointer into a book is used after the book.
//! rows: 6, 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, BookRef};
use std::ffi::CStr;

#[derive(Clone, Copy)]
struct Entry<'b> {
    title: &'b CStr,
    pages: usize,
}

fn entry(book: &BookRef) -> Entry<'_> {
    Entry { title: book.title(), pages: book.words().len() }
}

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let entry = entry(&book);
    #[cfg(wrong)]
    drop(book); //~[wrong] E0505
    assert_eq!((entry.title, entry.pages), (c"Emma", 0));
}
