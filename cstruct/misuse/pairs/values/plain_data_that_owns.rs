//! A struct is declared as plain data, and owns a text that C made.
//! rows: 6; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct::kit::{CText, LibcFree};

struct Entry {
    words: i32,
    title: CText<LibcFree>,
}

#[cfg(wrong)]
impl Copy for Entry {} //~[wrong] E0204

#[cfg(wrong)]
impl Clone for Entry {
    fn clone(&self) -> Entry {
        *self
    }
}

fn main() {
    let entry = Entry { words: 300, title: CText::copy_of("Emma").unwrap() };
    let moved = entry;
    assert_eq!((moved.words, &*moved.title), (300, c"Emma"));
}
