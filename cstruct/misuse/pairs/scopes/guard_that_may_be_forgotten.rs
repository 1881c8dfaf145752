//! A batch that must be ended is held by a guard, which may be forgotten.
//! rows: 28; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use core::convert::Infallible;
use core::pin::Pin;
use cstruct::kit::{Released, Scope, Section};
use cstruct_misuse::book::{Book, BookRef};

/// Between `book_begin` and `book_commit`, which a library might have.
enum Batch {}

// SAFETY: there is nothing to begin or to end.
unsafe impl Section for Batch {
    type Of = BookRef;
    type Error = Infallible;

    unsafe fn begin(_of: Pin<&mut BookRef>) -> Result<(), Infallible> {
        Ok(())
    }

    unsafe fn end(_of: Pin<&mut BookRef>) -> Released<Infallible> {
        Released::Gone
    }
}

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let Ok(batch) = Scope::<Batch>::begin(book.pin_mut()); //~[wrong] E0277
    #[cfg(wrong)]
    std::mem::forget(batch);
    #[cfg(right)]
    let added = Scope::<Batch>::run(book.pin_mut(), |batch| Ok::<_, ()>(batch.subject().add_page(300)));
    #[cfg(right)]
    assert_eq!(added, Ok(true));
}
