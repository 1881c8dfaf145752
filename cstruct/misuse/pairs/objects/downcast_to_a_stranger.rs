//! A source is looked at as something that sources never are.
//! rows: 31; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::{IsA, Tagged};
use cstruct_misuse::source::{File, SourceRef};

#[cfg(wrong)]
type Looked = cstruct_misuse::book::BookRef;
#[cfg(right)]
type Looked = cstruct_misuse::source::FileRef;

fn main() {
    let file = File::open(5).unwrap();
    let source: &SourceRef = file.upcast();
    assert!(source.downcast::<Looked>().is_some()); //~[wrong] E0277
    assert_eq!(file.descriptor(), 5);
}
