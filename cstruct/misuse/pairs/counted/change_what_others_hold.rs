//! A label is changed through one of its counts, as if there were no other.
//! rows: 4; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::shelf::Label;

fn main() {
    let mut label = Label::new(7).unwrap();
    #[cfg(wrong)]
    label.pin_mut().set_number(8); //~[wrong] E0599
    #[cfg(right)]
    label.unique_mut().unwrap().set_number(8);
    assert_eq!(label.number(), 8);
}
