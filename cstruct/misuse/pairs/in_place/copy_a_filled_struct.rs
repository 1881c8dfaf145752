//! A struct that C filled is copied by its bytes, as C would assign it.
//! rows: 5b; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct_misuse::shelf::Note;

fn main() {
    let mut note = Note::new();
    assert!(note.write(c"first"));
    #[cfg(wrong)]
    let other = note;
    #[cfg(right)]
    let other = note.take();
    assert_eq!(other.len(), 5);
    assert!(note.is_empty()); //~[wrong] E0382
}
