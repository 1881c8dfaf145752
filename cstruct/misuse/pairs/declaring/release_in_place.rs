//! An object in room of ours is declared with a function that frees the room.
//! rows: 5a; class: wrong deallocator
//@revisions: right wrong
//@[right] check-pass

use cstruct::wrap;
use cstruct_misuse::sys;

#[cfg(wrong)]
wrap! {
    //~[wrong]^ E0277
    //~[wrong]| E0308
    //~[wrong]| E0599
    pub struct Walk = InPlace<WalkRef>;
    pub struct WalkRef(sys::walk);
    unsafe { release = sys::walk_end; }
}

#[cfg(right)]
wrap! {
    pub struct Walk = InPlace<WalkRef>;
    pub struct WalkRef(sys::walk);
    unsafe { clear = sys::walk_end; }
}

fn main() {}
