//! A title is kept across a call that may replace the book.
//! rows: 8, 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use core::ptr;
use cstruct::kit::{Owned, out};
use cstruct_misuse::book::BookRef;
use cstruct_misuse::sys;

/// Releases the book, and stores NULL.
unsafe extern "C" fn x_discard(slot: *mut *mut sys::book) {
    // SAFETY: the caller's slot, with a book of the caller's.
    unsafe { sys::book_free(ptr::replace(slot, ptr::null_mut())) }
}

fn main() {
    // SAFETY: a NUL-terminated title.
    let raw = unsafe { sys::book_new(c"Emma".as_ptr()) };
    // SAFETY: a book that nobody else releases, or NULL.
    let mut book: Option<Owned<BookRef>> = unsafe { Owned::from_raw(raw) }.ok();
    let title = book.as_ref().unwrap().title();
    #[cfg(right)]
    let title = title.to_owned();
    // SAFETY: "x_discard: reads the slot, and writes NULL to it"; the book is gone.
    unsafe { out::replaced(&mut book, |slot| x_discard(slot)) }; //~[wrong] E0502
    assert_eq!(title.to_bytes(), b"Emma");
    assert!(book.is_none());
}
