//! Options are used after a text that they point to.
//! rows: 21; class: temporary freed before the call
//@revisions: right wrong
//@[right] run

use core::ffi::c_char;
use cstruct::kit::Opts;
use std::ffi::{CStr, CString};

#[repr(C)]
struct options {
    missing: *const c_char,
}

struct Options<'a>(Opts<'a, options>);

impl<'a> Options<'a> {
    fn new() -> Self {
        // SAFETY: all NULL is what C's init would leave.
        Options(unsafe { Opts::init(|_| Ok::<(), ()>(())) }.unwrap())
    }

    fn missing(mut self, text: &'a CStr) -> Self {
        // SAFETY: the text lives for 'a.
        unsafe { self.0.raw_mut() }.missing = text.as_ptr();
        self
    }

    fn open(&self) -> usize {
        // SAFETY: it was made by `new`.
        let raw = unsafe { &*self.0.as_ptr() };
        // SAFETY: set by `missing`, to a text that lives for 'a.
        unsafe { CStr::from_ptr(raw.missing) }.count_bytes()
    }
}

fn main() {
    let text = CString::new("NA").unwrap();
    let options = Options::new().missing(&text);
    #[cfg(wrong)]
    drop(text); //~[wrong] E0505
    assert_eq!(options.open(), 2);
}
