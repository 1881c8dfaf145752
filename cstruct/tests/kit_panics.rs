//! A panic in a function that C calls never unwinds through C: it is carried, or it waits, and then it goes on.
#![cfg(feature = "std")]
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    clippy::unwrap_used,
    reason = "the fake C library is in `bell`, and each call keeps the rule that it states; a test fails by panicking"
)]

mod bell;

use core::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use bell::*;
use cstruct::kit::{Callback, Callbacks, Owned, Slot, Stateless};

fn text(panic: Result<impl Sized, Box<dyn core::any::Any + Send>>) -> &'static str {
    match panic {
        Ok(_) => "none",
        Err(payload) => *payload.downcast::<&'static str>().unwrap(),
    }
}

#[test]
fn a_panic_goes_on_behind_the_call_and_nothing_runs_in_between() {
    let (mut runs, mut answers) = (0, Vec::new());
    let panic = catch_unwind(AssertUnwindSafe(|| {
        Callback::with(
            |_: i32| -> i32 {
                runs += 1;
                panic!("in C")
            },
            |callback| {
                fn ask<F: FnMut(i32) -> i32>(callback: &Callback<F>) -> i32 {
                    unsafe { called::<F>(callback.user(), 0) }
                }
                answers.push(ask(callback));
                answers.push(ask(callback));
            },
        );
    }));
    assert_eq!((text(panic), runs, &answers[..]), ("in C", 1, &[-7, -7][..]));
}

#[test]
fn what_c_made_is_released_when_the_panic_goes_on() {
    let freed = Rc::default();
    let bell = Bell::make(&freed);
    let panic = catch_unwind(AssertUnwindSafe(|| {
        let open = |callback: &Callback<_>| {
            fn ask<F: FnMut(i32) -> i32>(callback: &Callback<F>) {
                unsafe { called::<F>(callback.user(), 0) };
            }
            ask(callback);
            unsafe { Owned::<BellRef>::from_handle(bell, ()) }
        };
        drop(Callback::with(|_: i32| -> i32 { panic!("while opening") }, open));
    }));
    assert_eq!((text(panic), freed.get()), ("while opening", 1));
}

#[test]
fn a_registered_panic_waits_for_the_next_call() {
    let (freed, callbacks) = (Rc::default(), Arc::<Callbacks>::default());
    let bell = Bell::make(&freed);
    let runs = Rc::new(Cell::new(0));
    let seen = Rc::clone(&runs);
    let f = move |with| {
        seen.set(seen.get() + 1);
        if with == 0 {
            panic!("stored")
        }
        with
    };
    hand_over(bell, f, &callbacks).unwrap();
    assert_eq!((fire(bell, 1), fire(bell, 0), fire(bell, 1)), (1, -7, -7));
    assert_eq!(text(catch_unwind(AssertUnwindSafe(|| callbacks.resume()))), "stored");
    assert_eq!((fire(bell, 4), runs.get()), (4, 3), "it runs again, and did not in between");
    callbacks.resume();
    unsafe { bell_free(bell.as_ptr()) };
}

/// The payload of its panic has no size: the panic of a payload is never dropped, and nothing is to be lost by that.
struct Grenade(&'static str);
impl Drop for Grenade {
    fn drop(&mut self) {
        std::panic::panic_any(());
    }
}

#[test]
fn a_destructor_that_panics_inside_c_waits_too() {
    let (freed, callbacks) = (Rc::default(), Arc::<Callbacks>::default());
    let bell = Bell::make(&freed);
    let grenade = Grenade("dropped");
    hand_over(
        bell,
        move |_| {
            let _ = &grenade;
            0
        },
        &callbacks,
    )
    .unwrap();
    unsafe { bell_free(bell.as_ptr()) };
    assert_eq!(freed.get(), 1);
    assert!(callbacks.panics().is_set());
    assert!(catch_unwind(AssertUnwindSafe(|| callbacks.resume())).is_err());
}

#[test]
fn the_first_panic_is_kept_and_a_payload_that_panics_is_survived() {
    let slot = cstruct::kit::PanicSlot::new();
    let carried = |payload: Grenade| cstruct::kit::catch(|| std::panic::panic_any(payload)).expect_err("it panics");
    slot.store(carried(Grenade("first")));
    slot.store(carried(Grenade("second")));
    let payload = catch_unwind(AssertUnwindSafe(|| slot.resume())).unwrap_err();
    let first = payload.downcast::<Grenade>().unwrap();
    assert_eq!(first.0, "first");
    core::mem::forget(*first);
    slot.store(carried(Grenade("left in")));
    drop(slot);
}

#[test]
fn resume_during_a_panic_keeps_it_for_later() {
    struct Resumes<'c>(&'c Callbacks);
    impl Drop for Resumes<'_> {
        fn drop(&mut self) {
            self.0.resume();
        }
    }
    let callbacks = Callbacks::new();
    callbacks.run(|| panic!("carried"), ());
    let outer = catch_unwind(AssertUnwindSafe(|| {
        let _resumes = Resumes(&callbacks);
        panic!("outer");
    }));
    assert_eq!(text(outer), "outer");
    assert_eq!(text(catch_unwind(AssertUnwindSafe(|| callbacks.resume()))), "carried");
}

#[test]
fn a_nested_call_leaves_the_panic_to_the_outermost() {
    let callbacks = Callbacks::new();
    let inner = callbacks.run(
        || {
            callbacks.run(|| panic!("inner"), ());
            callbacks.resume(); // C is behind us: not here
            5
        },
        -7,
    );
    assert_eq!(inner, 5);
    assert_eq!(text(catch_unwind(AssertUnwindSafe(|| callbacks.resume()))), "inner");
}

#[test]
fn a_setter_that_panics_leaves_the_slot_usable() {
    let token = Rc::new(());
    let slot = Slot::empty();
    drop(unsafe { slot.replace(Some(Rc::clone(&token)), |_| Ok::<(), ()>(())) });
    let new = Rc::clone(&token);
    let panic =
        catch_unwind(AssertUnwindSafe(|| unsafe { slot.replace(Some(new), |_| -> Result<(), ()> { panic!("set") }) }));
    assert_eq!((text(panic), holders(&token)), ("set", 2), "nobody knows which one C has: both live");
    let old = unsafe { slot.replace(None, |_| Ok::<(), ()>(())) }.unwrap();
    assert!(old.is_some());
    unsafe { Rc::decrement_strong_count(Rc::as_ptr(&token)) }; // the one that the setter may have given to C
    assert_eq!(holders(&token), 1);
}

#[test]
fn a_stateless_panic_waits_in_a_static() {
    static MINE: Callbacks = Callbacks::new();
    fn bad(_: i32) -> i32 {
        panic!("no state")
    }
    fn ask<F: Fn(i32) -> i32 + Copy + Send + Sync + 'static>(f: F) -> i32 {
        let _made = Stateless::new(f);
        unsafe { Stateless::<F>::call(&MINE, |f| f(1), -7) }
    }
    assert_eq!((ask(bad), ask(i32::abs)), (-7, -7));
    assert_eq!(text(catch_unwind(|| MINE.resume())), "no state");
    assert_eq!(ask(i32::abs), 1);
}
