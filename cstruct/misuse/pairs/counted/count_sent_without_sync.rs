//! A count of a label goes to a thread, and only sending is declared, not sharing.
//! rows: 4, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::wrap;
use cstruct_misuse::sys;
use std::thread;

wrap! {
    pub struct Label = Shared<LabelRef>;
    pub struct LabelRef(sys::label);
    unsafe {
        retain = sys::label_ref, |status| if status == 0 { Ok(()) } else { Err("too many counts") } => &'static str;
        release = sys::label_unref;
        send = "in this program a label is used by one thread at a time";
    }
}

// SAFETY: in this program there is one count, which one thread uses.
#[cfg(right)]
unsafe impl Sync for LabelRef {}

fn main() {
    // SAFETY: any number may be passed.
    let raw = unsafe { sys::label_new(7) };
    // SAFETY: it is floating.
    unsafe { sys::label_sink(raw) };
    // SAFETY: the one count is ours.
    let label = unsafe { Label::adopt(raw) }.unwrap();
    thread::spawn(move || drop(label)).join().unwrap(); //~[wrong] E0277
}
