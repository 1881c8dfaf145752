//! The header that the bindings were made from and the library that is linked are of one version, and it is this crate's.

use std::ffi::CStr;

use cstruct_sys::*;

#[test]
fn header_and_library_are_of_one_version() {
    // SAFETY: legal at any time, on any thread.
    let linked = unsafe { cstruct_version_number() };
    assert_eq!(linked, CSTRUCT_VERSION_NUMBER);

    // SAFETY: legal at any time, on any thread.
    let text = unsafe { cstruct_version() };
    // SAFETY: static, not NULL, ends with a NUL.
    let text = unsafe { CStr::from_ptr(text) };
    assert_eq!(text, CSTRUCT_VERSION_TEXT);
}

#[test]
fn the_numbers_agree_with_each_other_and_with_cargo() {
    let number = CSTRUCT_VERSION_MAJOR * 1_000_000 + CSTRUCT_VERSION_MINOR * 1_000 + CSTRUCT_VERSION_PATCH;
    assert_eq!(number, CSTRUCT_VERSION_NUMBER);
    let text = format!("{CSTRUCT_VERSION_MAJOR}.{CSTRUCT_VERSION_MINOR}.{CSTRUCT_VERSION_PATCH}");
    assert_eq!(CSTRUCT_VERSION_TEXT.to_str(), Ok(text.as_str()));
    assert_eq!(env!("CARGO_PKG_VERSION"), text);
}
