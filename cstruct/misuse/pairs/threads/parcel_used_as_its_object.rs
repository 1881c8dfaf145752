//! A parcel is used abroad as if it were the book in it.
//! rows: 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Bounds, Parcel, ReleaseQueue};
use cstruct_misuse::book::Book;
use std::thread;

fn main() {
    let queue = ReleaseQueue::new(Bounds::count(4));
    let parcel = Parcel::new(Book::open(c"Emma").unwrap(), &queue);
    let abroad = thread::spawn(move || {
        #[cfg(wrong)]
        assert_eq!(parcel.title(), c"Emma"); //~[wrong] E0599
        #[cfg(right)]
        assert!(parcel.look().is_err());
        drop(parcel);
    });
    abroad.join().unwrap();
    assert_eq!(queue.flush(), 1);
}
