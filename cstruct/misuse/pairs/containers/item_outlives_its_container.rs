//! A book is used after the shelf that frees it.
//! rows: 13, 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::ItemsToo;
use cstruct_misuse::book::Book;
use cstruct_misuse::shelf::{push, shelf};

fn main() {
    let mut shelf = shelf::<ItemsToo>().unwrap();
    assert!(push(shelf.pin_mut(), Book::open(c"Emma").unwrap()));
    let book = shelf.books().next().unwrap().unwrap();
    #[cfg(wrong)]
    drop(shelf); //~[wrong] E0505
    assert_eq!(book.title(), c"Emma");
}
