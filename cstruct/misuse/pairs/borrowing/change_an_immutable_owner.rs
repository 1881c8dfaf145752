//! A book that is not declared mutable is changed.
//! rows: 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    #[cfg(wrong)]
    let book = Book::open(c"Emma").unwrap();
    #[cfg(right)]
    let mut book = Book::open(c"Emma").unwrap();
    book.pin_mut().set_title(c"Persuasion"); //~[wrong] E0596
}
