//! A note that names bytes of ours is filled by C, which disposes of what was there.
//! rows: 5b; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

#[cfg(wrong)]
use cstruct::kit::View;
#[cfg(right)]
use cstruct_misuse::shelf::Note;
#[cfg(wrong)]
use cstruct_misuse::{shelf::NoteRef, sys};

fn main() {
    #[cfg(wrong)]
    let mut bytes = *b"ours";
    #[cfg(wrong)]
    // SAFETY: four bytes, borrowed for as long as the view, which C only reads.
    let mut note: View<'_, NoteRef> = unsafe { View::new(sys::note { data: bytes.as_mut_ptr().cast(), len: 4 }) };
    #[cfg(right)]
    let mut note = Note::new();
    note.clear(); //~[wrong] E0599
    assert!(note.is_empty());
}
