//! Two places with a walk each are swapped.
//! rows: 5a; class: C struct moved or overwritten
//@revisions: right wrong
//@[right] run

use cstruct::kit::Place;
use cstruct_misuse::shelf::WalkRef;
use std::pin::pin;

fn main() {
    let mut one = pin!(Place::<WalkRef>::new());
    let mut other = pin!(Place::<WalkRef>::new());
    #[cfg(wrong)]
    std::mem::swap(one.as_mut().get_mut(), other.as_mut().get_mut()); //~[wrong] E0277
    #[cfg(right)]
    std::mem::swap(&mut one, &mut other);
    assert!(one.object().is_none() && other.object().is_none());
}
