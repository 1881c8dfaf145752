//! A pinned borrow is turned into a plain exclusive one.
//! rows: 3, 5a; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;
use std::pin::Pin;

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let book = Pin::get_mut(book.pin_mut()); //~[wrong] E0277
    #[cfg(right)]
    let book = Pin::into_ref(book.pin_mut()).get_ref();
    assert!(book.in_place());
}
