//! A number that means something on its own thread only goes to another.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::ThreadBound;
use std::thread;

struct Slot {
    index: u32,
    #[cfg(wrong)]
    _bound: ThreadBound,
}

fn main() {
    let slot = Slot {
        index: 3,
        #[cfg(wrong)]
        _bound: ThreadBound::new(),
    };
    let _here = ThreadBound::new();
    let read = move || {
        let slot = slot;
        slot.index
    };
    assert_eq!(thread::spawn(read).join().unwrap(), 3); //~[wrong] E0277
}
