//! A book that is not declared to be sendable is deferred to a worker, which is another thread.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use core::time::Duration;
use cstruct::kit::{Bounds, Deferred, Worker};
#[cfg(wrong)]
use cstruct_misuse::book::Book;
#[cfg(right)]
use cstruct_misuse::book::SentBook as Book;

fn main() {
    let worker = Worker::spawn(Bounds::count(4), Duration::from_millis(1)).unwrap();
    let book = Book::open(c"Emma").unwrap();
    drop(Deferred::new(book, &worker)); //~[wrong] E0277
    assert_eq!(worker.shutdown().released, 1);
}
