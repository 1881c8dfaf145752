//! A value in an object of C is kept across the call that puts another in its place.
//! rows: 25, 3; class: borrow survives a mutator
//@revisions: right wrong
//@[right] run

use cstruct::kit::UserSlot;
use cstruct_misuse::source::{Source, set_user};

fn main() {
    let mut source = Source::new().unwrap();
    set_user(source.pin_mut(), String::from("first"));
    let value = UserSlot::<String>::get(&*source).unwrap().unwrap();
    #[cfg(right)]
    let value = value.clone();
    set_user(source.pin_mut(), String::from("second")); //~[wrong] E0502
    assert_eq!(value, "first");
}
