//! A book is closed while a bookmark leans on it.
//! rows: 2, 9; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::{Book, Bookmark};

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let mark = Bookmark::at_end(&*book).unwrap();
    #[cfg(right)]
    drop(mark);
    let Ok(()) = book.close(); //~[wrong] E0505
    #[cfg(wrong)]
    drop(mark);
}
