//! A shelf that frees only itself is declared before the book that it shows, and so ends after it.
//! rows: 13, 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::ShellOnly;
use cstruct_misuse::book::Book;
use cstruct_misuse::shelf::{push_ref, shelf};

fn main() {
    #[cfg(right)]
    let book = Book::open(c"Emma").unwrap();
    let mut shelf = shelf::<ShellOnly<'_>>().unwrap();
    #[cfg(wrong)]
    let book = Book::open(c"Emma").unwrap();
    assert!(push_ref(shelf.pin_mut(), &book)); //~[wrong] E0597
}
