//! The owner is taken out of its gate while a call is in flight.
//! rows: 9; class: double free, borrowed taken for owned
//@revisions: right wrong
//@[right] run

use cstruct::kit::{Gate, Owned};
use cstruct_misuse::book::{Book, BookRef};

fn main() {
    let gate = Gate::new(Owned::<BookRef>::from(Book::open(c"Emma").unwrap()));
    let call = gate.enter().unwrap();
    #[cfg(wrong)]
    drop(gate.into_inner()); //~[wrong] E0505
    assert_eq!(call.title(), c"Emma");
    drop(call);
    #[cfg(right)]
    drop(gate.into_inner());
}
