//! A slice of a book is kept while a page is added.
//! rows: 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    book.pin_mut().add_page(250);
    let words = book.words();
    #[cfg(right)]
    let words = words.to_vec();
    book.pin_mut().add_page(300); //~[wrong] E0502
    assert_eq!(*words, [250]);
}
