//! A release that may be refused is treated as one that cannot fail.
//! rows: 9; class: close error swallowed
//@revisions: right wrong
//@[right] run

use cstruct_misuse::book::Volume;

fn main() {
    let volume = Volume::open(c"Emma").unwrap();
    #[cfg(wrong)]
    let Ok(()) = volume.close(); //~[wrong] E0005
    #[cfg(right)]
    let Ok(()) = volume.close() else { unreachable!("nothing leans on it") };
}
