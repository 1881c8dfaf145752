//! Two exclusive borrows of one book are used at once.
//! rows: 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    let first = book.pin_mut();
    #[cfg(wrong)]
    book.pin_mut().add_page(250); //~[wrong] E0499
    first.add_page(300);
    assert_eq!(book.words(), [300]);
}
