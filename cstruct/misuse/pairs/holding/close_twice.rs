//! A book is closed twice.
//! rows: 1, 9; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let Ok(()) = book.close();
    #[cfg(wrong)]
    let Ok(()) = book.close(); //~[wrong] E0382
}
