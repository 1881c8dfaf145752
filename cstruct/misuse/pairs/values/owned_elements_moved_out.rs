//! An object is moved out of an array that releases it too.
//! rows: 11; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct::kit::{CArray, LibcFree, Owned, OwnedElement};
use cstruct_misuse::book::BookRef;
use cstruct_misuse::sys;

fn main() {
    // SAFETY: a NUL-terminated title.
    let raw = [unsafe { sys::book_new(c"Emma".as_ptr()) }];
    let (first, len) = CArray::into_raw(CArray::<_, LibcFree>::copy_of(&raw).unwrap());
    // SAFETY: one book of our own in an array of our own, which free releases.
    let mut books: CArray<OwnedElement<BookRef>, LibcFree> = unsafe { CArray::from_raw(first.cast(), len) }.unwrap();
    #[cfg(wrong)]
    let first = books[0]; //~[wrong] E0508
    #[cfg(right)]
    let first: Owned<BookRef> = CArray::take(&mut books, 0).unwrap();
    #[cfg(wrong)]
    let first = first.object().unwrap();
    assert_eq!(first.title(), c"Emma");
}
