//! A title is kept while the book gets another.
//! rows: 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    let title = book.title();
    #[cfg(right)]
    let title = title.to_owned();
    book.pin_mut().set_title(c"Persuasion"); //~[wrong] E0502
    assert_eq!(&*title, c"Emma");
}
