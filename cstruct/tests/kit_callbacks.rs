//! Functions that C calls: for one call, registered, without user data; entered again, or ending themselves.
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    clippy::unwrap_used,
    reason = "the fake C library is in `bell`, and each call keeps the rule that it states; a test fails by panicking"
)]

mod bell;

use core::cell::{Cell, RefCell};
use core::ffi::{c_int, c_void};
use core::ptr;
use std::rc::Rc;
use std::sync::Arc;

use bell::*;
use cstruct::kit::{
    Callback, Callbacks, CloseError, Hooked, HookedError, NotReplaced, Owned, Registered, Slot, Stateless,
};
use static_assertions::{assert_impl_all, assert_not_impl_any};

// ---- This call -----------------------------------------------------------------------------------------------------------

#[test]
fn a_closure_borrows_from_the_stack() {
    let mut seen = Vec::new();
    assert_eq!(
        count(3, |i| {
            seen.push(i);
            0
        }),
        0
    );
    assert_eq!(seen, [0, 1, 2]);
    assert_eq!(count(10, |i| i / 4 * 9), 9);
}

#[test]
fn entered_again_it_is_not_run() {
    unsafe extern "C" fn again(user: *mut c_void, depth: c_int) -> c_int {
        type Nested = Rc<RefCell<Vec<i32>>>;
        let enter = |seen: &mut Nested| {
            seen.borrow_mut().push(depth);
            unsafe { again(user, depth + 1) }
        };
        unsafe { Callback::<Nested>::call(user, enter, -7) }
    }
    let seen = Rc::new(RefCell::new(Vec::new()));
    let answer = Callback::with(Rc::clone(&seen), |callback| unsafe { again(callback.user(), 0) });
    assert_eq!((answer, &seen.borrow()[..]), (-7, &[0][..]));
}

// ---- Registered ------------------------------------------------------------------------------------------------------------

#[test]
fn c_ends_a_closure_that_it_owns_exactly_once() {
    let (freed, token, callbacks) = (Rc::default(), Rc::new(()), Arc::default());
    let bell = Bell::make(&freed);
    let held = Rc::clone(&token);
    hand_over(bell, move |with| with + holders(&held) as i32, &callbacks).unwrap();
    assert_eq!((fire(bell, 5), holders(&token)), (6, 1));
    let held = Rc::clone(&token);
    hand_over(
        bell,
        move |with| {
            let _ = &held;
            with * 2
        },
        &callbacks,
    )
    .unwrap();
    assert_eq!((fire(bell, 5), holders(&token)), (10, 1));
    unsafe { bell_free(bell.as_ptr()) };
    assert_eq!((holders(&token), freed.get()), (0, 1));
}

#[test]
fn a_refused_closure_comes_back_and_a_lost_one_does_not() {
    let (freed, token, callbacks) = (Rc::default(), Rc::new(()), Arc::default());
    let bell = Bell::make(&freed);
    unsafe { (*bell.as_ptr()).refuse = -1 };
    let held = Rc::clone(&token);
    let refused = hand_over(bell, move |_| holders(&held) as i32, &callbacks).unwrap_err();
    let mut f = refused.into_handle().and_then(Registered::into_inner).expect("handed back");
    assert_eq!(f(0), 1);
    drop(f);
    unsafe { (*bell.as_ptr()).refuse = -2 };
    let held = Rc::clone(&token);
    let lost = hand_over(bell, move |_| holders(&held) as i32, &callbacks).unwrap_err();
    assert!(matches!(lost, CloseError::Gone(-2)));
    assert_eq!(holders(&token), 0);
    unsafe { bell_free(bell.as_ptr()) };
}

#[test]
fn a_closure_that_unregisters_itself_ends_when_it_returns() {
    let (freed, token, callbacks) = (Rc::default(), Rc::new(()), Arc::default());
    let bell = Bell::make(&freed);
    let held = Rc::clone(&token);
    let me = move |_| {
        // C calls destroy here, inside the closure.
        assert_eq!(unsafe { bell_set(bell.as_ptr(), None, ptr::null_mut(), None) }, 0);
        holders(&held) as i32
    };
    hand_over(bell, me, &callbacks).unwrap();
    assert_eq!(fire(bell, 0), 1, "what it holds lives until it returns");
    assert_eq!(holders(&token), 0);
    unsafe { bell_free(bell.as_ptr()) };
}

#[test]
fn a_shared_function_may_be_entered_again_and_an_exclusive_one_may_not() {
    let (freed, callbacks) = (Rc::default(), Arc::default());
    let bell = Bell::make(&freed);
    let nested = move |with: i32| if with == 0 { 100 } else { with + fire(bell, with - 1) };
    let registered = Registered::local(nested, &callbacks);
    fn shared<F: Fn(i32) -> i32>(_: &Registered<F>) -> Fire {
        fired_shared::<F>
    }
    fn exclusive<F: FnMut(i32) -> i32>(_: &Registered<F>) -> Fire {
        fired::<F>
    }
    for (function, answer) in [(shared(&registered), 106), (exclusive(&registered), 3 - 7)] {
        let hook = registered.hook(function);
        unsafe { bell_set(bell.as_ptr(), hook.function(), hook.user(), hook.destroy()) };
        assert_eq!(fire(bell, 3), answer);
    }
    unsafe { bell_set(bell.as_ptr(), None, ptr::null_mut(), None) };
    assert!(!registered.is_running());
    drop(registered);
    unsafe { bell_free(bell.as_ptr()) };
}

#[test]
fn the_keeper_outlives_the_release_that_still_calls() {
    let (freed, token, callbacks) = (Rc::default(), Rc::new(()), Arc::default());
    let bell = Bell::make(&freed);
    let slot = Slot::empty();
    let last = Rc::new(Cell::new(0));
    let (held, seen) = (Rc::clone(&token), Rc::clone(&last));
    let f: Function = Box::new(move |with| {
        seen.set(with + holders(&held) as i32);
        0
    });
    replace(&slot, bell, Some(f), &callbacks).unwrap();
    let owned: Owned<BellRef, _> = unsafe { Owned::from_handle(bell, slot) };
    drop(owned);
    assert_eq!((last.get(), holders(&token), freed.get()), (-1 + 1, 0, 1));
}

#[test]
fn a_forgotten_owner_leaks_the_closure_with_the_object() {
    let (freed, token, callbacks) = (Rc::default(), Rc::new(()), Arc::default());
    let bell = Bell::make(&freed);
    let slot = Slot::empty();
    let held = Rc::clone(&token);
    replace(&slot, bell, Some(Box::new(move |_| holders(&held) as i32)), &callbacks).unwrap();
    let owned: Owned<BellRef, _> = unsafe { Owned::from_handle(bell, slot) };
    let owned = core::mem::ManuallyDrop::new(owned);
    assert_eq!(fire(bell, 0), 1, "C may still call it");
    drop(core::mem::ManuallyDrop::into_inner(owned));
    assert_eq!((holders(&token), freed.get()), (0, 1));
}

// ---- One slot of the parent --------------------------------------------------------------------------------------------------

#[test]
fn a_slot_keeps_the_old_one_until_c_has_the_new_one() {
    let (freed, token, callbacks) = (Rc::default(), Rc::new(()), Arc::default());
    let bell = Bell::make(&freed);
    let slot = Slot::empty();
    let make = |answer| -> Function {
        let held = Rc::clone(&token);
        Box::new(move |_| answer + holders(&held) as i32)
    };
    assert!(replace(&slot, bell, Some(make(10)), &callbacks).unwrap().is_none());
    let old = replace(&slot, bell, Some(make(20)), &callbacks).unwrap();
    assert_eq!((fire(bell, 0), holders(&token)), (22, 2));
    drop(old);
    assert_eq!(fire(bell, 0), 21);
    unsafe { (*bell.as_ptr()).refuse = -1 };
    let refused = replace(&slot, bell, Some(make(30)), &callbacks);
    assert!(matches!(&refused, Err(NotReplaced::Refused { value: Some(_), error: -1 })));
    drop(refused);
    assert_eq!((fire(bell, 0), holders(&token)), (21, 1), "the old one is still in place");
    unsafe { (*bell.as_ptr()).refuse = 0 };
    drop(replace(&slot, bell, None, &callbacks).unwrap());
    assert_eq!((fire(bell, 0), holders(&token), slot.is_empty()), (0, 0, true));
    unsafe { bell_free(bell.as_ptr()) };
}

#[test]
fn a_closure_that_replaces_itself_lives_until_it_returns() {
    let (freed, token, callbacks) = (Rc::default(), Rc::new(()), Arc::<Callbacks>::default());
    let bell = Bell::make(&freed);
    let slot = Rc::new(Slot::empty());
    let (held, place, shared) = (Rc::clone(&token), Rc::clone(&slot), Arc::clone(&callbacks));
    let f: Function = Box::new(move |_| {
        drop(replace(&place, bell, None, &shared).unwrap());
        holders(&held) as i32
    });
    replace(&slot, bell, Some(f), &callbacks).unwrap();
    assert_eq!((fire(bell, 0), holders(&token)), (1, 0));
    unsafe { bell_free(bell.as_ptr()) };
}

#[test]
fn a_slot_that_is_being_replaced_refuses_to_be() {
    let slot: Slot<u8> = Slot::empty();
    let outer = unsafe {
        slot.replace(Some(1), |_| {
            let inner = slot.replace(Some(2), |_| -> Result<(), ()> { unreachable!("C is not asked") });
            assert!(matches!(inner, Err(NotReplaced::Busy { value: Some(2) })));
            Ok::<(), ()>(())
        })
    };
    assert_eq!(outer, Ok(None));
    let old = unsafe { slot.replace(None, |_| Ok::<(), ()>(())) };
    assert_eq!(old, Ok(Some(1)));
}

// ---- Its own object -------------------------------------------------------------------------------------------------------------

#[test]
fn a_callback_that_closes_its_own_object_is_refused() {
    let (freed, callbacks) = (Rc::default(), Arc::<Callbacks>::default());
    let bell = Bell::make(&freed);
    let handle: Rc<RefCell<Option<Hooked<BellRef>>>> = Rc::default();
    let mine = Rc::clone(&handle);
    let f = move |_| {
        let taken = mine.borrow_mut().take();
        match taken.map(Hooked::close) {
            Some(Err(CloseError::StillOpen { handle, error: HookedError::Running })) => {
                *mine.borrow_mut() = Some(handle);
                1
            }
            _ => 2,
        }
    };
    hand_over(bell, f, &callbacks).unwrap();
    let owned: Owned<BellRef> = unsafe { Owned::from_handle(bell, ()) };
    *handle.borrow_mut() = Some(Hooked::new(owned, &callbacks));
    assert_eq!((fire(bell, 0), freed.get()), (1, 0));
    // Outside it is closed. C calls the function once more then, when the handle is out of its reach.
    let hooked = handle.borrow_mut().take().unwrap();
    assert!(hooked.close().is_ok());
    assert_eq!(freed.get(), 1);
}

#[test]
fn a_callback_that_drops_its_own_object_leaks_it() {
    let (freed, callbacks) = (Rc::default(), Arc::<Callbacks>::default());
    let bell = Bell::make(&freed);
    let handle: Rc<RefCell<Option<Hooked<BellRef>>>> = Rc::default();
    let mine = Rc::clone(&handle);
    hand_over(
        bell,
        move |_| {
            drop(mine.borrow_mut().take());
            3
        },
        &callbacks,
    )
    .unwrap();
    let owned: Owned<BellRef> = unsafe { Owned::from_handle(bell, ()) };
    *handle.borrow_mut() = Some(Hooked::new(owned, &callbacks));
    assert_eq!((fire(bell, 0), freed.get(), handle.borrow().is_none()), (3, 0, true));
    unsafe { bell_free(bell.as_ptr()) };
}

// ---- Without user data -------------------------------------------------------------------------------------------------------------

static SORTING: Callbacks = Callbacks::new();

unsafe extern "C" fn pick(function: unsafe extern "C" fn(c_int) -> c_int) -> c_int {
    unsafe { function(20) + function(1) }
}

fn picked<F: Fn(i32) -> i32 + Copy + Send + Sync + 'static>(f: F) -> i32 {
    unsafe extern "C" fn trampoline<F: Fn(i32) -> i32 + Copy + Send + Sync + 'static>(n: c_int) -> c_int {
        unsafe { Stateless::<F>::call(&SORTING, |f| f(n), -7) }
    }
    let _made = Stateless::new(f);
    let answer = unsafe { pick(trampoline::<F>) };
    SORTING.resume();
    answer
}

#[test]
fn a_function_without_state_needs_no_user_data() {
    assert_eq!((picked(|n| n * 2), picked(i32::abs)), (42, 21));
    assert_eq!(size_of_val(&Stateless::new(i32::abs)), 0);
}

#[test]
fn callbacks_show_whether_one_of_them_runs() {
    let callbacks = Callbacks::new();
    assert!(format!("{callbacks:?}").contains("running: false"), "{callbacks:?}");
    let inside = callbacks.run(|| format!("{callbacks:?}"), String::new());
    assert!(inside.contains("running: true"), "{inside}");
}

// ---- Facts -------------------------------------------------------------------------------------------------------------------------

#[test]
fn sizes_and_threads() {
    assert_eq!(size_of::<Registered<[u8; 64]>>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Registered<[u8; 64]>>>(), size_of::<usize>());
    assert_impl_all!(Registered<Box<dyn FnMut() + Send>>: Send, Sync);
    assert_impl_all!(Slot<Registered<Box<dyn FnMut() + Send>>>: Send);
    assert_not_impl_any!(Slot<Registered<Box<dyn FnMut() + Send>>>: Sync);
    assert_not_impl_any!(Registered<Box<dyn FnMut()>>: Send, Clone);
    assert_not_impl_any!(Callback<fn()>: Sync, Clone);
    assert_impl_all!(Callbacks: Send, Sync);
}
