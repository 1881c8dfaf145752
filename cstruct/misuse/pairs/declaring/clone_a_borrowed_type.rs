//! A borrowed type is declared with a Clone of its bytes.
//! rows: 1, 7; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

wrap! {
    pub struct Book = Owned<BookRef>;

    #[cfg_attr(wrong, derive(Clone))] //~[wrong] E0277
    #[derive(Debug)]
    pub struct BookRef(sys::book);

    unsafe { release = sys::book_free; }
}

fn main() {}
