//! A note is filled again while its contents are borrowed.
//! rows: 5b, 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::shelf::{Note, NoteRef};

fn main() {
    let mut note = Note::new();
    assert!(note.write(c"first"));
    let borrowed: &NoteRef = &note;
    #[cfg(wrong)]
    assert!(note.write(c"the second")); //~[wrong] E0502
    assert_eq!(borrowed.len(), 5);
    #[cfg(right)]
    assert!(note.write(c"the second"));
}
