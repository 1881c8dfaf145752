//! A batch is ended before one that was begun inside it.
//! rows: 28; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use core::convert::Infallible;
use core::pin::Pin;
use cstruct::kit::{MayForget, Released, Scope, Section};
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

// SAFETY: as above.
unsafe impl MayForget for Batch {}

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    let Ok(mut outer) = Scope::<Batch>::begin(book.pin_mut());
    let Ok(inner) = Scope::<Batch>::begin(outer.subject());
    #[cfg(wrong)]
    let Ok(()) = outer.end(); //~[wrong] E0505
    let Ok(()) = inner.end();
    #[cfg(right)]
    let Ok(()) = outer.end();
}
