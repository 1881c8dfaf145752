//! C is given the pointer of a text that is freed before the call.
//! rows: 19; class: temporary freed before the call
//@revisions: right wrong
//@[right] run

#![deny(dangling_pointers_from_temporaries)]

use core::ffi::c_char;
#[cfg(right)]
use cstruct::kit::lend;
use std::ffi::CStr;
#[cfg(wrong)]
use std::ffi::CString;

/// How long the text is.
unsafe extern "C" fn x_len(text: *const c_char) -> usize {
    // SAFETY: the caller's text ends with NUL.
    unsafe { CStr::from_ptr(text) }.count_bytes()
}

fn main() {
    #[cfg(wrong)]
    let text = CString::new("Emma").unwrap().as_ptr(); //~[wrong] dangling_pointers_from_temporaries
    #[cfg(wrong)]
    // SAFETY: it was a text.
    let len = unsafe { x_len(text) };
    #[cfg(right)]
    // SAFETY: a text that lives until the call has returned.
    let len = lend::cstr("Emma", |text| unsafe { x_len(text) }).unwrap();
    assert_eq!(len, 4);
}
