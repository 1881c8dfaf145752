//! A function is given to C with a user pointer of another origin.
//! rows: 15; class: callback outlives its captures
//@revisions: right wrong
//@[right] run

use core::ffi::c_void;
use core::ptr;
use cstruct::kit::Hook;

type HandlerFn = unsafe extern "C" fn(*mut c_void);

#[cfg(wrong)]
unsafe extern "C" fn handle(_user: *mut c_void) {}

fn main() {
    #[cfg(wrong)]
    let hook: Hook<HandlerFn> = Hook { function: Some(handle), user: ptr::null_mut(), destroy: None }; //~[wrong] E0451
    #[cfg(right)]
    let hook: Hook<HandlerFn> = Hook::none();
    assert!(hook.function().is_none() && ptr::eq(hook.user(), ptr::null_mut()));
}
