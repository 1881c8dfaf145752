//! An object that C keeps for ever is released.
//! rows: 12, 1; class: C's globals freed twice
//@revisions: right wrong
//@[right] run

use cstruct::kit::static_object;
use cstruct_misuse::book::CoverRef;
use cstruct_misuse::sys;

static DEFAULT: sys::cover = sys::cover { colour: 3 };

fn main() {
    // SAFETY: a constant.
    let cover: &'static CoverRef = unsafe { static_object(&raw const DEFAULT) }.unwrap();
    #[cfg(wrong)]
    cover.close(); //~[wrong] E0599
    println!("{cover:p}");
}
