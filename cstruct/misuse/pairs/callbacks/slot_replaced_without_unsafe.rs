//! The slot of a handler is emptied without telling C.
//! rows: 15; class: callback outlives its captures
//@revisions: right wrong
//@[right] run

use core::convert::Infallible;
use cstruct::kit::{Callbacks, Registered, Slot};
use std::sync::Arc;

fn main() {
    let callbacks = Arc::new(Callbacks::new());
    let slot = Slot::empty();
    // SAFETY: there is no C library here that could have a handler.
    unsafe { slot.replace(Some(Registered::new(|| 7, &callbacks)), |_| Ok::<(), Infallible>(())) }.unwrap();
    #[cfg(wrong)]
    let handler = slot.take(); //~[wrong] E0599
    #[cfg(right)]
    // SAFETY: as above.
    let handler = unsafe { slot.replace(None, |_| Ok::<(), Infallible>(())) }.unwrap();
    assert_eq!(handler.unwrap().into_inner().unwrap()(), 7);
}
