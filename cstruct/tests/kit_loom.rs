//! Every interleaving of a gate and of a remote with their ends, by loom, of two threads and of three. One model takes long: two
//! closers and a call with the gate's bell, a mutex and a condition, among them. It has a bound here, and none with `--ignored`.
//!
//! The sources are those of the kit, compiled once more with loom's atomics in the place of the real ones:
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test -p cstruct --no-default-features --features std --release --test kit_loom
//! ```
#![cfg(loom)]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "the included files are modules of the kit, with its public and its unused items"
)]

pub use cstruct::kit::{CloseError, Foreign, Owned, Release, Released};

#[path = "../src/kit/gate.rs"]
pub mod gate;
#[path = "../src/kit/remote.rs"]
pub mod remote;
#[path = "../src/kit/word.rs"]
pub mod word;

/// What the files above are compiled with here.
mod sync {
    pub(super) use loom::sync::atomic::{AtomicUsize, Ordering};
    pub(super) use loom::sync::{Arc, Condvar, Mutex};

    pub(super) fn wait(_round: &mut u32) {
        loom::thread::yield_now();
    }
}

use core::ptr::NonNull;

use gate::{Gate, Shut};
use loom::sync::Arc;
use loom::thread;
use remote::{AnyThread, Reachable, Remote};
use word::{Closed, Word};

/// The C object. Loom fails the model when a call and a release are not ordered.
struct Object {
    memory: loom::cell::UnsafeCell<Memory>,
}

struct Memory {
    releases: u32,
    refusals_left: u32,
}

/// A pointer to it that a model may move to its threads.
#[derive(Clone, Copy)]
struct Handle(NonNull<Object>);

// SAFETY: loom checks every access through it, and the model frees it after its threads have ended.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl Handle {
    fn new(refusals_left: u32) -> Handle {
        let memory = Memory { releases: 0, refusals_left };
        Handle(NonNull::from(Box::leak(Box::new(Object { memory: loom::cell::UnsafeCell::new(memory) }))))
    }

    fn read(self) {
        // SAFETY: the object is freed at the end of the model only.
        let object = unsafe { self.0.as_ref() };
        object.memory.with(|memory| {
            // SAFETY: loom checks that nobody writes.
            assert_eq!(unsafe { (*memory).releases }, 0, "used after its release");
        });
    }

    /// Frees it at the end of a model, and says how often it was released.
    fn releases(self) -> u32 {
        // SAFETY: it comes from `new`, and all threads have ended.
        let object = unsafe { Box::from_raw(self.0.as_ptr()) };
        // SAFETY: it is ours alone.
        object.memory.with(|memory| unsafe { (*memory).releases })
    }

    fn owner(self) -> Owned<Session> {
        // SAFETY: each model makes one owner of its object.
        unsafe { Owned::from_handle(self, ()) }
    }
}

struct Session;

// SAFETY: the answers are true.
unsafe impl Release for Session {
    type Handle = Handle;
    type Error = &'static str;

    unsafe fn release(handle: Handle) -> Released<&'static str> {
        // SAFETY: the object is freed at the end of the model only.
        let object = unsafe { handle.0.as_ref() };
        object.memory.with_mut(|memory| {
            // SAFETY: loom checks that nobody else is here.
            let memory = unsafe { &mut *memory };
            if memory.refusals_left > 0 {
                memory.refusals_left -= 1;
                return Released::Refused("busy");
            }
            memory.releases += 1;
            Released::Gone
        })
    }
}

enum Use {}

// SAFETY: it only reads, and loom checks that.
unsafe impl AnyThread for Use {
    type Target = Session;
    type Output = ();

    unsafe fn call(handle: Handle) {
        handle.read();
    }
}

fn call(gate: &Gate<Session>) -> Result<(), Closed> {
    let inside = gate.enter()?;
    gate::Entered::handle(&inside).read();
    Ok(())
}

/// Those orders in which at most three threads are interrupted against their will.
#[test]
fn a_call_and_two_closers_release_once() {
    a_call_and_two_closers(Some(3));
}

/// `.ci/loom-long` runs it.
#[test]
#[ignore = "all orders take nine minutes of a processor"]
fn a_call_and_two_closers_release_once_in_all_orders() {
    a_call_and_two_closers(None);
}

fn a_call_and_two_closers(preemptions: Option<usize>) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = preemptions;
    model.check(|| {
        let object = Handle::new(0);
        let gate = Arc::new(Gate::new(object.owner()));
        let caller = thread::spawn({
            let gate = Arc::clone(&gate);
            move || call(&gate)
        });
        let closer = thread::spawn({
            let gate = Arc::clone(&gate);
            move || gate.close_wait()
        });
        assert_eq!(gate.close_wait(), Ok(()));
        assert_eq!(closer.join().expect("no panic"), Ok(()));
        let _either = caller.join().expect("no panic");
        assert_eq!(call(&gate), Err(Closed));
        drop(gate);
        assert_eq!(object.releases(), 1);
    });
}

#[test]
fn close_refuses_while_a_call_is_in_flight_and_never_waits() {
    loom::model(|| {
        let object = Handle::new(0);
        let gate = Arc::new(Gate::new(object.owner()));
        let caller = thread::spawn({
            let gate = Arc::clone(&gate);
            move || call(&gate)
        });
        let closed = gate.close();
        let called = caller.join().expect("no panic");
        match closed {
            Ok(()) => {}
            Err(Shut::Busy) => {
                assert_eq!(called, Ok(()), "who was inside was let in");
                assert_eq!(call(&gate), Ok(()), "a refused close left it open");
            }
            Err(other) => panic!("{other}"),
        }
        drop(gate);
        assert_eq!(object.releases(), 1);
    });
}

#[test]
fn a_refusal_by_c_reopens_the_gate_for_the_next_closer() {
    loom::model(|| {
        let object = Handle::new(1);
        let gate = Arc::new(Gate::new(object.owner()));
        let closer = thread::spawn({
            let gate = Arc::clone(&gate);
            move || gate.close_wait()
        });
        let mine = gate.close_wait();
        let theirs = closer.join().expect("no panic");
        let refused = Err(Shut::StillOpen("busy"));
        assert!(
            (mine == refused && theirs == Ok(())) || (mine == Ok(()) && theirs == refused),
            "one was refused, the other closed: {mine:?} {theirs:?}"
        );
        drop(gate);
        assert_eq!(object.releases(), 1);
    });
}

#[test]
fn a_remote_never_reaches_a_closed_object() {
    loom::model(|| {
        let object = Handle::new(0);
        let owner = Reachable::new(object.owner());
        let remote: Remote<Use> = Reachable::remote(&owner);
        let callers = [remote.clone(), remote.clone()].map(|remote| thread::spawn(move || remote.call()));
        drop(owner);
        assert_eq!(remote.call(), Err(Closed));
        for caller in callers {
            let _either = caller.join().expect("no panic");
        }
        drop(remote);
        assert_eq!(object.releases(), 1);
    });
}

#[test]
fn a_remote_reaches_an_object_whose_close_was_refused() {
    loom::model(|| {
        let object = Handle::new(1);
        let owner = Reachable::new(object.owner());
        let remote: Remote<Use> = Reachable::remote(&owner);
        let caller = thread::spawn({
            let remote = remote.clone();
            move || remote.call()
        });
        let Err(CloseError::StillOpen { handle, .. }) = owner.close() else {
            panic!("the first close is refused");
        };
        assert_eq!(remote.call(), Ok(()));
        let _either = caller.join().expect("no panic");
        assert!(handle.close().is_ok());
        assert_eq!(remote.call(), Err(Closed));
        drop(remote);
        assert_eq!(object.releases(), 1);
    });
}

/// The word alone, with what it guards: a gate without its bell, so that all interleavings of three threads can be run.
struct Guarded {
    word: Word,
    releases: loom::cell::UnsafeCell<u32>,
}

impl Guarded {
    fn call(&self) {
        if self.word.enter().is_ok() {
            self.releases.with(|releases| {
                // SAFETY: loom checks that nobody writes.
                assert_eq!(unsafe { *releases }, 0, "used after its release");
            });
            self.word.leave();
        }
    }

    /// Closes it if nobody is inside; true if this call did.
    fn close(&self) -> bool {
        if self.word.try_claim().is_err() {
            return false;
        }
        self.release();
        true
    }

    /// The same whoever is inside.
    fn close_wait(&self) -> bool {
        if self.word.claim().is_err() {
            return false;
        }
        while !self.word.is_quiet() {
            thread::yield_now();
        }
        self.release();
        true
    }

    fn release(&self) {
        self.releases.with_mut(|releases| {
            // SAFETY: loom checks that nobody else is here.
            unsafe { *releases += 1 };
        });
        self.word.finish(true);
    }
}

/// Three threads at once.
fn three(work: [fn(&Guarded) -> bool; 3]) {
    loom::model(move || {
        let guarded = Arc::new(Guarded { word: Word::open(), releases: loom::cell::UnsafeCell::new(0) });
        let [first, second, third] = work;
        let others = [second, third].map(|work| {
            let guarded = Arc::clone(&guarded);
            thread::spawn(move || work(&guarded))
        });
        let mut closed = u32::from(first(&guarded));
        for other in others {
            closed += u32::from(other.join().expect("no panic"));
        }
        // SAFETY: all other threads have ended.
        let releases = guarded.releases.with(|releases| unsafe { *releases });
        assert_eq!(releases, closed);
        assert!(closed <= 1, "released twice");
        assert_eq!(guarded.word.is_closed(), closed == 1);
    });
}

fn calls(guarded: &Guarded) -> bool {
    guarded.call();
    false
}

#[test]
fn of_two_closers_beside_a_call_one_releases() {
    three([calls, Guarded::close_wait, Guarded::close_wait]);
}

#[test]
fn a_closer_waits_for_two_calls() {
    three([Guarded::close_wait, calls, calls]);
}

#[test]
fn a_closer_that_does_not_wait_leaves_a_call_and_another_closer_alone() {
    three([Guarded::close, calls, Guarded::close_wait]);
}
