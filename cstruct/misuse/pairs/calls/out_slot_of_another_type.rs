//! An out-parameter for a book is given to the function that makes a bookmark.
//! rows: 8; class: wrong deallocator
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Null, Owned, out};
use cstruct_misuse::book::BookRef;
use cstruct_misuse::sys;
#[cfg(right)]
use cstruct_misuse::sys::book as made;
#[cfg(wrong)]
use cstruct_misuse::sys::bookmark as made;

#[allow(dead_code, reason = "a library's error")]
#[derive(Debug)]
enum Error {
    Status(i32),
    Null(Null),
}

impl From<Null> for Error {
    fn from(null: Null) -> Self {
        Error::Null(null)
    }
}

/// Stores a new object, and answers 0.
unsafe extern "C" fn x_open(slot: *mut *mut made) -> i32 {
    // SAFETY: there is room for a pointer, and a NUL-terminated title.
    unsafe { *slot = sys::book_new(c"Emma".as_ptr()).cast() };
    0
}

fn open() -> Result<Owned<BookRef>, Error> {
    // SAFETY: "x_open: a new object, if it answers 0".
    let call = |slot: *mut *mut sys::book| match unsafe { x_open(slot) } {
        //~[wrong]^ E0308
        0 => Ok(()),
        status => Err(Error::Status(status)),
    };
    // SAFETY: as above.
    unsafe { out::made((), call) }
}

fn main() {
    assert_eq!(open().unwrap().title(), c"Emma");
}
