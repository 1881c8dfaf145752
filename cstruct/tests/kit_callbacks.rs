//! Functions that C calls: for one call, registered, without user data; entered again, ending themselves, panicking.
#![allow(
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "the fake C library is above; each block keeps the rule that its function states there"
)]

use core::cell::{Cell, RefCell};
use core::convert::Infallible;
use core::ffi::{c_int, c_void};
use core::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::Arc;

use cstruct::kit::{
    Callback, Callbacks, CloseError, Consumed, Hook, Hooked, HookedError, NotReplaced, Owned, Registered, Release,
    Released, Slot, Stateless,
};
use static_assertions::{assert_impl_all, assert_not_impl_any};

// ---- The C library: an object that calls one function, and ends its user data ----------------------------------------

type Fire = unsafe extern "C" fn(*mut c_void, c_int) -> c_int;
type Destroy = unsafe extern "C" fn(*mut c_void);

struct Bell {
    function: Option<Fire>,
    user: *mut c_void,
    destroy: Option<Destroy>,
    refuse: c_int,
    freed: Rc<Cell<u32>>,
}

impl Bell {
    fn make(freed: &Rc<Cell<u32>>) -> NonNull<Bell> {
        let freed = Rc::clone(freed);
        let bell = Bell { function: None, user: ptr::null_mut(), destroy: None, refuse: 0, freed };
        NonNull::from(Box::leak(Box::new(bell)))
    }
}

/// -1: refused, nothing taken. -2: refused, and destroyed.
unsafe extern "C" fn bell_set(
    bell: *mut Bell,
    function: Option<Fire>,
    user: *mut c_void,
    destroy: Option<Destroy>,
) -> c_int {
    assert_eq!(function.is_some(), !user.is_null(), "function and data are set together");
    match unsafe { (*bell).refuse } {
        0 => {}
        -2 => {
            unsafe { destroy.unwrap()(user) };
            return -2;
        }
        refused => return refused,
    }
    let (old, end) = unsafe { ((*bell).user, (*bell).destroy) };
    unsafe {
        (*bell).function = function;
        (*bell).user = user;
        (*bell).destroy = destroy;
    }
    if let Some(end) = end {
        unsafe { end(old) };
    }
    0
}

unsafe extern "C" fn bell_fire(bell: *mut Bell, with: c_int) -> c_int {
    let (function, user) = unsafe { ((*bell).function, (*bell).user) };
    function.map_or(0, |function| unsafe { function(user, with) })
}

/// Calls the function once more, with -1, and ends it.
unsafe extern "C" fn bell_free(bell: *mut Bell) {
    unsafe { bell_fire(bell, -1) };
    let bell = unsafe { Box::from_raw(bell) };
    if let Some(end) = bell.destroy {
        unsafe { end(bell.user) };
    }
    bell.freed.set(bell.freed.get() + 1);
}

struct BellRef;
unsafe impl Release for BellRef {
    type Handle = NonNull<Bell>;
    type Error = Infallible;
    unsafe fn release(bell: NonNull<Bell>) -> Released<Infallible> {
        unsafe { bell_free(bell.as_ptr()) };
        Released::Gone
    }
}

unsafe extern "C" fn count_to(
    n: c_int,
    function: unsafe extern "C" fn(*mut c_void, c_int) -> c_int,
    user: *mut c_void,
) -> c_int {
    (0..n).map(|i| unsafe { function(user, i) }).find(|status| *status != 0).unwrap_or(0)
}

// ---- The wrapper -------------------------------------------------------------------------------------------------------

unsafe extern "C" fn called<F: FnMut(i32) -> i32>(user: *mut c_void, with: c_int) -> c_int {
    unsafe { Callback::<F>::call(user, |f| f(with), -7) }
}

fn count<F: FnMut(i32) -> i32>(n: i32, f: F) -> i32 {
    Callback::with(f, |callback| unsafe { count_to(n, called::<F>, callback.user()) })
}

unsafe extern "C" fn fired<F: FnMut(i32) -> i32>(user: *mut c_void, with: c_int) -> c_int {
    unsafe { Registered::<F>::call(user, |f| f(with), -7) }
}

unsafe extern "C" fn fired_shared<F: Fn(i32) -> i32>(user: *mut c_void, with: c_int) -> c_int {
    unsafe { Registered::<F>::call_shared(user, |f| f(with), -7) }
}

fn hand_over<F: FnMut(i32) -> i32 + 'static>(
    bell: NonNull<Bell>,
    f: F,
    callbacks: &Arc<Callbacks>,
) -> Result<(), CloseError<Registered<F>, c_int>> {
    let registered = Registered::local(f, callbacks);
    let set = |hook: Hook<Fire>| match unsafe { bell_set(bell.as_ptr(), hook.function(), hook.user(), hook.destroy()) }
    {
        0 => Consumed::Taken(()),
        -2 => Consumed::Lost(-2),
        status => Consumed::HandedBack(status),
    };
    unsafe { registered.hand_over(fired::<F> as Fire, set) }
}

fn fire(bell: NonNull<Bell>, with: i32) -> i32 {
    unsafe { bell_fire(bell.as_ptr(), with) }
}

type Function = Box<dyn FnMut(i32) -> i32>;

fn replace(
    slot: &Slot<Registered<Function>>,
    bell: NonNull<Bell>,
    f: Option<Function>,
    callbacks: &Arc<Callbacks>,
) -> Result<Option<Registered<Function>>, NotReplaced<Registered<Function>, c_int>> {
    let set = |new: Option<&Registered<Function>>| {
        let hook = new.map_or(Hook::none(), |new| new.hook(fired::<Function> as Fire));
        match unsafe { bell_set(bell.as_ptr(), hook.function(), hook.user(), hook.destroy()) } {
            0 => Ok(()),
            status => Err(status),
        }
    };
    unsafe { slot.replace(f.map(|f| Registered::local(f, callbacks)), set) }
}

/// Counts the closures that hold a clone of it.
fn holders(token: &Rc<()>) -> usize {
    Rc::strong_count(token) - 1
}

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
    core::mem::forget(owned);
    assert_eq!(fire(bell, 0), 1, "C may still call it");
    unsafe { bell_free(bell.as_ptr()) };
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

// ---- Panics --------------------------------------------------------------------------------------------------------------------------

#[cfg(feature = "std")]
mod panics {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

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

    struct Grenade(&'static str);
    impl Drop for Grenade {
        fn drop(&mut self) {
            panic!("{}", self.0);
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
        core::mem::forget(first);
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
        let panic = catch_unwind(AssertUnwindSafe(|| unsafe {
            slot.replace(Some(new), |_| -> Result<(), ()> { panic!("set") })
        }));
        assert_eq!((text(panic), holders(&token)), ("set", 2), "nobody knows which one C has: both live");
        let old = unsafe { slot.replace(None, |_| Ok::<(), ()>(())) }.unwrap();
        assert!(old.is_some());
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
}

/// Nothing can be caught without `std`: the process ends before C sees the panic.
#[cfg(not(feature = "std"))]
#[test]
fn a_panic_aborts_without_std() {
    use std::os::unix::process::ExitStatusExt;
    const CHILD: &str = "CSTRUCT_TEST_PANICS";
    if std::env::var_os(CHILD).is_some() {
        count(1, |_| panic!("in C"));
    }
    let me = std::env::current_exe().unwrap();
    let child = std::process::Command::new(me)
        .args(["--exact", "a_panic_aborts_without_std", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    assert_eq!(child.status.signal(), Some(6), "{child:?}");
    assert!(String::from_utf8_lossy(&child.stderr).contains("cannot be carried past C"), "{child:?}");
}
