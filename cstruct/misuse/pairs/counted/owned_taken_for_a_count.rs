//! A sole owner becomes a count, and nothing says that it holds the first one.
//! rows: 4; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Owned, Shared};
use cstruct::wrap;
use cstruct_misuse::sys;

wrap! {
    pub struct Label = Shared<LabelRef>;
    pub struct LabelRef(sys::label);
    unsafe {
        retain = sys::label_ref, |status| if status == 0 { Ok(()) } else { Err("too many counts") } => &'static str;
        release = sys::label_unref;
    }
}

// SAFETY: "label_new" gives a label with a count of one, which becomes ours with label_sink.
#[cfg(right)]
unsafe impl cstruct::kit::OwnedIsCounted for LabelRef {}

fn main() {
    // SAFETY: any number may be passed.
    let raw = unsafe { sys::label_new(7) };
    // SAFETY: it is floating.
    unsafe { sys::label_sink(raw) };
    // SAFETY: the one count is ours.
    let owned: Owned<LabelRef> = unsafe { Owned::from_raw(raw) }.unwrap();
    let _label: Label = Shared::from(owned).into(); //~[wrong] E0277
}
