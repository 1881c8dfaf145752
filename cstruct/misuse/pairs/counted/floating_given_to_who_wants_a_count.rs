//! A floating label is taken for one with a count of one's own.
//! rows: 4; class: refcount increment ignored
//@revisions: right wrong
//@[right] run

use cstruct::kit::Shared;
use cstruct_misuse::shelf::LabelRef;

fn main() {
    let label = LabelRef::floating(7).unwrap();
    #[cfg(right)]
    let label = label.sink();
    let shared: Shared<LabelRef> = label; //~[wrong] E0308
    assert_eq!(shared.number(), 7);
}
