//! A remote is made for a function of another type.
//! rows: 24; class: ABI mismatch
//@revisions: right wrong
//@[right] run

use cstruct::kit::{AnyThread, Owned, Reachable, Remote};
#[cfg(right)]
use cstruct_misuse::book::Book;
use cstruct_misuse::book::BookRef;
#[cfg(wrong)]
use cstruct_misuse::book::{Volume, VolumeRef};
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
    let owner: Owned<VolumeRef> = Volume::open(c"Emma").unwrap().into();
    #[cfg(right)]
    let owner: Owned<BookRef> = Book::open(c"Emma").unwrap().into();
    let reachable = Reachable::new(owner);
    let remote: Remote<InPlace> = Reachable::remote(&reachable); //~[wrong] E0271
    assert_eq!(remote.call(), Ok(true));
}
