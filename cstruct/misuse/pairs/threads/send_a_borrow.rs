//! A borrow of a book that may not be shared goes to a thread.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::SentBook;
use std::thread;

fn main() {
    let book = SentBook::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let moved = &*book;
    #[cfg(right)]
    let moved = book;
    thread::scope(|scope| {
        scope.spawn(move || println!("{moved:?}")); //~[wrong] E0277
    });
}
