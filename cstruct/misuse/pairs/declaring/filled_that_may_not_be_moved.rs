//! A struct by value is declared, and nothing says that it may be moved.
//! rows: 5b; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ E0277
    pub struct Note = Filled<NoteRef>;
    pub struct NoteRef(sys::note);
    unsafe { dispose = sys::note_dispose; }
}

#[cfg(right)]
wrap! {
    pub struct Note = Filled<NoteRef>;
    pub struct NoteRef(sys::note);
    unsafe { dispose = sys::note_dispose; movable = "shelf.h: a note may be moved"; }
}

fn main() {}
