//! A file is seen as its base for longer than it lives.
//! rows: 31, 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::{IsA, Tagged};
use cstruct_misuse::source::{File, FileRef, SourceRef};

fn main() {
    let file = File::open(5).unwrap();
    let source: &SourceRef = file.upcast();
    #[cfg(wrong)]
    drop(file); //~[wrong] E0505
    assert_eq!(source.downcast::<FileRef>().unwrap().descriptor(), 5);
}
