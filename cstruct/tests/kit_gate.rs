//! A gate closes once, refuses by name, and waits when told to; a remote never reaches a closed object.
#![cfg(feature = "std")]

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use cstruct::kit::{AnyThread, CloseError, Closed, Entered, Gate, Owned, Reachable, Release, Released, Remote, Shut};
use static_assertions::{assert_impl_all, assert_not_impl_any};

/// The fake library: one session, with its own counters.
#[derive(Default)]
struct Library {
    releases: AtomicU32,
    refusals_left: AtomicU32,
    fails: AtomicU32,
    interrupts: AtomicU32,
}

struct Session;

// SAFETY: the answers are true.
unsafe impl Release for Session {
    type Handle = &'static Library;
    type Error = &'static str;

    unsafe fn release(library: &'static Library) -> Released<&'static str> {
        if library.refusals_left.load(Ordering::SeqCst) > 0 {
            library.refusals_left.fetch_sub(1, Ordering::SeqCst);
            return Released::Refused("busy");
        }
        library.releases.fetch_add(1, Ordering::SeqCst);
        if library.fails.load(Ordering::SeqCst) > 0 {
            return Released::GoneWith("disk full");
        }
        Released::Gone
    }
}

enum Interrupt {}

// SAFETY: an atomic counter may be changed by any thread.
unsafe impl AnyThread for Interrupt {
    type Target = Session;
    type Output = u32;

    unsafe fn call(library: &'static Library) -> u32 {
        assert_eq!(library.releases.load(Ordering::SeqCst), 0);
        library.interrupts.fetch_add(1, Ordering::SeqCst)
    }
}

struct Bound(*mut ());

// SAFETY: nothing is released.
unsafe impl Release for Bound {
    type Handle = ();
    type Error = &'static str;

    unsafe fn release((): ()) -> Released<&'static str> {
        Released::Gone
    }
}

// SAFETY: it does nothing.
unsafe impl AnyThread for Bound {
    type Target = Bound;
    type Output = *mut ();

    unsafe fn call((): ()) -> *mut () {
        Bound(core::ptr::null_mut()).0
    }
}

assert_impl_all!(Gate<Session>: Send, Sync);
assert_not_impl_any!(Gate<Session>: Clone);
assert_not_impl_any!(Gate<Bound>: Send, Sync);
assert_not_impl_any!(Entered<'static, Bound>: Send, Sync);
assert_impl_all!(Remote<Interrupt>: Send, Sync, Clone);
assert_impl_all!(Remote<Bound>: Send, Sync, Clone);
assert_not_impl_any!(Reachable<Bound>: Send, Sync);
assert_impl_all!(Reachable<Session>: Send, Sync);
assert_not_impl_any!(Reachable<Session>: Clone);

/// A library lives as long as its process, and stays within reach of those that look for leaks.
fn library() -> &'static Library {
    static LOADED: Mutex<Vec<&'static Library>> = Mutex::new(Vec::new());
    let library = Box::leak(Box::default());
    LOADED.lock().expect("no test panics here").push(library);
    library
}

fn owner<K>(library: &'static Library, keeper: K) -> Owned<Session, K> {
    // SAFETY: each test makes one owner of its library's session.
    unsafe { Owned::from_handle(library, keeper) }
}

#[test]
fn close_is_idempotent_and_then_entering_is_an_error() {
    let library = library();
    let gate = Gate::new(owner(library, ()));
    drop(gate.enter().expect("open"));
    assert_eq!(gate.close(), Ok(()));
    assert_eq!(gate.close(), Ok(()));
    assert_eq!(gate.close_wait(), Ok(()));
    assert_eq!(gate.enter().err(), Some(Closed));
    assert!(gate.is_closed());
    drop(gate);
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn close_refuses_while_a_call_is_in_flight() {
    let library = library();
    let gate = Gate::new(owner(library, ()));
    let (one, two) = (gate.enter().expect("open"), gate.enter().expect("open"));
    assert_eq!(gate.close(), Err(Shut::Busy));
    drop(one);
    assert_eq!(gate.close(), Err(Shut::Busy));
    drop(two);
    assert_eq!(gate.close(), Ok(()));
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn close_wait_lets_nobody_in_and_waits_for_those_inside() {
    let library = library();
    let gate = Arc::new(Gate::new(owner(library, ())));
    let inside = gate.enter().expect("open");
    let closer = thread::spawn({
        let gate = Arc::clone(&gate);
        move || gate.close_wait()
    });
    while gate.enter().is_ok() {
        thread::sleep(Duration::from_micros(100));
    }
    assert_eq!(gate.close(), Err(Shut::Busy), "a close is under way");
    assert_eq!(library.releases.load(Ordering::SeqCst), 0);
    assert!(!gate.is_closed());
    drop(inside);
    assert_eq!(closer.join().expect("no panic"), Ok(()));
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn of_two_that_wait_to_close_one_closes_and_both_are_told_so() {
    let library = library();
    let gate = Gate::new(owner(library, ()));
    let inside = gate.enter().expect("open");
    thread::scope(|scope| {
        let first = scope.spawn(|| gate.close_wait());
        while gate.enter().is_ok() {
            thread::sleep(Duration::from_micros(100));
        }
        let (begun, begins) = mpsc::channel();
        let gate = &gate;
        let second = scope.spawn(move || {
            begun.send(()).expect("somebody waits for it");
            gate.close_wait()
        });
        begins.recv().expect("it begins");
        // Whether it waits by now or not, the end is the same.
        thread::sleep(Duration::from_millis(5));
        drop(inside);
        assert_eq!((first.join().expect("no panic"), second.join().expect("no panic")), (Ok(()), Ok(())));
    });
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn a_refused_close_leaves_the_gate_open() {
    let library = library();
    library.refusals_left.store(2, Ordering::SeqCst);
    let gate = Gate::new(owner(library, ()));
    assert_eq!(gate.close(), Err(Shut::StillOpen("busy")));
    drop(gate.enter().expect("open again"));
    assert_eq!(gate.close_wait(), Err(Shut::StillOpen("busy")));
    assert_eq!(gate.close(), Ok(()));
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn a_failing_close_is_told_to_the_closer_once() {
    let library = library();
    library.fails.store(1, Ordering::SeqCst);
    let gate = Gate::new(owner(library, ()));
    assert_eq!(gate.close(), Err(Shut::Gone("disk full")));
    assert_eq!(gate.close(), Ok(()));
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn a_forgotten_call_keeps_it_open_until_the_gate_is_dropped() {
    let library = library();
    let gate = Gate::new(owner(library, ()));
    core::mem::forget(gate.enter().expect("open"));
    assert_eq!(gate.close(), Err(Shut::Busy));
    drop(gate);
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn an_owner_comes_out_of_its_gate_again() {
    let library = library();
    let gate = Gate::new(owner(library, 5));
    let owner = gate.into_inner().expect("open");
    assert_eq!(*Owned::keeper(&owner), 5);
    assert_eq!(library.releases.load(Ordering::SeqCst), 0);
    let gate = Gate::new(owner);
    assert_eq!(gate.close(), Ok(()));
    assert!(gate.into_inner().is_none());
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a keeper that panics");
    }
}

#[test]
fn a_keeper_that_panics_leaves_the_gate_closed() {
    let library = library();
    let gate = Gate::new(owner(library, Bomb));
    let panicked = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| gate.close()));
    assert!(panicked.is_err());
    assert_eq!(gate.close(), Ok(()));
    assert_eq!(gate.close_wait(), Ok(()));
    assert_eq!(gate.enter().err(), Some(Closed));
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn a_remote_calls_until_the_end_and_not_after() {
    let library = library();
    let session = Reachable::new(owner(library, ()));
    let remote: Remote<Interrupt> = Reachable::remote(&session);
    assert_eq!(remote.call(), Ok(0));
    let (send, receive) = mpsc::channel();
    let caller = thread::spawn({
        let remote = remote.clone();
        move || {
            while remote.call().is_ok() {
                let _ = send.send(());
            }
        }
    });
    receive.recv().expect("the remote has called");
    drop(session);
    caller.join().expect("never reached a closed session");
    assert_eq!(remote.call(), Err(Closed));
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn a_refused_close_is_reachable_again() {
    let library = library();
    library.refusals_left.store(1, Ordering::SeqCst);
    let session = Reachable::new(owner(library, ()));
    let remote: Remote<Interrupt> = Reachable::remote(&session);
    let Err(CloseError::StillOpen { handle, error }) = session.close() else {
        panic!("the first close is refused");
    };
    assert_eq!(error, "busy");
    assert_eq!(remote.call(), Ok(0));
    assert!(handle.close().is_ok());
    assert_eq!(remote.call(), Err(Closed));
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn the_owner_taken_back_is_out_of_reach() {
    let library = library();
    let session = Reachable::new(owner(library, ()));
    let remote: Remote<Interrupt> = Reachable::remote(&session);
    let owner = Reachable::into_owned(session);
    assert_eq!(remote.call(), Err(Closed));
    assert_eq!(library.releases.load(Ordering::SeqCst), 0);
    drop(owner);
    assert_eq!(library.releases.load(Ordering::SeqCst), 1);
}

#[test]
fn a_forgotten_owner_is_never_released_and_still_reachable() {
    let library = library();
    let session = Reachable::new(owner(library, ()));
    let remote: Remote<Interrupt> = Reachable::remote(&session);
    let session = core::mem::ManuallyDrop::new(session);
    assert_eq!(remote.call(), Ok(0));
    assert_eq!(library.releases.load(Ordering::SeqCst), 0);
    drop(core::mem::ManuallyDrop::into_inner(session));
    assert_eq!(remote.call(), Err(Closed));
}
