//! The text that comes with a failure is released with another library's function.
//! rows: 27, 11; class: wrong deallocator
//@revisions: right wrong
//@[right] run

use core::ffi::c_char;
use core::ptr::NonNull;
use cstruct::kit::{CText, Dealloc, LibcFree, with_text};

struct XFree;
// SAFETY: it does what `LibcFree` does: it stands for the function of a library.
unsafe impl Dealloc<c_char> for XFree {
    unsafe fn dealloc(text: NonNull<c_char>, len: usize) {
        // SAFETY: the caller's promise is the same.
        unsafe { LibcFree::dealloc(text, len) }
    }
}

unsafe extern "C" fn x_exec(message: *mut *mut c_char) -> i32 {
    // SAFETY: the caller's slot.
    unsafe { *message = CText::into_raw(CText::<LibcFree>::copy_of("no such table").unwrap()) };
    1
}

#[cfg(wrong)]
type Message = CText<LibcFree>;
#[cfg(right)]
type Message = CText<XFree>;

fn main() {
    // SAFETY: room for a pointer.
    let call = |slot| if unsafe { x_exec(slot) } == 0 { Ok(()) } else { Err(()) };
    // SAFETY: "x_exec: a message, to be released with x_free, or NULL".
    let failure = unsafe { with_text::<XFree, _, _>(call) }.unwrap_err();
    let message: Option<Message> = failure.message; //~[wrong] E0308
    assert_eq!(&**message.as_ref().unwrap(), c"no such table");
}
