//! Weak references are declared for an object that leans on a keeper, which they would not keep.
//! rows: 4, 2; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ ERROR: the word `weak` is not known for `Shared`
    pub struct Label<K> = Shared<LabelRef, K>;
    pub struct LabelRef(sys::label);
    unsafe {
        retain = sys::label_ref, |status| if status == 0 { Ok(()) } else { Err("no") } => &'static str;
        release = sys::label_unref;
        weak = sys::label_downgrade, sys::label_upgrade, sys::label_weak_free => sys::label_weak;
    }
}

#[cfg(right)]
wrap! {
    pub struct Label = Shared<LabelRef>;
    pub struct LabelRef(sys::label);
    unsafe {
        retain = sys::label_ref, |status| if status == 0 { Ok(()) } else { Err("no") } => &'static str;
        release = sys::label_unref;
        weak = sys::label_downgrade, sys::label_upgrade, sys::label_weak_free => sys::label_weak;
    }
}

fn main() {}
