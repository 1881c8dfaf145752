//! The answer whether a count is the only one is declared without how to read it.
//! rows: 4; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ ERROR: the word `unique` is not known for `Shared`, or not used like this
    pub struct Label = Shared<LabelRef>;
    pub struct LabelRef(sys::label);
    unsafe {
        retain = sys::label_ref, |status| if status == 0 { Ok(()) } else { Err("no") } => &'static str;
        release = sys::label_unref;
        unique = sys::label_is_unique;
    }
}

#[cfg(right)]
wrap! {
    pub struct Label = Shared<LabelRef>;
    pub struct LabelRef(sys::label);
    unsafe {
        retain = sys::label_ref, |status| if status == 0 { Ok(()) } else { Err("no") } => &'static str;
        release = sys::label_unref;
        unique = sys::label_is_unique, |answer| answer == 1;
    }
}

fn main() {}
