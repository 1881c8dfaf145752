//! The bytes of two C structs are swapped through their owners.
//! rows: 3, 5a; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;
use std::mem;

fn main() {
    let mut emma = Book::open(c"Emma").unwrap();
    let mut persuasion = Book::open(c"Persuasion").unwrap();
    #[cfg(wrong)]
    mem::swap(&mut *emma, &mut *persuasion); //~[wrong] E0596
    #[cfg(right)]
    mem::swap(&mut emma, &mut persuasion);
    assert!(emma.in_place() && persuasion.in_place());
}
