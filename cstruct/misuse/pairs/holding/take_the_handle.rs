//! The private handle is taken out of an owner.
//! rows: 1; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let owned = book.0; //~[wrong] E0616
    #[cfg(right)]
    let owned = cstruct::kit::Owned::from(book);
    assert_eq!(owned.title(), c"Emma");
}
