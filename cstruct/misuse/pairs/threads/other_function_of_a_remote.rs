//! Another function than the one that any thread may call is called from a thread.
//! rows: 24, 14; class: wrong Send or Sync
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
    let book = Reachable::new(Owned::from(Book::open(c"Emma").unwrap()));
    let remote: Remote<InPlace> = Reachable::remote(&book);
    let elsewhere = std::thread::spawn(move || {
        #[cfg(wrong)]
        return remote.title().is_empty(); //~[wrong] E0599
        #[cfg(right)]
        remote.call().unwrap()
    });
    assert!(elsewhere.join().unwrap());
}
