//! A label is looked at through a weak reference, which does not keep it alive.
//! rows: 4; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct_misuse::shelf::Label;

fn main() {
    let label = Label::new(7).unwrap();
    let weak = Label::downgrade(&label).unwrap();
    #[cfg(wrong)]
    assert_eq!(weak.number(), 7); //~[wrong] E0599
    #[cfg(right)]
    assert_eq!(weak.upgrade().unwrap().number(), 7);
}
