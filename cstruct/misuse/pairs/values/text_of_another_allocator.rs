//! A text that the library's own function releases is taken for one that free releases.
//! rows: 11; class: wrong deallocator
//@revisions: right wrong
//@[right] run

use core::ffi::c_char;
use core::ptr::NonNull;
use cstruct::kit::{CText, Dealloc, LibcFree};

struct Logged;
// SAFETY: it does what `LibcFree` does: it stands for a function of a library.
unsafe impl Dealloc<c_char> for Logged {
    unsafe fn dealloc(text: NonNull<c_char>, len: usize) {
        // SAFETY: the caller's promise is the same.
        unsafe { LibcFree::dealloc(text, len) }
    }
}
// SAFETY: as above.
unsafe impl cstruct::kit::Alloc<c_char> for Logged {
    fn alloc(len: usize) -> *mut c_char {
        LibcFree::alloc(len)
    }
}

fn print(text: CText<LibcFree>) {
    assert_eq!(&*text, c"Emma");
}

fn main() {
    #[cfg(wrong)]
    let text = CText::<Logged>::copy_of("Emma").unwrap();
    #[cfg(right)]
    let text = CText::<LibcFree>::copy_of("Emma").unwrap();
    print(text); //~[wrong] E0308
}
