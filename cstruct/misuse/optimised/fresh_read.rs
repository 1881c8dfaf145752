//! A field is read fresh after a C setter changed it, also when the compiler optimises.
//!
//! The setter is called through `&self` in one method, and the field is read in another. The kit's reference type must not
//! let the compiler believe that nothing changed between the two.
//@revisions: o1 o2 o3
//@[o1] compile-flags: -Copt-level=1
//@[o2] compile-flags: -Copt-level=2
//@[o3] compile-flags: -Copt-level=3
//@ run

use cstruct_misuse::book::{Book, BookRef};

/// What is read before and after the setter was called.
#[inline(never)]
fn before_and_after(book: &BookRef) -> (i32, i32) {
    let before = book.opened();
    book.set_opened(before + 1);
    (before, book.opened())
}

fn main() {
    let book = Book::open(c"Emma").unwrap();
    book.set_opened(41);
    assert_eq!(before_and_after(&book), (41, 42));
    // The same with the reference's origin in sight.
    book.set_opened(0);
    assert_eq!(book.opened(), 0);
    book.set_opened(7);
    assert_eq!(book.opened(), 7);
}
