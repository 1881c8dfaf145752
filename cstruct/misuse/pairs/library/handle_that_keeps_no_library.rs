//! A handle of a library is made without what keeps the library initialised.
//! rows: 17, 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use core::convert::Infallible;
use cstruct::kit::Owned;
use cstruct::kit::{Before, Library, LibraryState, Release, Released, Running};
use cstruct_misuse::book::BookRef;
use cstruct_misuse::sys;

enum Print {}

// SAFETY: there is nothing to clean up.
unsafe impl Release for Print {
    type Handle = ();
    type Error = Infallible;

    unsafe fn release((): ()) -> Released<Infallible> {
        Released::Gone
    }
}

// SAFETY: there is nothing to initialise.
unsafe impl Library for Print {
    const RESTARTS: bool = true;

    fn state() -> &'static LibraryState {
        static STATE: LibraryState = LibraryState::new();
        &STATE
    }

    unsafe fn init() -> Result<(), Infallible> {
        Ok(())
    }
}

type PrintedBook = Owned<BookRef, Running<Print>>;

fn open(library: &Running<Print>) -> PrintedBook {
    // SAFETY: a NUL-terminated title.
    let raw = unsafe { sys::book_new(c"Emma".as_ptr()) };
    #[cfg(wrong)]
    // SAFETY: a book that nobody else releases, or NULL.
    return unsafe { Owned::from_raw(raw) }.unwrap(); //~[wrong] E0308
    #[cfg(right)]
    // SAFETY: as above; it leans on the library, which the token keeps.
    unsafe { Owned::from_raw_with(raw, library.clone()) }.unwrap()
}

fn main() {
    let library: Running<Print> = Before::take().unwrap().start().unwrap();
    let book = open(&library);
    assert!(library.shut().is_err());
    assert_eq!(book.title(), c"Emma");
}
