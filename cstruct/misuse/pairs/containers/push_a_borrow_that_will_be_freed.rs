//! A borrowed book is pushed to a shelf that frees its books.
//! rows: 13, 10; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct::kit::ItemsToo;
use cstruct_misuse::book::Book;
use cstruct_misuse::shelf::{push, shelf};

fn main() {
    let mut shelf = shelf::<ItemsToo>().unwrap();
    let book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    assert!(push(shelf.pin_mut(), &*book)); //~[wrong] E0308
    #[cfg(right)]
    assert!(push(shelf.pin_mut(), book));
}
