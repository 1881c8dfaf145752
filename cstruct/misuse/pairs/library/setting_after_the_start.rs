//! A setting is changed after the library was initialised.
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

/// Legal only before the library is initialised.
fn set_level(_before: &mut Before<Print>, level: i32) {
    assert_eq!(level, 3);
}

fn main() {
    let mut before = Before::<Print>::take().unwrap();
    #[cfg(right)]
    set_level(&mut before, 3);
    let running: Running<Print> = before.start().unwrap();
    #[cfg(wrong)]
    set_level(&mut before, 3); //~[wrong] E0382
    running.shut().unwrap();
}
