//! A value that may not leave its thread is put into an object of C that may.
//! rows: 25, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::UserSlot;
use cstruct_misuse::source::{Source, set_user};

#[cfg(wrong)]
use std::rc::Rc as Counted;
#[cfg(right)]
use std::sync::Arc as Counted;

fn main() {
    let mut source = Source::new().unwrap();
    set_user(source.pin_mut(), Counted::new(7)); //~[wrong] E0277
    assert!(UserSlot::<u32>::get(&*source).is_err());
}
