//! An option that takes a text is set to a number, because one C function sets both.
//! rows: 31; class: ABI mismatch
//@revisions: right wrong
//@[right] run

use core::ffi::c_char;
use std::ffi::CStr;

/// Stands for `setopt(h, op, …)`: option 1 is a number, and option 2 is a text, which is copied.
unsafe extern "C" fn x_setopt(option: i32, value: *const c_char) -> usize {
    // SAFETY: option 2 comes with a text that ends with NUL.
    if option == 2 { unsafe { CStr::from_ptr(value) }.count_bytes() } else { value.addr() }
}

/// One typed method an option: the option itself is never passed in.
struct Handle;

impl Handle {
    fn timeout(&mut self, milliseconds: u32) -> usize {
        // SAFETY: option 1 is a number.
        unsafe { x_setopt(1, std::ptr::without_provenance(milliseconds as usize)) }
    }

    fn agent(&mut self, name: &CStr) -> usize {
        // SAFETY: option 2 is a text, which is copied.
        unsafe { x_setopt(2, name.as_ptr()) }
    }
}

fn main() {
    let mut handle = Handle;
    assert_eq!(handle.timeout(30), 30);
    #[cfg(wrong)]
    let name = 4;
    #[cfg(right)]
    let name = c"Emma";
    assert_eq!(handle.agent(name), 4); //~[wrong] E0308
}
