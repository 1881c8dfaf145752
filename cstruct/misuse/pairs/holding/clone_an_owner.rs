//! An owner is cloned.
//! rows: 1; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let _other: Book = book.clone(); //~[wrong] E0599
    let _same: &Book = &book;
}
