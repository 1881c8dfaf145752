//! A struct of options is written down field by field, without C's init function.
//! rows: 21; class: ABI mismatch
//@revisions: right wrong
//@[right] run

use cstruct::kit::Opts;

#[repr(C)]
struct options {
    version: u32,
    level: u32,
}

unsafe extern "C" fn options_init(options: *mut options) -> i32 {
    // SAFETY: the caller's room.
    unsafe { options.write(self::options { version: 2, level: 6 }) };
    0
}

fn main() {
    #[cfg(wrong)]
    let options = Opts { raw: options { version: 1, level: 6 }.into(), borrows: core::marker::PhantomData }; //~[wrong] E0451
    #[cfg(right)]
    // SAFETY: "options_init: fills the options, and answers 0".
    let options = unsafe { Opts::init(|raw| if options_init(raw) == 0 { Ok(()) } else { Err(()) }) }.unwrap();
    // SAFETY: it was made just now.
    let raw = unsafe { &*options.as_ptr() };
    assert_eq!((raw.version, raw.level), (2, 6));
}
