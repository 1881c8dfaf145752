//! A borrow of the whole object outlives the kit's owner that gave it.
//! rows: 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::Owned;
use cstruct_misuse::book::{Book, BookRef};

fn main() {
    let book: Owned<BookRef> = Book::open(c"Emma").unwrap().into();
    let borrowed: &BookRef = &book;
    #[cfg(wrong)]
    let Ok(()) = book.close(); //~[wrong] E0505
    assert!(borrowed.in_place());
}
