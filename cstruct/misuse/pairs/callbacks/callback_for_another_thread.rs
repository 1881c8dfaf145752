//! A function that C may call on another thread captures an Rc.
//! rows: 15, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Callbacks, Registered};
#[cfg(wrong)]
use std::rc::Rc as Counted;
use std::sync::Arc;
#[cfg(right)]
use std::sync::Arc as Counted;

fn main() {
    let callbacks = Arc::new(Callbacks::new());
    let captured = Counted::new(7);
    let registered = Registered::new(move || *captured, &callbacks); //~[wrong] E0277
    assert_eq!(registered.into_inner().unwrap()(), 7);
}
