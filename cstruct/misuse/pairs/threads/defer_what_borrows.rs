//! A bookmark that borrows its book is handed over to be released when the book may be gone.
//! rows: 2, 14; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Bounds, ReleaseQueue};
use cstruct_misuse::book::{Book, Bookmark};
use std::rc::Rc;

fn main() {
    let queue = ReleaseQueue::new(Bounds::count(4));
    let book = Rc::new(Book::open(c"Emma").unwrap());
    #[cfg(wrong)]
    let mark = Bookmark::at_end(&**book).unwrap(); //~[wrong] E0597
    #[cfg(right)]
    let mark = Bookmark::at_end(book.clone()).unwrap();
    drop(queue.hand_over(mark));
    assert_eq!(queue.flush(), 1);
}
