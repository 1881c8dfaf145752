//! A bookmark leans on something that does not keep its book alive.
//! rows: 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};

fn main() {
    let book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let keeper = std::ptr::from_ref(&*book);
    #[cfg(right)]
    let keeper = &*book;
    let mark = Bookmark::at_end(keeper); //~[wrong] E0277
    drop(mark.unwrap());
}
