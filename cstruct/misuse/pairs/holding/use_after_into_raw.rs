//! A book is used by its old owner after the pointer was given away.
//! rows: 1, 10; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let raw = Book::into_raw(book);
    #[cfg(wrong)]
    drop(book); //~[wrong] E0382
    // SAFETY: the pointer is that of a live book, which nobody owns since `into_raw`.
    drop(unsafe { Book::from_raw(raw) });
}
