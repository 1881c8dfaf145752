//! A source is taken for a file, and nobody looked at its kind.
//! rows: 31; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::{IsA, Tagged};
use cstruct_misuse::source::{File, FileRef, SourceRef};

fn main() {
    let file = File::open(5).unwrap();
    let source: &SourceRef = file.upcast();
    #[cfg(wrong)]
    let again: &FileRef = source; //~[wrong] E0308
    #[cfg(right)]
    let again: &FileRef = source.downcast().unwrap();
    assert_eq!(again.descriptor(), 5);
}
