//! A function that was registered for this thread goes with its object to another.
//! rows: 15, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Callbacks, Registered};
#[cfg(wrong)]
use std::rc::Rc as Counted;
use std::sync::Arc;
#[cfg(right)]
use std::sync::Arc as Counted;
use std::thread;

fn main() {
    let callbacks = Arc::new(Callbacks::new());
    let captured = Counted::new(7);
    let registered = Registered::local(move || *captured, &callbacks);
    thread::spawn(move || drop(registered)).join().unwrap(); //~[wrong] E0277
}
