//! A text of C is copied as if it could not be anything but UTF-8.
//! rows: 7, 11; class: bad text from C
//@revisions: right wrong
//@[right] run

use cstruct::kit::{CText, CopyOut, LibcFree};

fn main() {
    let text: CText<LibcFree> = CText::copy_of("Emma").unwrap();
    #[cfg(wrong)]
    let copy: String = text.copy_out(); //~[wrong] E0308
    #[cfg(right)]
    let copy: String = text.copy_out().unwrap();
    assert_eq!(copy, "Emma");
}
