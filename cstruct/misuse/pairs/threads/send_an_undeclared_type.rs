//! A book that is not declared to be sendable goes to a thread.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

#[cfg(wrong)]
use cstruct_misuse::book::Book;
#[cfg(right)]
use cstruct_misuse::book::SentBook as Book;
use std::thread;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    thread::spawn(move || drop(book)).join().unwrap(); //~[wrong] E0277
}
