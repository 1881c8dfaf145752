//! A further count is taken while the only one is used to change the label.
//! rows: 4; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct_misuse::shelf::Label;

fn main() {
    let mut label = Label::new(7).unwrap();
    let unique = label.unique_mut().unwrap();
    #[cfg(wrong)]
    let other = label.try_clone().unwrap(); //~[wrong] E0502
    unique.set_number(8);
    #[cfg(right)]
    let other = label.try_clone().unwrap();
    assert_eq!(other.number(), 8);
}
