//! A table that C took over, and frees, is dropped too.
//! rows: 22, 10; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct::kit::Consumed;
use cstruct::kit::{Callbacks, Interface};
use std::sync::Arc;

#[repr(C)]
struct device {
    measure: unsafe extern "C" fn(this: *mut device) -> i32,
}

unsafe extern "C" fn measure(this: *mut device) -> i32 {
    // SAFETY: C passes the pointer of the interface that this table is in.
    unsafe { Interface::<device, i32>::call(this, |value| *value, -1) }
}

fn main() {
    let callbacks = Arc::new(Callbacks::new());
    let device = Interface::new(device { measure }, 7, &callbacks);
    let take = |device| {
        // SAFETY: it was handed over, and is freed once.
        unsafe { Interface::<device, i32>::free(device) };
        Consumed::<(), ()>::Taken(())
    };
    #[cfg(right)]
    assert!(!device.is_running());
    // SAFETY: `take` frees it once.
    unsafe { device.hand_over(take) }.unwrap();
    #[cfg(wrong)]
    drop(device); //~[wrong] E0382
}
