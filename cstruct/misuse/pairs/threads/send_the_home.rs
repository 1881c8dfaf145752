//! A release queue goes to another thread, which would then release what belongs here.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Bounds, ReleaseQueue};
use std::thread;

fn main() {
    let queue = ReleaseQueue::new(Bounds::count(4));
    #[cfg(wrong)]
    thread::spawn(move || drop(queue)).join().unwrap(); //~[wrong] E0277
    #[cfg(right)]
    {
        let handle = queue.handle().clone();
        thread::spawn(move || drop(handle)).join().unwrap();
    }
}
