//! A book is pushed while an iterator goes over the shelf.
//! rows: 13, 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::ItemsToo;
use cstruct_misuse::book::Book;
use cstruct_misuse::shelf::{push, shelf};

fn main() {
    let mut shelf = shelf::<ItemsToo>().unwrap();
    assert!(push(shelf.pin_mut(), Book::open(c"Emma").unwrap()));
    let mut books = shelf.books();
    #[cfg(wrong)]
    assert!(push(shelf.pin_mut(), Book::open(c"Persuasion").unwrap())); //~[wrong] E0502
    assert_eq!(books.next().unwrap().unwrap().title(), c"Emma");
    drop(books);
    #[cfg(right)]
    assert!(push(shelf.pin_mut(), Book::open(c"Persuasion").unwrap()));
}
