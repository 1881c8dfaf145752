//! An object that C keeps for ever is used on another thread, and nothing says that it may be.
//! rows: 12, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Foreign, static_object};
use cstruct::wrap;
use cstruct_misuse::sys;
use std::thread;

wrap! {
    pub struct CoverRef(sys::cover);
    unsafe { send = "plain data"; }
}

// SAFETY: the default cover below never changes.
#[cfg(right)]
unsafe impl Sync for CoverRef {}

static DEFAULT: sys::cover = sys::cover { colour: 3 };

fn main() {
    // SAFETY: a constant.
    let cover: &'static CoverRef = unsafe { static_object(&raw const DEFAULT) }.unwrap();
    thread::spawn(move || println!("{:p}", cover.as_ptr())).join().unwrap(); //~[wrong] E0277
}
