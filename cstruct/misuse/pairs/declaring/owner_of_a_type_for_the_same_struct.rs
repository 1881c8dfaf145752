//! An owner is declared for another borrowed type of the same C struct, so that the release function beside it is never called.
//! rows: 1; class: wrong deallocator
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
#[cfg(wrong)]
use cstruct_misuse::book::VolumeRef;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! { //~[wrong] E0308
    pub struct Book = Owned<VolumeRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; }
}

#[cfg(right)]
wrap! {
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = sys::book_free; }
}

fn main() {}
