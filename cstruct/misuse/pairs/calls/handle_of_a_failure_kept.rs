//! The handle that came with a failure is kept, although it is released.
//! rows: 8, 27; class: leak on an error path
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Null, out};
use cstruct_misuse::book::BookRef;
use cstruct_misuse::sys;

#[derive(Debug)]
struct Failed;

impl From<Null> for Failed {
    fn from(_: Null) -> Self {
        Failed
    }
}

/// Fails, and stores a book that tells why.
unsafe extern "C" fn x_open(slot: *mut *mut sys::book) -> i32 {
    // SAFETY: there is room for a pointer, and a NUL-terminated title.
    unsafe { *slot = sys::book_new(c"no such book".as_ptr()) };
    1
}

fn main() {
    let mut why = None;
    // SAFETY: there is room for a pointer.
    let call = |slot| match unsafe { x_open(slot) } {
        0 => Ok(()),
        status => Err(status),
    };
    let explain = |_status, failed: Option<&BookRef>| {
        #[cfg(wrong)]
        let text = failed.map(BookRef::title);
        #[cfg(right)]
        let text = failed.map(|failed| failed.title().to_owned());
        why = text; //~[wrong] E0521
        Failed
    };
    // SAFETY: "x_open: whatever it answers, a book of the caller's, or NULL".
    unsafe { out::made_even_if_failed((), call, explain) }.unwrap_err();
    assert_eq!(why.unwrap().to_bytes(), b"no such book");
}
