//! A function that is legal only inside a batch is called outside.
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

/// Legal only inside a batch.
fn insert(batch: &mut Scope<'_, Batch>) {
    assert!(batch.subject().add_page(300));
}

fn main() {
    let mut book = Book::open(c"Emma").unwrap();
    #[cfg(wrong)]
    insert(&mut book.pin_mut()); //~[wrong] E0308
    #[cfg(right)]
    let Ok(mut batch) = Scope::<Batch>::begin(book.pin_mut());
    #[cfg(right)]
    insert(&mut batch);
    #[cfg(right)]
    let Ok(()) = batch.end();
}
