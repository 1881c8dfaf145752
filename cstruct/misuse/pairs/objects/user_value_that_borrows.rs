//! A value in an object of C borrows from the stack.
//! rows: 25; class: callback outlives its captures
//@revisions: right wrong
//@[right] run

use cstruct::kit::UserSlot;
use cstruct_misuse::source::{Source, set_user};

fn main() {
    let mut source = Source::new().unwrap();
    let text = String::from("ours");
    #[cfg(wrong)]
    set_user(source.pin_mut(), text.as_str()); //~[wrong] E0597
    #[cfg(right)]
    set_user(source.pin_mut(), text);
    assert!(UserSlot::<u32>::get(&*source).is_err());
}
