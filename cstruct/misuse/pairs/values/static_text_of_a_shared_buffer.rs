//! A text in a buffer that the next call overwrites is returned as if it were a constant.
//! rows: 12; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use core::ffi::c_char;
use cstruct::kit::copied_text;
use std::ffi::{CStr, CString};

unsafe extern "C" fn x_strerror(_code: i32) -> *const c_char {
    c"no such book".as_ptr()
}

#[cfg(wrong)]
fn explain(code: i32) -> &'static CStr {
    // SAFETY: "x_strerror: good until the next call": copied at once.
    let text: CString = unsafe { copied_text(x_strerror(code)) }.unwrap();
    &text //~[wrong] E0515
}

#[cfg(right)]
fn explain(code: i32) -> CString {
    // SAFETY: "x_strerror: good until the next call": copied at once.
    let text: CString = unsafe { copied_text(x_strerror(code)) }.unwrap();
    text
}

fn main() {
    assert_eq!(AsRef::<CStr>::as_ref(&explain(2)), c"no such book");
}
