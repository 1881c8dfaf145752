//! A function that may refuse a count is declared as one that cannot.
//! rows: 4; class: refcount increment ignored
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ E0277
    pub struct Label = Shared<LabelRef>;
    pub struct LabelRef(sys::label);
    unsafe { retain = sys::label_ref; release = sys::label_unref; }
}

#[cfg(right)]
wrap! {
    pub struct Label = Shared<LabelRef>;
    pub struct LabelRef(sys::label);
    unsafe {
        retain = sys::label_ref, |status| if status == 0 { Ok(()) } else { Err("no") } => &'static str;
        release = sys::label_unref;
    }
}

fn main() {}
