//! A declaration is believed without the word unsafe.
//! rows: 1; class: wrong deallocator
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ ERROR: wrap!: say `struct Thing = Owned<ThingRef>
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    release = sys::book_free;
}

#[cfg(right)]
wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; }
}

fn main() {}
