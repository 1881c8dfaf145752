//! A book is changed while a walk in room of ours goes over its pages.
//! rows: 5a, 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;
use cstruct_misuse::shelf::Walk;

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    assert!(book.pin_mut().add_page(300));
    let mut walk = Walk::over(&*book).unwrap();
    #[cfg(wrong)]
    assert!(book.pin_mut().add_page(250)); //~[wrong] E0502
    assert_eq!(walk.pin_mut().next(), Some(300));
    drop(walk);
    #[cfg(right)]
    assert!(book.pin_mut().add_page(250));
}
