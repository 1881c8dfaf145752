//! A text that ends with its scope is passed in the mode for texts that never end.
//! rows: 10, 12; class: temporary freed before the call
//@revisions: right wrong
//@[right] run

use std::ffi::{CStr, CString};

/// `bind(text, STATIC)`: C keeps the pointer, and never copies or frees.
fn bind_static(text: &'static CStr) -> usize {
    text.count_bytes()
}

/// `bind(text, TRANSIENT)`: C makes a copy.
#[cfg(right)]
fn bind_copy(text: &CStr) -> usize {
    text.count_bytes()
}

fn main() {
    assert_eq!(bind_static(c"Emma"), 4);
    let text = CString::new("Persuasion").unwrap();
    #[cfg(wrong)]
    assert_eq!(bind_static(&text), 10); //~[wrong] E0597
    #[cfg(right)]
    assert_eq!(bind_copy(&text), 10);
}
