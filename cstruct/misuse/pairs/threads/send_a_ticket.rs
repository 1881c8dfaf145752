//! The ticket of a book that is not declared to be sendable goes to a thread, which would take the book out there.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Bounds, ReleaseQueue};
use cstruct_misuse::book::Book;
use std::thread;

fn main() {
    let queue = ReleaseQueue::new(Bounds::count(4));
    let ticket = queue.hand_over(Book::open(c"Emma").unwrap()).unwrap();
    #[cfg(wrong)]
    thread::spawn(move || drop(ticket.take())).join().unwrap(); //~[wrong] E0277
    #[cfg(right)]
    thread::scope(|_scope| drop(ticket.take()));
    assert_eq!(queue.flush(), 0);
}
