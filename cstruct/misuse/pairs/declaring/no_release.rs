//! A declaration of an owner does not say how C releases it.
//! rows: 1; class: leak on an error path
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ E0277
    //~[wrong]| E0308
    //~[wrong]| E0599
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { send = "book.c has no globals"; }
}

#[cfg(right)]
wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { send = "book.c has no globals"; release = sys::book_free; }
}

fn main() {}
