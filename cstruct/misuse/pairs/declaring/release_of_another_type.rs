//! A book is declared to be released with the function for bookmarks.
//! rows: 1; class: wrong deallocator
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(right)]
use sys::book_free as release;
#[cfg(wrong)]
use sys::bookmark_free as release;

wrap! { //~[wrong] E0308
    pub struct Book = Owned<BookRef>;
    pub struct BookRef(sys::book);
    unsafe { release = release; }
}

fn main() {}
