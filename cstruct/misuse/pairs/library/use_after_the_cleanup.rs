//! A library is used after its cleanup.
//! rows: 17; class: C's globals freed twice
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
    let library: Running<Print> = Before::take().unwrap().start().unwrap();
    #[cfg(right)]
    print(&library);
    library.shut().unwrap();
    #[cfg(wrong)]
    print(&library); //~[wrong] E0382
}
