//! A shelf that frees only itself is passed on as one that frees its books.
//! rows: 13; class: wrong deallocator
//@revisions: right wrong
//@[right] run

use cstruct::kit::ItemsToo;
#[cfg(wrong)]
use cstruct::kit::ShellOnly;
use cstruct_misuse::shelf::{Shelf, shelf};

#[cfg(wrong)]
type Policy = ShellOnly<'static>;
#[cfg(right)]
type Policy = ItemsToo;

fn main() {
    let made: Shelf<Policy> = shelf().unwrap();
    let freed_with_its_books: Shelf<ItemsToo> = made; //~[wrong] E0308
    assert_eq!(freed_with_its_books.books().len(), 0);
}
