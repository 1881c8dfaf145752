//! A value in an object of C is replaced through a shared borrow of the object.
//! rows: 25; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::UserSlot;
use cstruct_misuse::source::{Source, set_user};

fn main() {
    #[cfg(wrong)]
    let source = Source::new().unwrap();
    #[cfg(right)]
    let mut source = Source::new().unwrap();
    #[cfg(wrong)]
    set_user(&source, 7); //~[wrong] E0308
    #[cfg(right)]
    set_user(source.pin_mut(), 7);
    assert_eq!(UserSlot::<i32>::get(&*source), Ok(Some(&7)));
}
