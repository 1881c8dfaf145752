//! A book that is declared to be sendable only is shared by two threads.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

#[cfg(wrong)]
use cstruct_misuse::book::SentBook as Book;
#[cfg(right)]
use cstruct_misuse::book::SharedBook as Book;
use std::thread;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    thread::scope(|scope| {
        scope.spawn(|| println!("{:p}", &*book)); //~[wrong] E0277
        println!("{:p}", &*book);
    });
}
