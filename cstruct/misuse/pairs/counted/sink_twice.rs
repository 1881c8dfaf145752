//! A floating label is sunk twice.
//! rows: 4; class: refcount increment ignored
//@revisions: right wrong
//@[right] run

use cstruct_misuse::shelf::LabelRef;

fn main() {
    let floating = LabelRef::floating(7).unwrap();
    let first = floating.sink();
    #[cfg(wrong)]
    let second = floating.sink(); //~[wrong] E0382
    #[cfg(right)]
    let second = first.try_clone().unwrap();
    assert_eq!(first.number(), second.number());
}
