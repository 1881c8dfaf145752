//! A batch goes to another thread than the one that began it.
//! rows: 28, 14; class: wrong Send or Sync
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
    let Ok(batch) = Scope::<Batch>::begin(book.pin_mut());
    #[cfg(wrong)]
    std::thread::scope(|threads| {
        threads.spawn(move || drop(batch)); //~[wrong] E0277
    });
    #[cfg(right)]
    drop(batch);
}
