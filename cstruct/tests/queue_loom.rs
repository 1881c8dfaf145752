//! Every interleaving of the release queue, its tickets and its parcels with the home, by loom, without a bound on preemptions.
//!
//! The sources are those of the kit, compiled once more with loom's atomics and cells in the place of the real ones:
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test -p cstruct --no-default-features --features std --release --test queue_loom
//! ```
#![cfg(loom)]
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "the included files are modules of the kit, with its public and its unused items"
)]

extern crate alloc;

pub use cstruct::kit::{CloseError, Owned, Release, event};

#[path = "queue_loom/alone.rs"]
mod alone;
#[path = "../src/kit/deferred.rs"]
pub mod deferred;
#[path = "../src/kit/parcel.rs"]
pub mod parcel;
#[path = "../src/kit/queue/mod.rs"]
pub mod queue;

mod panic {
    pub(super) use cstruct::kit::{PanicSlot, catch};
}

/// What the files above are compiled with here.
mod sync {
    pub(super) use loom::cell::UnsafeCell as Cell;
    pub(super) use loom::sync::Arc;
    pub(super) use loom::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    pub(super) use loom::thread::ThreadId as Here;

    pub(super) fn here() -> Here {
        loom::thread::current().id()
    }

    pub(super) fn wait(_round: &mut u32) {
        loom::thread::yield_now();
    }
}

/// Loom's threads are all on one real thread.
mod thread {
    pub use cstruct::kit::ThreadBound;
    pub(super) use loom::thread::{spawn, yield_now};

    pub(super) struct Home(loom::thread::ThreadId);

    #[derive(Debug)]
    pub struct WrongThread;

    impl Home {
        pub(super) fn here() -> Home {
            Home(super::sync::here())
        }

        pub(super) fn check(&self) -> Result<(), WrongThread> {
            if self.0 == super::sync::here() { Ok(()) } else { Err(WrongThread) }
        }
    }

    impl core::fmt::Display for WrongThread {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.write_str("not at home")
        }
    }
}

/// No thread of a model ends with a forgotten queue.
mod thread_end {
    pub(super) fn watch(_key: usize, _run: Box<dyn FnOnce()>) {}
    pub(super) fn unwatch(_key: usize) {}
}

use core::ptr::NonNull;

use deferred::Deferred;
use parcel::Parcel;
use queue::{Bounds, Full, ReleaseQueue, TooLate};

/// What the objects of a model leave behind: their memory, and the order of their ends. Loom fails the model when two accesses are not
/// ordered. The objects point to it, so that one that is stranded leaks nothing of the model's.
struct Log(NonNull<Memory>);

struct Memory {
    ends: loom::cell::UnsafeCell<Vec<(usize, sync::Here)>>,
    objects: [loom::cell::UnsafeCell<u32>; 4],
}

impl Log {
    fn new() -> Log {
        let memory =
            Memory { ends: loom::cell::UnsafeCell::new(Vec::new()), objects: [0; 4].map(loom::cell::UnsafeCell::new) };
        Log(NonNull::from(Box::leak(Box::new(memory))))
    }

    fn object(&self, name: usize) -> Object {
        Object { name, memory: self.0 }
    }

    fn ends(&self) -> Vec<(usize, sync::Here)> {
        // SAFETY: it lives as long as the log.
        let memory = unsafe { self.0.as_ref() };
        memory.ends.with(|ends| {
            // SAFETY: loom checks that nobody writes.
            unsafe { (*ends).clone() }
        })
    }

    fn names(&self) -> Vec<usize> {
        self.ends().into_iter().map(|(name, _)| name).collect()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // SAFETY: it comes from `new`; a model drops its log behind its threads and its queue, and what is stranded is not used.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// An object whose memory the user writes to before letting go, and the release after.
struct Object {
    name: usize,
    memory: NonNull<Memory>,
}

// SAFETY: loom checks every access.
unsafe impl Send for Object {}

impl Object {
    fn memory(&self) -> &Memory {
        // SAFETY: the log outlives its objects.
        unsafe { self.memory.as_ref() }
    }

    fn write(&self) {
        self.memory().objects[self.name].with_mut(|memory| {
            // SAFETY: loom checks that nobody else is here.
            unsafe { *memory += 1 };
        });
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        self.write();
        let end = (self.name, sync::here());
        self.memory().ends.with_mut(|ends| {
            // SAFETY: loom checks that nobody else is here: where two threads end objects of one log, the model orders them.
            unsafe { (*ends).push(end) };
        });
    }
}

/// Stranding is told a hundred thousand times in these models.
fn quietly() {
    static QUIET: event::Hook = event::Hook(|_event| ());
    event::set_hook(&QUIET);
}

#[test]
fn two_producers_and_the_home_release_each_object_once() {
    loom::model(|| {
        let (log, queue) = (Log::new(), ReleaseQueue::new(Bounds::count(2)));
        let producers = [1, 2].map(|name| {
            let (object, handle) = (log.object(name), queue.handle().clone());
            thread::spawn(move || {
                let object = Deferred::new(object, &handle);
                object.write();
                drop(object);
            })
        });
        queue.release_some(2);
        for producer in producers {
            producer.join().expect("no panic");
        }
        queue.flush();
        let mut names = log.names();
        names.sort_unstable();
        assert_eq!(names, [1, 2]);
        assert_eq!(queue.stats().released, 2);
        assert!(log.ends().iter().all(|&(_, at)| at == sync::here()));
    });
}

#[test]
fn one_producer_is_served_in_its_order() {
    loom::model(|| {
        let (log, queue) = (Log::new(), ReleaseQueue::new(Bounds::count(1)));
        let objects = [1, 2].map(|name| Deferred::new(log.object(name), queue.handle()).when_full(Full::Block));
        let producer = thread::spawn(move || drop(objects));
        // One place for two: the second waits for room.
        while queue.stats().released < 2 {
            if queue.release_some(2) == 0 {
                thread::yield_now();
            }
        }
        producer.join().expect("no panic");
        assert_eq!(log.names(), [1, 2]);
    });
}

#[test]
fn a_full_queue_has_the_dropper_release_and_nothing_is_released_twice() {
    loom::model(|| {
        let (logs, queue) = ([Log::new(), Log::new()], ReleaseQueue::new(Bounds::count(1)));
        let producers = [0, 1].map(|index| {
            let object = Deferred::new(logs[index].object(1), queue.handle());
            thread::spawn(move || drop(object))
        });
        queue.release_some(1);
        for producer in producers {
            producer.join().expect("no panic");
        }
        queue.flush();
        assert!(logs.iter().all(|log| log.names() == [1]));
        let stats = queue.stats();
        assert_eq!(stats.released + stats.released_on_the_spot, 2);
    });
}

#[test]
fn the_bound_of_weight_holds_between_producers() {
    loom::model(|| {
        let (logs, queue) = ([Log::new(), Log::new()], ReleaseQueue::new(Bounds::count(2).and_weight(10)));
        let producers = [0, 1].map(|index| {
            let object = Deferred::new(logs[index].object(1), queue.handle()).weighing(6);
            thread::spawn(move || drop(object))
        });
        for producer in producers {
            producer.join().expect("no panic");
        }
        let stats = queue.stats();
        assert_eq!((stats.backlog, stats.backlog_weight, stats.released_on_the_spot), (1, 6, 1));
        queue.flush();
        assert_eq!(queue.stats().backlog_weight, 0);
        assert!(logs.iter().all(|log| log.names() == [1]));
    });
}

#[test]
fn a_ticket_and_the_home_race_and_one_has_the_object() {
    loom::model(|| {
        let (log, queue) = (Log::new(), ReleaseQueue::new(Bounds::count(2)));
        let object = log.object(1);
        object.write();
        let ticket = queue.hand_over(object).expect("there is room");
        let taker = thread::spawn(move || ticket.take().map(|object| object.write()));
        let released = queue.release_some(1);
        let taken = taker.join().expect("no panic");
        assert_eq!(taken.is_ok(), released == 0 && queue.flush() == 0, "one has it, and not both");
        assert_eq!(log.names(), [1]);
        let stats = queue.stats();
        assert_eq!((stats.released, stats.taken_out), if taken.is_ok() { (0, 1) } else { (1, 0) });
    });
}

#[test]
fn a_ticket_is_not_deceived_by_what_came_to_its_slot_later() {
    loom::model(|| {
        let (log, queue) = (Log::new(), ReleaseQueue::new(Bounds::count(1)));
        let first = queue.hand_over(log.object(1)).expect("there is room");
        let taker = thread::spawn(move || first.take().map(|object| object.name));
        let mut released = queue.release_some(1);
        // Its slot is free only when the first is gone, one way or the other.
        let second = loop {
            match queue.hand_over(2_usize) {
                Ok(second) => break second,
                Err(_full) => {
                    released += queue.release_some(1);
                    thread::yield_now();
                }
            }
        };
        let taken = taker.join().expect("no panic");
        assert_eq!(taken, if released == 0 { Ok(1) } else { Err(TooLate) });
        assert_eq!(second.take(), Ok(2));
    });
}

#[test]
fn a_parcel_is_released_at_home_or_stranded_when_home_ends() {
    quietly();
    loom::model(|| {
        let (log, queue) = (Log::new(), ReleaseQueue::new(Bounds::count(1)));
        let (parcel, handle) = (Parcel::new(log.object(1), &queue), queue.handle().clone());
        let abroad = thread::spawn(move || drop(parcel));
        let at_the_end = queue.shutdown();
        abroad.join().expect("no panic");
        let stats = handle.stats();
        assert_eq!(stats.backlog, 0, "nothing comes in after the end");
        assert_eq!((stats.released, stats.stranded), if at_the_end.released == 1 { (1, 0) } else { (0, 1) });
        let ends = log.ends();
        assert_eq!(ends.len() as u64, stats.released);
        assert!(ends.iter().all(|&(_, at)| at == sync::here()), "released abroad");
    });
}

#[test]
fn who_waits_for_room_is_not_left_waiting_when_home_ends() {
    quietly();
    loom::model(|| {
        let (log, queue) = (Log::new(), ReleaseQueue::new(Bounds::count(1)));
        let handle = queue.handle().clone();
        let parcels = [1, 2].map(|name| Parcel::new(log.object(name), &queue));
        let abroad = thread::spawn(move || drop(parcels));
        queue.release_some(1);
        drop(queue);
        abroad.join().expect("no panic");
        let stats = handle.stats();
        assert_eq!((stats.backlog, stats.released + stats.stranded), (0, 2));
        let names = log.names();
        assert!(names == [1, 2] || names == [1] || names.is_empty(), "{names:?}");
    });
}

#[test]
fn who_flushes_from_elsewhere_sees_what_the_releases_did() {
    loom::model(|| {
        let (log, queue) = (Log::new(), ReleaseQueue::new(Bounds::count(1)));
        let handle = queue.handle().clone();
        let look = log.object(1);
        drop(Deferred::new(log.object(2), queue.handle()));
        let elsewhere = thread::spawn(move || {
            handle.wait_flushed();
            look.memory().objects[2].with(|memory| {
                // SAFETY: loom checks that nobody writes.
                assert_eq!(unsafe { *memory }, 1);
            });
            core::mem::forget(look);
        });
        queue.release_some(1);
        elsewhere.join().expect("no panic");
    });
}
