//! A book is used after C took it over.
//! rows: 10; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct::kit::ItemsToo;
use cstruct_misuse::book::Book;
use cstruct_misuse::shelf::{push, shelf};

fn main() {
    let mut shelf = shelf::<ItemsToo>().unwrap();
    let book = Book::open(c"Emma").unwrap();
    #[cfg(right)]
    assert_eq!(book.title(), c"Emma");
    assert!(push(shelf.pin_mut(), book));
    #[cfg(wrong)]
    assert_eq!(book.title(), c"Emma"); //~[wrong] E0382
}
