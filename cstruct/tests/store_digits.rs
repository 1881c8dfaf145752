//! The digits that a thread writes are as they were when the call is over, however it ends.
#![cfg(feature = "store")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use cstruct::{CStruct, Error, Status, with_digits};

fn third() -> String {
    let mut record = CStruct::named(1, c"x").expect("it is possible");
    record.pin_mut().append(&[1.0 / 3.0]).expect("it is possible");
    record.format().expect("it is possible").to_str().expect("it is possible").to_owned()
}

const USUAL: &str = "x,1,0.3333333333333333";

#[test]
fn it_is_set_inside_and_put_back() {
    let inside = with_digits(2, || {
        (
            third(),
            with_digits(5, third).expect("it is possible"),
            with_digits(0, third).expect("it is possible"),
            third(),
        )
    });
    let (before, more, usual, after) = inside.expect("it is possible");
    assert_eq!([before, more, usual, after], ["x,1,0.33", "x,1,0.33333", USUAL, "x,1,0.33"]);
    assert_eq!(third(), USUAL);
}

#[test]
fn a_panic_puts_it_back_too() {
    let panicked = catch_unwind(AssertUnwindSafe(|| with_digits(1, || panic!("inside"))));
    assert!(panicked.is_err());
    assert_eq!(third(), USUAL);
}

#[test]
fn a_number_that_c_refuses_runs_nothing() {
    let refused = with_digits(18, || panic!("it does not run"));
    assert_eq!(refused.map(|()| unreachable!()), Err::<(), _>(Error::Refused(Status::Invalid)));
    assert_eq!(third(), USUAL);
}

#[test]
fn other_threads_are_not_concerned() {
    let there = with_digits(1, || std::thread::spawn(third).join().expect("it is possible")).expect("it is possible");
    assert_eq!(there, USUAL);
}
