//! A bookmark outlives the scope of its book.
//! rows: 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};

fn main() {
    #[cfg(right)]
    let book = Book::open(c"Emma").unwrap();
    let mark;
    {
        #[cfg(wrong)]
        let book = Book::open(c"Emma").unwrap();
        mark = Bookmark::at_end(&*book).unwrap(); //~[wrong] E0597
    }
    assert_eq!(mark.page(), 0);
}
