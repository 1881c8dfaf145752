//! A struct that owns a book is declared Copy.
//! rows: 1; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] check-pass

use cstruct_misuse::book::Book;

struct Shelf {
    book: Book,
}

impl Clone for Shelf {
    fn clone(&self) -> Self {
        Shelf { book: Book::open(self.book.title()).unwrap() }
    }
}

#[cfg(wrong)]
impl Copy for Shelf {} //~[wrong] E0204

fn main() {}
