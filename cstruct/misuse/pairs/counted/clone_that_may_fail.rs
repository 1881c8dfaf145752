//! A count that C may refuse is taken as if it never could.
//! rows: 4; class: refcount increment ignored
//@revisions: right wrong
//@[right] run

use cstruct_misuse::shelf::Label;

fn main() {
    let label = Label::new(7).unwrap();
    #[cfg(wrong)]
    let other: Label = label.clone(); //~[wrong] E0599
    #[cfg(right)]
    let other: Label = label.try_clone().unwrap();
    assert!(Label::ptr_eq(&label, &other));
}
