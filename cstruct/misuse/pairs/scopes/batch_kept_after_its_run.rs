//! A batch is kept by the closure that runs inside it.
//! rows: 28; class: borrow not tied to its owner
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
    let mut kept = None;
    let run = Scope::<Batch>::run(book.pin_mut(), |batch| {
        #[cfg(right)]
        let batch = batch.object().words().len();
        kept = Some(batch); //~[wrong] E0521
        Ok::<_, ()>(())
    });
    assert_eq!(run, Ok(()));
    assert!(kept.is_some());
}
