//! The bytes of two C structs are swapped through the kit's owners themselves.
//! rows: 3, 5a; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct::kit::Owned;
use cstruct_misuse::book::{Book, BookRef};
use std::mem;

fn main() {
    let mut emma: Owned<BookRef> = Book::open(c"Emma").unwrap().into();
    let mut persuasion: Owned<BookRef> = Book::open(c"Persuasion").unwrap().into();
    #[cfg(wrong)]
    mem::swap(&mut *emma, &mut *persuasion); //~[wrong] E0596
    #[cfg(right)]
    mem::swap(&mut emma, &mut persuasion);
    assert!(emma.in_place() && persuasion.in_place());
}
