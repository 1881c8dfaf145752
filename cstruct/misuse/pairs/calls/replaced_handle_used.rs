//! A handle is used that a C function consumed and replaced by another.
//! rows: 10; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

/// Stands for `book_reopen`, which releases its argument and returns another book, as `realloc` does with blocks.
fn reopen(book: Book) -> Book {
    let title = book.title().to_owned();
    drop(book);
    Book::open(&title).unwrap()
}

fn main() {
    let book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let _other = reopen(book);
    #[cfg(right)]
    let book = reopen(book);
    assert_eq!(book.title(), c"Emma"); //~[wrong] E0382
}
