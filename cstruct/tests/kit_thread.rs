//! What belongs to a thread knows it, and says on every other one where it belongs.
#![cfg(feature = "std")]

use std::thread;

use cstruct::kit::{AtHome, Home, ThreadBound, WrongThread};
use static_assertions::{assert_impl_all, assert_not_impl_any};

assert_not_impl_any!(ThreadBound: Send, Sync);
assert_not_impl_any!(AtHome<'static>: Send, Sync);
assert_impl_all!(Home: Send, Sync, Copy);
assert_impl_all!(WrongThread: std::error::Error, Send, Sync, Copy);

#[test]
fn a_home_is_the_thread_that_asked_for_it() {
    let home = Home::here();
    assert_eq!(home, Home::here());
    assert!(core::ptr::eq(home.check().expect("this is home").home(), &raw const home));
    let other = thread::scope(|scope| scope.spawn(Home::here).join().expect("no panic"));
    assert_ne!(other, home);
    assert!(other.check().is_err(), "an id does not come again");
}

#[test]
fn the_wrong_thread_is_told_with_the_right_one() {
    let (home, here) = (Home::here(), thread::current().id());
    let elsewhere = || (thread::current().id(), home.check().expect_err("that is not home"));
    let (there, wrong) = thread::scope(|scope| scope.spawn(elsewhere).join().expect("no panic"));
    let text = wrong.to_string();
    assert!(text.contains(&format!("used on {there:?}, but it belongs to {here:?}")), "{text}");
}

#[test]
fn a_marker_in_a_struct_is_named_where_the_struct_is_printed() {
    #[derive(Debug)]
    #[allow(dead_code, reason = "they are printed")]
    struct Slot {
        index: u32,
        bound: ThreadBound,
    }
    let slot = Slot { index: 3, bound: ThreadBound::new() };
    assert_eq!(format!("{slot:?}"), "Slot { index: 3, bound: ThreadBound }");
}
