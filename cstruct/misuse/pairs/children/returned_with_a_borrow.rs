//! A bookmark that borrows is returned from the function that owns the book.
//! rows: 2; class: lifetimes too tight to store a child
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};

#[cfg(wrong)]
fn marked<'a>() -> Bookmark<&'a cstruct_misuse::book::BookRef> {
    let book = Book::open(c"Emma").unwrap();
    Bookmark::at_end(&*book).unwrap() //~[wrong] E0515
}

#[cfg(right)]
fn marked() -> Bookmark<Book> {
    let book = Book::open(c"Emma").unwrap();
    Bookmark::at_end(book).unwrap()
}

fn main() {
    assert_eq!(marked().page(), 0);
}
