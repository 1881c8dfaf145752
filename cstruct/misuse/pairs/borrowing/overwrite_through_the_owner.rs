//! A C struct is overwritten through its owner.
//! rows: 3, 5a; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, BookRef};

#[cfg(wrong)]
fn replace(book: &mut Book, with: BookRef) {
    **book = with; //~[wrong] E0594
}

#[cfg(right)]
fn replace(book: &mut Book, with: Book) {
    *book = with;
}

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    #[cfg(right)]
    replace(&mut book, Book::open(c"Persuasion").unwrap());
    assert!(book.in_place());
}
