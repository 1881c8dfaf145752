//! A cover, which belongs to its book, gets an owner of its own.
//! rows: 3; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct::kit::Owned;
use cstruct_misuse::book::{Book, CoverRef};

#[cfg(wrong)]
fn keep(_cover: Owned<CoverRef>) {} //~[wrong] E0277

#[cfg(right)]
fn keep(_cover: &CoverRef) {}

fn main() {
    let book = Book::open(c"Emma").unwrap();
    #[cfg(right)]
    keep(book.cover().unwrap());
    drop(book);
}
