//! Two batches are swapped, so that each would end the other's.
//! rows: 28; class: C struct moved or overwritten
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
    let mut one = Book::open(c"Emma").unwrap();
    let mut other = Book::open(c"Persuasion").unwrap();
    let run = Scope::<Batch>::run(one.pin_mut(), |one| {
        let run = Scope::<Batch>::run(other.pin_mut(), |other| {
            #[cfg(wrong)]
            std::mem::swap(one, other); //~[wrong] E0521
            #[cfg(right)]
            assert_ne!(one.object().title(), other.object().title());
            Ok::<_, ()>(())
        });
        assert_eq!(run, Ok(()));
        Ok::<_, ()>(())
    });
    assert_eq!(run, Ok(()));
}
