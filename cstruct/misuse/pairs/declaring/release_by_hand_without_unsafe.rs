//! A release is written by hand without saying unsafe.
//! rows: 1; class: wrong deallocator
//@revisions: right wrong
//@[right] check-pass

use cstruct::kit::{Foreign, Opaque, Release, Released};
use cstruct_misuse::sys;
use std::convert::Infallible;
use std::ptr::NonNull;

#[repr(transparent)]
struct BookRef(Opaque<sys::book>);

// SAFETY: transparent over `Opaque<book>`.
unsafe impl Foreign for BookRef {
    type Raw = sys::book;
}

macro_rules! body {
    () => {
        type Handle = NonNull<sys::book>;
        type Error = Infallible;

        unsafe fn release(handle: Self::Handle) -> Released<Infallible> {
            // SAFETY: the caller owns the book and gives it up.
            unsafe { sys::book_free(handle.as_ptr()) };
            Released::Gone
        }
    };
}

//~[wrong]vv E0200
#[cfg(wrong)]
impl Release for BookRef {
    body!();
}

// SAFETY: "book_free: releases a book on which no bookmark leans".
#[cfg(right)]
unsafe impl Release for BookRef {
    body!();
}

fn main() {}
