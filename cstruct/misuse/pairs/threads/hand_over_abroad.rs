//! A book that is not declared to be sendable is handed over by the end of a queue that any thread may have.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Bounds, ReleaseQueue};
use cstruct_misuse::book::Book;

fn main() {
    let queue = ReleaseQueue::new(Bounds::count(4));
    let book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    drop(queue.handle().hand_over(book)); //~[wrong] E0277
    #[cfg(right)]
    drop(queue.hand_over(book));
    assert_eq!(queue.flush(), 1);
}
