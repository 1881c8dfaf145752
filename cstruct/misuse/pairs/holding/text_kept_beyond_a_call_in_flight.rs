//! A title is kept beyond the call during which a handle of many cannot be closed.
//! rows: 9, 3; class: borrow not tied to its owner
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Gate, Owned};
use cstruct_misuse::book::{Book, BookRef};

fn main() {
    let gate = Gate::new(Owned::<BookRef>::from(Book::open(c"Emma").unwrap()));
    #[cfg(wrong)]
    let title = gate.enter().unwrap().title(); //~[wrong] E0716
    #[cfg(right)]
    let title = gate.enter().unwrap().title().to_owned();
    gate.close().unwrap();
    assert_eq!(title.to_bytes(), b"Emma");
}
