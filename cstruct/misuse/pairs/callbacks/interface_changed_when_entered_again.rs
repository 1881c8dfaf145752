//! A function that C may enter again changes the value behind its table.
//! rows: 22; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Callbacks, Interface};
use std::pin::Pin;
use std::sync::Arc;

#[repr(C)]
struct device {
    measure: unsafe extern "C" fn(this: *mut device) -> i32,
}

struct Counter {
    measured: i32,
}

unsafe extern "C" fn measure(this: *mut device) -> i32 {
    #[cfg(wrong)]
    // SAFETY: C passes the pointer of the interface that this table is in.
    unsafe {
        let count = |counter: Pin<&Counter>| {
            counter.get_ref().measured += 1; //~[wrong] E0594
            counter.measured
        };
        Interface::<device, Counter>::call(this, count, -1)
    }
    #[cfg(right)]
    // SAFETY: as above.
    unsafe {
        let count = |counter: Pin<&mut Counter>| {
            counter.get_mut().measured += 1;
            1
        };
        Interface::<device, Counter>::call_mut(this, count, -1)
    }
}

fn main() {
    let callbacks = Arc::new(Callbacks::new());
    let device = Interface::new(device { measure }, Counter { measured: 0 }, &callbacks);
    // SAFETY: the device lives.
    assert_eq!(unsafe { measure(device.as_ptr()) }, 1);
}
