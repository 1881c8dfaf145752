//! A place is cleared while its walk is used.
//! rows: 5a; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Foreign, Initial, Place};
use cstruct_misuse::book::{Book, BookRef};
use cstruct_misuse::shelf::WalkRef;
use std::pin::pin;

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    assert!(book.pin_mut().add_page(300));
    let book: &BookRef = &book;
    // SAFETY: there is room, and the place keeps the borrow of the book.
    let start = |walk| unsafe { WalkRef::start(walk, book.as_ptr()) };
    let mut place = pin!(Place::<WalkRef, &BookRef>::new());
    // SAFETY: `start` makes a walk, or fails and leaves nothing.
    let walk = unsafe { place.as_mut().init(Initial::Untouched, book, start) }.unwrap();
    #[cfg(wrong)]
    place.as_mut().close().unwrap(); //~[wrong] E0499
    assert_eq!(walk.next(), Some(300));
    #[cfg(right)]
    place.as_mut().close().unwrap();
}
