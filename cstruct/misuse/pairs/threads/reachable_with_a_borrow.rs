//! A remote reaches a book that leans on something borrowed, which may end before the book does.
//! rows: 24, 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::{AnyThread, Owned, Reachable, Remote};
use cstruct_misuse::book::{Book, BookRef};
use cstruct_misuse::sys;
use std::ptr::NonNull;

struct InPlace;

// SAFETY: "book_in_place" reads what never changes.
unsafe impl AnyThread for InPlace {
    type Target = BookRef;
    type Output = bool;

    unsafe fn call(book: NonNull<sys::book>) -> bool {
        // SAFETY: the caller keeps the book alive meanwhile.
        unsafe { sys::book_in_place(book.as_ptr()) == 1 }
    }
}

fn main() {
    #[cfg(wrong)]
    let shelf = String::from("novels");
    #[cfg(right)]
    let shelf: &'static str = "novels";
    let raw = Book::into_raw(Book::open(c"Emma").unwrap());
    #[cfg(wrong)]
    let shelf: &str = &shelf; //~[wrong] E0597
    // SAFETY: it was given up above.
    let book: Owned<BookRef, &str> = unsafe { Owned::from_raw_with(raw, shelf) }.unwrap();
    let book = Reachable::new(book);
    assert_eq!(Reachable::remote::<InPlace>(&book).call(), Ok(true));
}
