//! Options that are kept for ever are given a text of a block.
//! rows: 21; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::Opts;
use std::ffi::{CStr, CString, c_char};

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

    fn set_missing(&mut self, text: &'a CStr) {
        // SAFETY: the text lives for 'a.
        unsafe { self.0.raw_mut() }.missing = text.as_ptr();
    }
}

fn main() {
    let text = CString::new("NA").unwrap();
    #[cfg(wrong)]
    let mut options: Options<'static> = Options::new();
    #[cfg(right)]
    let mut options: Options<'_> = Options::new();
    options.set_missing(&text); //~[wrong] E0597
    assert!(!options.0.as_ptr().is_null());
}
