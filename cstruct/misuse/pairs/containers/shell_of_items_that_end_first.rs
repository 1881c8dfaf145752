//! A shelf that frees only itself still shows a book that was released.
//! rows: 13; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::ShellOnly;
use cstruct_misuse::book::Book;
use cstruct_misuse::shelf::{push_ref, shelf};

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let mut shelf = shelf::<ShellOnly<'_>>().unwrap();
    assert!(push_ref(shelf.pin_mut(), &book));
    #[cfg(wrong)]
    drop(book); //~[wrong] E0505
    assert_eq!(shelf.books().len(), 1);
}
