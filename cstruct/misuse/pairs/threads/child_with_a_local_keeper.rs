//! A child that may be sent goes to a thread with a keeper that may not.
//! rows: 2, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};
use std::thread;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let mark = Bookmark::at_end(book).unwrap();
    #[cfg(wrong)]
    thread::spawn(move || drop(mark)).join().unwrap(); //~[wrong] E0277
    #[cfg(right)]
    drop(mark);
}
