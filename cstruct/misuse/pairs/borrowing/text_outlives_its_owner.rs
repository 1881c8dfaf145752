//! A title outlives the scope of its book.
//! rows: 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;

fn main() {
    #[cfg(right)]
    let book = Book::open(c"Emma").unwrap();
    let title;
    {
        #[cfg(wrong)]
        let book = Book::open(c"Emma").unwrap();
        title = book.title(); //~[wrong] E0597
    }
    assert_eq!(title, c"Emma");
}
