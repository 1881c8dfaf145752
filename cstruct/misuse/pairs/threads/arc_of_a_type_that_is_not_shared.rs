//! An Arc of a book that may not be shared goes to a thread.
//! rows: 4, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

#[cfg(wrong)]
use cstruct_misuse::book::SentBook as Book;
#[cfg(right)]
use cstruct_misuse::book::SharedBook as Book;
use std::sync::Arc;
use std::thread;

fn main() {
    let book = Arc::new(Book::open(c"Emma").unwrap());
    let other = Arc::clone(&book);
    thread::spawn(move || drop(other)).join().unwrap(); //~[wrong] E0277
}
