//! A cover is used after its book was closed.
//! rows: 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    let book = Book::open(c"Emma").unwrap();
    let cover = book.cover().unwrap();
    #[cfg(wrong)]
    let Ok(()) = book.close(); //~[wrong] E0505
    println!("{cover:?}");
}
