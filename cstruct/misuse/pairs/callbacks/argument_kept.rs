//! A closure keeps an argument that exists only while C is calling it.
//! rows: 15, 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use core::ffi::c_void;
use cstruct::kit::{Callback, Foreign};
use cstruct_misuse::book::{Book, BookRef};
use cstruct_misuse::sys;

/// Calls `f` with a book that is released afterwards.
unsafe extern "C" fn x_with_book(f: unsafe extern "C" fn(*mut c_void, *mut sys::book), user: *mut c_void) {
    let book = Book::open(c"Emma").unwrap();
    // SAFETY: a live book, and the caller's function with its user pointer.
    unsafe { f(user, book.as_ptr()) }
}

fn with_book<F: FnMut(&BookRef)>(f: F) {
    unsafe extern "C" fn trampoline<F: FnMut(&BookRef)>(user: *mut c_void, book: *mut sys::book) {
        // SAFETY: a live book, for the time of the call.
        let book = unsafe { BookRef::from_ptr(book) }.unwrap();
        // SAFETY: x_with_book hands back what it was given below, during the call.
        unsafe { Callback::<F>::call(user, |f| f(book), ()) }
    }
    // SAFETY: function and user belong together.
    Callback::with(f, |callback| unsafe { x_with_book(trampoline::<F>, callback.user()) });
}

fn main() {
    let mut kept = None;
    with_book(|book| {
        #[cfg(wrong)]
        let title = book.title();
        #[cfg(right)]
        let title = book.title().to_owned();
        kept = Some(title); //~[wrong] E0521
    });
    assert_eq!(kept.unwrap().to_bytes(), b"Emma");
}
