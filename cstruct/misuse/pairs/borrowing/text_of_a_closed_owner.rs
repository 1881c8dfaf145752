//! A title is read after its book was closed.
//! rows: 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let title = book.title();
    #[cfg(right)]
    assert_eq!(title, c"Emma");
    let Ok(()) = book.close(); //~[wrong] E0505
    #[cfg(wrong)]
    assert_eq!(title, c"Emma");
}
