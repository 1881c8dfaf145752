//! An out-parameter that may stay NULL after a success is used like one that is always set.
//! rows: 8; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Owned, out};
use cstruct_misuse::book::BookRef;
use cstruct_misuse::sys;

/// Stores the book with that title, or NULL if there is none, and answers 0.
unsafe extern "C" fn x_find(slot: *mut *mut sys::book) -> i32 {
    // SAFETY: there is room for a pointer, and a NUL-terminated title.
    unsafe { *slot = sys::book_new(c"Emma".as_ptr()) };
    0
}

fn find() -> Result<Option<Owned<BookRef>>, i32> {
    // SAFETY: there is room for a pointer.
    let call = |slot| match unsafe { x_find(slot) } {
        0 => Ok(()),
        status => Err(status),
    };
    // SAFETY: "x_find: a book of the caller's, or NULL".
    unsafe { out::made_or_nothing((), call) }
}

fn main() {
    let found = find().unwrap();
    #[cfg(right)]
    let found = found.unwrap();
    assert_eq!(found.title(), c"Emma"); //~[wrong] E0599
}
