//! A library is initialised once, configured only before, and cleaned up when nothing of it lives.
#![cfg(feature = "std")]

use core::convert::Infallible;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use std::thread;

use cstruct::kit::{
    Before, CloseError, InUse, Keeper, Library, LibraryState, NotReady, Owned, Release, Released, Running, SameParent,
};
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any, const_assert_eq};

struct Calls {
    inits: AtomicU32,
    cleanups: AtomicU32,
    init_fails: AtomicU32,
    cleanup_refuses: AtomicU32,
}

/// One library for each test: its state is a static.
macro_rules! library {
    ($Name:ident, restarts = $restarts:expr) => {
        enum $Name {}

        impl $Name {
            fn calls() -> &'static Calls {
                static CALLS: Calls = Calls {
                    inits: AtomicU32::new(0),
                    cleanups: AtomicU32::new(0),
                    init_fails: AtomicU32::new(0),
                    cleanup_refuses: AtomicU32::new(0),
                };
                &CALLS
            }

            fn counts() -> (u32, u32) {
                let Calls { inits, cleanups, .. } = Self::calls();
                (inits.load(Ordering::SeqCst), cleanups.load(Ordering::SeqCst))
            }
        }

        // SAFETY: the answers are true.
        unsafe impl Release for $Name {
            type Handle = ();
            type Error = &'static str;

            unsafe fn release((): ()) -> Released<&'static str> {
                if Self::calls().cleanup_refuses.swap(0, Ordering::SeqCst) > 0 {
                    return Released::Refused("busy");
                }
                Self::calls().cleanups.fetch_add(1, Ordering::SeqCst);
                Released::Gone
            }
        }

        // SAFETY: the counters may be changed by any thread.
        unsafe impl Library for $Name {
            const RESTARTS: bool = $restarts;

            fn state() -> &'static LibraryState {
                static STATE: LibraryState = LibraryState::new();
                &STATE
            }

            unsafe fn init() -> Result<(), &'static str> {
                if Self::calls().init_fails.swap(0, Ordering::SeqCst) > 0 {
                    return Err("no memory");
                }
                thread::sleep(Duration::from_micros(100));
                Self::calls().inits.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        }
    };
}

struct Thing;

// SAFETY: there is nothing to release.
unsafe impl Release for Thing {
    type Handle = &'static u8;
    type Error = Infallible;

    unsafe fn release(_: &'static u8) -> Released<Infallible> {
        Released::Gone
    }
}

library!(Sized_, restarts = false);
const_assert_eq!(size_of::<Running<Sized_>>(), 0);
assert_eq_size!(Owned<Thing, Running<Sized_>>, usize);
assert_impl_all!(Running<Sized_>: Send, Sync, Clone);
assert_not_impl_any!(Before<Sized_>: Clone, Copy);

#[test]
fn a_library_without_tokens_is_untouched() {
    assert_eq!(Sized_::counts(), (0, 0));
}

#[test]
fn many_threads_initialise_it_once_and_the_last_token_cleans_up() {
    library!(Once, restarts = false);
    let threads = [(); 8].map(|()| thread::spawn(|| Running::<Once>::acquire().expect("running")));
    let mut tokens = threads.map(|thread| Some(thread.join().expect("no panic")));
    assert_eq!(Once::counts(), (1, 0));
    for token in &mut tokens[1..] {
        *token = None;
    }
    assert_eq!(Once::counts(), (1, 0));
    tokens[0] = None;
    assert_eq!(Once::counts(), (1, 1));
    assert_eq!(Running::<Once>::acquire().err(), Some(NotReady::Over));
    assert_eq!(Before::<Once>::take().err(), Some(NotReady::Over));
}

#[test]
fn settings_are_possible_only_before_and_for_one() {
    library!(Set, restarts = true);
    let before = Before::<Set>::take().expect("not running");
    assert_eq!(Before::<Set>::take().err(), Some(NotReady::Taken));
    assert_eq!(Running::<Set>::acquire().err(), Some(NotReady::Taken));
    drop(before);
    let running = Before::<Set>::take().expect("given back").start().expect("started");
    assert_eq!(Before::<Set>::take().err(), Some(NotReady::Running));
    assert!(running.shut().is_ok());
    assert_eq!(Set::counts(), (1, 1));
    drop(Running::<Set>::acquire().expect("it restarts"));
    assert_eq!(Set::counts(), (2, 2));
}

#[test]
fn cleanup_is_refused_while_a_handle_lives_and_delayed_until_it_is_dropped() {
    library!(Held, restarts = false);
    let running = Running::<Held>::acquire().expect("running");
    // SAFETY: nothing is behind the handle.
    let thing: Owned<Thing, _> = unsafe { Owned::from_handle(&7, running.clone()) };
    let Err(CloseError::StillOpen { handle, error }) = running.shut() else {
        panic!("a handle lives");
    };
    assert_eq!(error, InUse::Tokens(1));
    drop(handle);
    assert_eq!(Held::counts(), (1, 0));
    drop(thing);
    assert_eq!(Held::counts(), (1, 1));
}

#[test]
fn all_tokens_keep_one_parent_wherever_they_are() {
    library!(Same, restarts = false);
    let handles = [(); 2].map(|()| {
        let token = Running::<Same>::acquire().expect("running");
        // SAFETY: nothing is behind the handle.
        Box::new(unsafe { Owned::<Thing, _>::from_handle(&7, token) })
    });
    let [first, second] = handles.each_ref().map(|thing| Owned::keeper(thing));
    SameParent::check::<Running<Same>>(first, second).expect("there is one library");
    let before = core::ptr::from_ref(first.parent());
    let moved = handles.map(|thing| *thing);
    assert_eq!(before, core::ptr::from_ref(Owned::keeper(&moved[0]).parent()));
    drop(moved);
    assert_eq!(Same::counts(), (1, 1));
}

#[test]
fn a_failed_init_leaves_it_as_it_was() {
    library!(Fails, restarts = false);
    Fails::calls().init_fails.store(1, Ordering::SeqCst);
    assert_eq!(Running::<Fails>::acquire().err(), Some(NotReady::Init("no memory")));
    Fails::calls().init_fails.store(1, Ordering::SeqCst);
    let before = Before::<Fails>::take().expect("not running");
    assert_eq!(before.start().err(), Some(NotReady::Init("no memory")));
    assert!(Running::<Fails>::acquire().is_ok());
    assert_eq!(Fails::counts(), (1, 1));
}

#[test]
fn a_cleanup_that_c_refuses_leaves_it_running() {
    library!(Refuses, restarts = false);
    let running = Running::<Refuses>::acquire().expect("running");
    Refuses::calls().cleanup_refuses.store(1, Ordering::SeqCst);
    let Err(CloseError::StillOpen { handle, error }) = running.shut() else {
        panic!("C refuses");
    };
    assert_eq!(error, InUse::C("busy"));
    Refuses::calls().cleanup_refuses.store(1, Ordering::SeqCst);
    drop(handle); // refused again, told to the hook
    assert_eq!(Refuses::counts(), (1, 0));
    let again = Running::<Refuses>::acquire().expect("it still runs");
    assert_eq!(Refuses::counts(), (1, 0), "no second init");
    assert!(again.shut().is_ok());
    assert_eq!(Refuses::counts(), (1, 1));
}

#[test]
fn a_forgotten_token_keeps_the_library() {
    library!(Forgotten, restarts = false);
    core::mem::forget(Running::<Forgotten>::acquire().expect("running"));
    drop(Running::<Forgotten>::acquire().expect("running"));
    assert_eq!(Forgotten::counts(), (1, 0));
}
