//! The bases of two files are swapped, and the rest of each stays where it is.
//! rows: 31, 5a; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct::kit::{IsA, Tagged};
use cstruct_misuse::source::File;

fn main() {
    let (mut one, mut other) = (File::open(5).unwrap(), File::open(6).unwrap());
    let (one, other) = (one.pin_mut().upcast_mut(), other.pin_mut().upcast_mut());
    #[cfg(wrong)]
    std::mem::swap(one.get_mut(), other.get_mut()); //~[wrong] E0277
    #[cfg(right)]
    assert_eq!(one.tag(), other.tag());
}
