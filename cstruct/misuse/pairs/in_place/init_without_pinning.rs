//! C makes a walk in a place on the stack that may still be moved.
//! rows: 5a; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Foreign, Initial, Place};
use cstruct_misuse::book::{Book, BookRef};
use cstruct_misuse::shelf::WalkRef;
#[cfg(right)]
use std::pin::pin;

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    assert!(book.pin_mut().add_page(300));
    let book: &BookRef = &book;
    // SAFETY: there is room, and the place keeps the borrow of the book.
    let start = |walk| unsafe { WalkRef::start(walk, book.as_ptr()) };
    #[cfg(wrong)]
    let place = Place::<WalkRef, &BookRef>::new();
    #[cfg(right)]
    let place = pin!(Place::<WalkRef, &BookRef>::new());
    // SAFETY: `start` makes a walk, or fails and leaves nothing.
    let walk = unsafe { place.init(Initial::Untouched, book, start) }; //~[wrong] E0599
    assert_eq!(walk.unwrap().next(), Some(300));
}
