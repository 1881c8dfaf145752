//! A function that C keeps borrows from the stack.
//! rows: 15; class: callback outlives its captures
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Callbacks, Registered};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

fn main() {
    let callbacks = Arc::new(Callbacks::new());
    let called = Arc::new(AtomicU32::new(0));
    #[cfg(wrong)]
    let counter: &AtomicU32 = &called; //~[wrong] E0597
    #[cfg(right)]
    let counter = Arc::clone(&called);
    let registered = Registered::new(move || counter.fetch_add(1, Ordering::Relaxed), &callbacks);
    let function = registered.into_inner().unwrap();
    assert_eq!((function(), called.load(Ordering::Relaxed)), (0, 1));
}
