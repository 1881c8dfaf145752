//! An exclusive borrow outlives the kit's owner that gave it.
//! rows: 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::Owned;
use cstruct_misuse::book::{Book, BookRef};

fn main() {
    let mut book: Owned<BookRef> = Book::open(c"Emma").unwrap().into();
    let borrowed = book.pin_mut();
    #[cfg(wrong)]
    let Ok(()) = book.close(); //~[wrong] E0505
    assert!(borrowed.set_title(c"Persuasion"));
}
