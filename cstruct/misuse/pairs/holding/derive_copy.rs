//! A struct that owns a book derives Copy.
//! rows: 1; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] check-pass

use cstruct_misuse::book::Book;

#[cfg_attr(wrong, derive(Copy))] //~[wrong] E0204
struct Shelf {
    book: Book,
}

impl Clone for Shelf {
    fn clone(&self) -> Self {
        Shelf { book: Book::open(self.book.title()).unwrap() }
    }
}

fn main() {}
