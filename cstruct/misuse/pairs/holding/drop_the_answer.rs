//! What a release answered is dropped unseen, where unused results are denied.
//! rows: 9; class: close error swallowed
//@revisions: right wrong
//@[right] run

#![deny(unused_must_use)]

use cstruct_misuse::book::Volume;

fn main() {
    let volume = Volume::open(c"Emma").unwrap();
    #[cfg(wrong)]
    volume.close(); //~[wrong] unused_must_use
    #[cfg(right)]
    volume.close().unwrap();
}
