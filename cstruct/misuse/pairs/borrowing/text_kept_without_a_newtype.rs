//! A title is kept while the book gets another, with the kit's owner itself.
//! rows: 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::Owned;
use cstruct_misuse::book::{Book, BookRef};

fn main() {
    let mut book: Owned<BookRef> = Book::open(c"Emma").unwrap().into();
    let title = book.title();
    #[cfg(right)]
    let title = title.to_owned();
    book.pin_mut().set_title(c"Persuasion"); //~[wrong] E0502
    assert_eq!(&*title, c"Emma");
}
