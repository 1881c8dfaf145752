//! A setting of a thread is changed with a function that does not tell the one before.
//! rows: 30; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::with_setting;
use std::cell::Cell;

thread_local! { static LEVEL: Cell<i32> = const { Cell::new(1) } }

#[cfg(wrong)]
fn x_set_level(level: i32) {
    LEVEL.set(level);
}

#[cfg(right)]
fn x_set_level(level: i32) -> i32 {
    LEVEL.replace(level)
}

fn main() {
    let swap = |level: i32| Ok::<i32, &str>(x_set_level(level)); //~[wrong] E0308
    assert_eq!(with_setting(5, swap, || LEVEL.get()), Ok(5));
    assert_eq!(LEVEL.get(), 1);
}
