//! A closure that C goes on calling is taken from the keeper of a handle that is given up.
//! rows: 15, 2; class: callback outlives its captures
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Callbacks, Owned, Registered};
use cstruct_misuse::book::BookRef;
use cstruct_misuse::sys;
use std::sync::Arc;

fn main() {
    let callbacks = Arc::new(Callbacks::new());
    // It stands for a function that C calls until the book is released.
    let registered = Registered::new((|| 7) as fn() -> i32, &callbacks);
    // SAFETY: a NUL-terminated title.
    let raw = unsafe { sys::book_new(c"Emma".as_ptr()) };
    // SAFETY: a book that nobody else releases, or NULL.
    let book: Owned<BookRef, Registered<fn() -> i32>> = unsafe { Owned::from_raw_with(raw, registered) }.unwrap();
    #[cfg(wrong)]
    drop(Owned::into_parts(book)); //~[wrong] E0133
    #[cfg(right)]
    drop(book);
}
