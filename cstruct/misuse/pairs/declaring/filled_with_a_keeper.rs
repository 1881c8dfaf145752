//! A struct by value is declared to lean on a keeper, which its bytes would leave behind.
//! rows: 5b, 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ ERROR: `Filled` is no kind of owner, or not used like this
    pub struct Note<K> = Filled<NoteRef, K>; //~[wrong] E0107
    pub struct NoteRef(sys::note);
    unsafe { dispose = sys::note_dispose; movable = "shelf.h: a note may be moved"; }
}

#[cfg(right)]
wrap! {
    pub struct Note = Filled<NoteRef>;
    pub struct NoteRef(sys::note);
    unsafe { dispose = sys::note_dispose; movable = "shelf.h: a note may be moved"; }
}

fn main() {}
