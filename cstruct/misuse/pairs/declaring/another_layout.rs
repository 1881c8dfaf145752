//! A borrowed type is declared with a layout of its own.
//! rows: 1, 6; class: ABI mismatch
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

wrap! {
    pub struct Book = Owned<BookRef>;

    #[cfg_attr(wrong, repr(C))] //~[wrong] E0692
    pub struct BookRef(sys::book);

    unsafe { release = sys::book_free; }
}

fn main() {}
