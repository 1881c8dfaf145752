//! A pointer is adopted without saying unsafe.
//! rows: 1; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let raw = Book::into_raw(Book::open(c"Emma").unwrap());
    #[cfg(wrong)]
    let book = Book::from_raw(raw); //~[wrong] E0133
    // SAFETY: the pointer is that of a live book, which nobody owns since `into_raw`.
    #[cfg(right)]
    let book = unsafe { Book::from_raw(raw) };
    drop(book.unwrap());
}
