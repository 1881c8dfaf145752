//! A function of the library is called before it was initialised.
//! rows: 17; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use core::convert::Infallible;
use cstruct::kit::{Before, Library, LibraryState, Release, Released, Running};

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

/// Legal only while the library is initialised.
fn print(_library: &Running<Print>) {}

fn main() {
    let before = Before::<Print>::take().unwrap();
    #[cfg(wrong)]
    print(&before); //~[wrong] E0308
    #[cfg(right)]
    print(&before.start().unwrap());
}
