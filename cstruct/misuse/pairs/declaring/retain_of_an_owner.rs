//! A counted object is declared as one with a sole owner.
//! rows: 4; class: refcount increment ignored
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ ERROR: the word `retain` is not known for `Owned`
    pub struct Label = Owned<LabelRef>;
    pub struct LabelRef(sys::label);
    unsafe {
        retain = sys::label_ref, |status| if status == 0 { Ok(()) } else { Err("no") } => &'static str;
        release = sys::label_unref;
    }
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
