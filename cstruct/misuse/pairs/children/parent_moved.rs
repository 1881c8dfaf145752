//! A book moves into another owner while a bookmark borrows it.
//! rows: 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};
use std::sync::Arc;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let mark = Bookmark::at_end(&*book).unwrap();
    let shared = Arc::new(book); //~[wrong] E0505
    #[cfg(right)]
    let mark = Bookmark::at_end(Arc::clone(&shared)).unwrap();
    assert_eq!((mark.page(), shared.title()), (0, c"Emma"));
}
