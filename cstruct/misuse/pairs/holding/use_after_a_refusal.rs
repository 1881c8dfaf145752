//! An owner is used after a refused close, without taking it back from the error.
//! rows: 9; class: close error swallowed
//@revisions: right wrong
//@[right] run

use cstruct::kit::{CloseError, Foreign};
use cstruct_misuse::book::{StillMarked, Volume};
use cstruct_misuse::sys;

fn main() {
    let volume = Volume::open(c"Emma").unwrap();
    // SAFETY: a live book.
    let mark = unsafe { sys::bookmark_new(volume.as_ptr()) };
    let refused = volume.close().unwrap_err();
    #[cfg(wrong)]
    let again = volume; //~[wrong] E0382
    #[cfg(right)]
    let CloseError::StillOpen { handle: again, error: StillMarked } = refused else { unreachable!("a bookmark lives") };
    // SAFETY: made above and not used again; its book lives.
    unsafe { sys::bookmark_free(mark) };
    again.close().unwrap();
}
