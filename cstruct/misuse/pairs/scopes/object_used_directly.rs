//! A book is used directly while a batch on it has begun.
//! rows: 28, 3; class: borrow survives a mutator
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
    let Ok(mut batch) = Scope::<Batch>::begin(book.pin_mut());
    #[cfg(wrong)]
    assert!(book.pin_mut().add_page(300)); //~[wrong] E0499
    #[cfg(right)]
    assert!(batch.subject().add_page(300));
    assert_eq!(batch.object().words().len(), batch.subject().words().len());
    drop(batch);
}
