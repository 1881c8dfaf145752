//! A table of functions is implemented by a value that may not leave its thread, and C calls it on another.
//! rows: 22, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Callbacks, Interface};
use std::sync::Arc;

#[repr(C)]
struct device {
    measure: unsafe extern "C" fn(this: *mut device) -> i32,
}

#[cfg(wrong)]
type Counted = std::rc::Rc<i32>;
#[cfg(right)]
type Counted = Arc<i32>;

unsafe extern "C" fn measure(this: *mut device) -> i32 {
    // SAFETY: C passes the pointer of the interface that this table is in.
    unsafe { Interface::<device, Counted>::call(this, |value| **value, -1) }
}

fn main() {
    let callbacks = Arc::new(Callbacks::new());
    let device = Interface::new(device { measure }, Counted::new(7), &callbacks); //~[wrong] E0277
    // SAFETY: the device lives.
    assert_eq!(unsafe { measure(device.as_ptr()) }, 7);
}
