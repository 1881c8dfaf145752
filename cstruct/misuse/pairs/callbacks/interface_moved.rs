//! The value behind a table is moved out of the memory that C knows.
//! rows: 22; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Callbacks, Interface};
use std::sync::Arc;

#[repr(C)]
struct device {
    measure: unsafe extern "C" fn(this: *mut device) -> i32,
}

use std::marker::PhantomPinned;

struct Fixed {
    level: i32,
    _pinned: PhantomPinned,
}

unsafe extern "C" fn measure(this: *mut device) -> i32 {
    // SAFETY: C passes the pointer of the interface that this table is in.
    unsafe {
        Interface::<device, Fixed>::call_mut(
            this,
            |fixed| {
                #[cfg(wrong)]
                let fixed = fixed.get_mut(); //~[wrong] E0277
                fixed.level
            },
            -1,
        )
    }
}

fn main() {
    let callbacks = Arc::new(Callbacks::new());
    let device = Interface::new(device { measure }, Fixed { level: 7, _pinned: PhantomPinned }, &callbacks);
    // SAFETY: the device lives.
    assert_eq!(unsafe { measure(device.as_ptr()) }, 7);
}
