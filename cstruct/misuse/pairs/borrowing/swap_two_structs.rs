//! The bytes of two borrowed C structs are swapped.
//! rows: 3, 5a; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Book;
use std::mem;

fn main() {
    let mut emma = Book::open(c"Emma").unwrap();
    let mut persuasion = Book::open(c"Persuasion").unwrap();
    #[cfg(wrong)]
    mem::swap(&mut *emma.pin_mut(), &mut *persuasion.pin_mut()); //~[wrong] E0596
    #[cfg(right)]
    mem::swap(&mut emma, &mut persuasion);
    assert_eq!(emma.title(), c"Persuasion");
    assert!(emma.in_place() && persuasion.in_place());
}
