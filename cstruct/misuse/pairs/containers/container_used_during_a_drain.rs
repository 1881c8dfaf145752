//! A shelf is read while its books are being taken out.
//! rows: 13; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::ItemsToo;
use cstruct_misuse::book::Book;
use cstruct_misuse::shelf::{drain, push, shelf};

fn main() {
    let mut shelf = shelf::<ItemsToo>().unwrap();
    assert!(push(shelf.pin_mut(), Book::open(c"Emma").unwrap()));
    let mut taken = drain(shelf.pin_mut());
    #[cfg(wrong)]
    assert_eq!(shelf.books().len(), 1); //~[wrong] E0502
    assert_eq!(taken.next().unwrap().title(), c"Emma");
    drop(taken);
    #[cfg(right)]
    assert_eq!(shelf.books().len(), 0);
}
