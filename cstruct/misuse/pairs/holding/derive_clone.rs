//! A struct that owns a book derives Clone.
//! rows: 1; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

#[cfg_attr(wrong, derive(Clone))]
#[derive(Debug)]
struct Shelf {
    book: Book, //~[wrong] E0277
}

fn main() {
    let shelf = Shelf { book: Book::open(c"Emma").unwrap() };
    assert_eq!(shelf.book.title(), c"Emma");
}
