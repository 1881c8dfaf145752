//! A keeper is written by hand without saying unsafe.
//! rows: 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] check-pass

use cstruct::kit::Keeper;
use cstruct_misuse::book::{Book, BookRef};

struct Shelf {
    book: Book,
}

//~[wrong]vv E0200
#[cfg(wrong)]
impl Keeper<BookRef> for Shelf {
    fn parent(&self) -> &BookRef {
        &self.book
    }
}

// SAFETY: the shelf owns the book and never gives it away.
#[cfg(right)]
unsafe impl Keeper<BookRef> for Shelf {
    fn parent(&self) -> &BookRef {
        &self.book
    }
}

fn main() {}
