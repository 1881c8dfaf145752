//! A book has two owners.
//! rows: 1; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let other = book;
    assert_eq!(other.title(), c"Emma");
    #[cfg(wrong)]
    book.title(); //~[wrong] E0382
}
