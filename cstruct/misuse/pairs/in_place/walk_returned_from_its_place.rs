//! A walk is returned from the function on whose stack it was made.
//! rows: 5a; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

#[cfg(wrong)]
use cstruct::kit::{Foreign, Initial, Place};
use cstruct_misuse::book::{Book, BookRef};
#[cfg(right)]
use cstruct_misuse::shelf::Walk;
#[cfg(wrong)]
use cstruct_misuse::shelf::WalkRef;
#[cfg(wrong)]
use std::pin::{Pin, pin};

#[cfg(wrong)]
fn walk(book: &BookRef) -> Pin<&mut WalkRef> {
    let place = pin!(Place::<WalkRef, &BookRef>::new());
    // SAFETY: there is room, and the place keeps the borrow of the book.
    let start = |walk| unsafe { WalkRef::start(walk, book.as_ptr()) };
    // SAFETY: `start` makes a walk, or fails and leaves nothing.
    unsafe { place.init(Initial::Untouched, book, start) }.unwrap() //~[wrong] E0515
}

#[cfg(right)]
fn walk(book: &BookRef) -> Walk<&BookRef> {
    Walk::over(book).unwrap()
}

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    assert!(book.pin_mut().add_page(300));
    let mut walk = walk(&book);
    #[cfg(wrong)]
    assert_eq!(walk.as_mut().next(), Some(300));
    #[cfg(right)]
    assert_eq!(walk.pin_mut().next(), Some(300));
}
