//! A shelf for books that never end is shown one of a block.
//! rows: 13; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::ShellOnly;
use cstruct_misuse::book::Book;
use cstruct_misuse::shelf::{Shelf, push_ref, shelf};

#[cfg(wrong)]
type Lasting = Shelf<ShellOnly<'static>>;
#[cfg(right)]
type Lasting<'b> = Shelf<ShellOnly<'b>>;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let mut shelf: Lasting = shelf().unwrap();
    assert!(push_ref(shelf.pin_mut(), &book)); //~[wrong] E0597
    assert_eq!(shelf.books().len(), 1);
}
