//! A book is used after it was closed.
//! rows: 1, 9; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    assert_eq!(book.title(), c"Emma");
    let Ok(()) = book.close();
    #[cfg(wrong)]
    book.title(); //~[wrong] E0382
}
