//! A worker releases what is handed over, by itself, and ends with all of it released.
#![cfg(feature = "std")]

mod queued;

use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;

use cstruct::kit::{Bounds, Deferred, Full, NotTaken, QueueHandle, Worker};
use queued::Library;
use static_assertions::assert_impl_all;

assert_impl_all!(Worker: Send, Sync);

fn worker(count: usize) -> Worker {
    Worker::spawn(Bounds::count(count), Duration::from_millis(1)).expect("there are threads")
}

#[test]
fn what_is_dropped_is_released_by_the_worker_in_order() {
    static LIBRARY: Library = Library::new();
    let worker = worker(1024);
    for number in 0..500 {
        drop(LIBRARY.session(number).defer(&worker));
    }
    worker.flush();
    assert!(LIBRARY.ends().into_iter().eq(0..500));
    assert!(!LIBRARY.ended_here() && !worker.is_home());
    let stats = worker.shutdown();
    assert_eq!((stats.backlog, stats.released, stats.released_on_the_spot, stats.stranded), (0, 500, 0, 0));
}

#[test]
fn nobody_has_to_ask() {
    static LIBRARY: Library = Library::new();
    let worker = worker(4);
    drop(LIBRARY.session(1).defer(&worker));
    while worker.stats().released == 0 {
        thread::sleep(Duration::from_micros(100));
    }
    assert_eq!(LIBRARY.ends(), [1]);
}

#[test]
fn a_worker_that_sleeps_long_is_woken_by_flush_and_by_its_end_only() {
    static LIBRARY: Library = Library::new();
    let worker = Worker::spawn(Bounds::count(8), Duration::from_secs(3600)).expect("there are threads");
    drop(LIBRARY.session(1).defer(&worker));
    worker.flush();
    assert_eq!(LIBRARY.ends(), [1]);
    drop(LIBRARY.session(2).defer(&worker));
    drop(worker);
    assert_eq!(LIBRARY.ends(), [1, 2]);
}

#[test]
fn what_is_dropped_after_its_end_keeps_its_rule() {
    static LIBRARY: Library = Library::new();
    let worker = worker(8);
    let handle: QueueHandle = worker.handle().clone();
    let late = LIBRARY.session(1).defer(&worker);
    drop(worker);
    drop(late);
    assert_eq!((LIBRARY.ends(), handle.stats().released_on_the_spot), (vec![1], 1));
    let Err(NotTaken::Ended(back)) = handle.hand_over(LIBRARY.session(2)) else { panic!("it has ended") };
    assert!(back.close().is_ok());
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a keeper panics");
    }
}

#[test]
fn a_panic_does_not_end_the_worker_and_comes_out_of_its_shutdown() {
    static LIBRARY: Library = Library::new();
    let worker = worker(8);
    drop(LIBRARY.session_with(1, Bomb).defer(&worker));
    worker.flush();
    drop(LIBRARY.session(2).defer(&worker));
    worker.flush();
    assert_eq!(LIBRARY.ends(), [1, 2]);
    drop(LIBRARY.session_with(3, Bomb).defer(&worker));
    drop(LIBRARY.session(4).defer(&worker));
    let handle = worker.handle().clone();
    assert!(catch_unwind(AssertUnwindSafe(|| worker.shutdown())).is_err());
    assert_eq!((LIBRARY.ends(), handle.stats().released), (vec![1, 2, 3, 4], 4));
}

#[test]
fn the_worker_itself_may_release_its_last_owner() {
    static LIBRARY: Library = Library::new();
    let owned = Arc::new(worker(8));
    let handle = owned.handle().clone();
    let (keeper, drops_it) = (Arc::clone(&owned), Arc::new(Mutex::new(())));
    // The session cannot end before this thread has let go of the worker.
    let held = drops_it.lock().expect("not poisoned");
    let waits = Waits(Arc::clone(&drops_it));
    drop(LIBRARY.session_with(1, Box::new((waits, keeper))).defer(&*owned));
    drop(LIBRARY.session(2).defer(&*owned));
    drop(owned);
    drop(held);
    while handle.stats().released < 2 {
        thread::sleep(Duration::from_micros(100));
    }
    assert_eq!(LIBRARY.ends(), [1, 2]);
    // Its thread is gone when nobody else has the handle's queue.
    while !handle.has_ended() {
        thread::sleep(Duration::from_micros(100));
    }
}

struct Waits(Arc<Mutex<()>>);

impl Drop for Waits {
    fn drop(&mut self) {
        drop(self.0.lock());
    }
}

#[test]
fn a_flush_from_inside_a_release_waits_for_nobody() {
    static LIBRARY: Library = Library::new();
    struct Flushes(Arc<Worker>);
    impl Drop for Flushes {
        fn drop(&mut self) {
            self.0.flush();
        }
    }
    let owned = Arc::new(worker(8));
    drop(LIBRARY.session_with(1, Box::new(Flushes(Arc::clone(&owned)))).defer(&*owned));
    drop(LIBRARY.session(2).defer(&*owned));
    owned.flush();
    assert_eq!(LIBRARY.ends(), [1, 2]);
    // The keeper's count of the worker is given back by the worker, behind the flush at the latest.
    while Arc::strong_count(&owned) > 1 {
        thread::sleep(Duration::from_micros(100));
    }
}

#[test]
fn producers_on_many_threads_lose_nothing() {
    static LIBRARY: Library = Library::new();
    const EACH: u32 = 2_000;
    let worker = worker(32);
    thread::scope(|scope| {
        for producer in 0..4 {
            let worker = &worker;
            scope.spawn(move || {
                for number in 0..EACH {
                    drop(Deferred::new(LIBRARY.session(producer * EACH + number), worker).when_full(Full::Block));
                }
            });
        }
    });
    let stats = worker.shutdown();
    assert_eq!((stats.released, stats.backlog), (u64::from(4 * EACH), 0));
    assert!(stats.high_water <= 32);
    let mut ends = LIBRARY.ends();
    ends.sort_unstable();
    assert!(ends.into_iter().eq(0..4 * EACH));
}
