//! A shared borrow is used to change a book.
//! rows: 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, BookRef};
use std::pin::Pin;

#[cfg(wrong)]
fn rename(book: &BookRef) {
    book.set_title(c"Persuasion"); //~[wrong] E0599
}

#[cfg(right)]
fn rename(book: Pin<&mut BookRef>) {
    book.set_title(c"Persuasion");
}

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    rename(&book);
    #[cfg(right)]
    rename(book.pin_mut());
    assert_eq!(book.title(), c"Persuasion");
}
