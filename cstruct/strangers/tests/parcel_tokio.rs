//! Thread-bound objects in the tasks of an async runtime: they are held across `.await`, moved between its threads, dropped there, and
//! released at home.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use cstruct::kit::{Bounds, Deferred, Full, Parcel, ReleaseQueue, Worker};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, mpsc, oneshot};

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(3).build().expect("a runtime")
}

/// A stand-in for an object that C ties to its thread: it knows where it may end, and says where it did.
struct Bound {
    number: usize,
    home: thread::ThreadId,
    ends: Rc<RefCell<Vec<usize>>>,
}

impl Drop for Bound {
    fn drop(&mut self) {
        assert_eq!(thread::current().id(), self.home, "released abroad");
        self.ends.borrow_mut().push(self.number);
    }
}

#[test]
fn tasks_carry_parcels_and_drop_them_wherever_they_run() {
    const TASKS: usize = 1_000;
    let runtime = runtime();
    let queue = ReleaseQueue::new(Bounds::count(64));
    let ends = Rc::new(RefCell::new(Vec::new()));
    let (home, mut coming) = mpsc::unbounded_channel();
    let tasks: Vec<_> = (0..TASKS)
        .map(|number| {
            let bound = Bound { number, home: thread::current().id(), ends: Rc::clone(&ends) };
            let (parcel, home) = (Box::new(Parcel::new(bound, &queue)), home.clone());
            runtime.spawn(async move {
                // The task may go on on another thread each time, and the parcel with it.
                for _ in 0..3 {
                    tokio::task::yield_now().await;
                    assert!(parcel.look().is_err());
                }
                if number % 4 == 0 {
                    home.send(*parcel).expect("it listens");
                }
            })
        })
        .collect();
    drop(home);
    // Home goes on releasing, since the tasks wait for room. That blocks a thread of the runtime meanwhile, not home.
    let mut opened = 0;
    while opened + queue.stats().released < TASKS as u64 {
        while let Ok(parcel) = coming.try_recv() {
            let Ok(bound) = parcel.open() else { panic!("this is home") };
            assert_eq!(bound.number % 4, 0);
            opened += 1;
        }
        if queue.release_some(16) == 0 {
            thread::sleep(Duration::from_micros(100));
        }
    }
    for task in tasks {
        runtime.block_on(task).expect("no task panicked");
    }
    let stats = queue.shutdown();
    assert_eq!((opened, stats.released, stats.stranded), (250, 750, 0));
    let mut ends = ends.take();
    ends.sort_unstable();
    assert!(ends.into_iter().eq(0..TASKS));
}

#[test]
fn a_task_that_is_aborted_with_a_parcel_sends_it_home() {
    let runtime = runtime();
    let queue = ReleaseQueue::new(Bounds::count(64));
    let ends = Rc::new(RefCell::new(Vec::new()));
    let never = Arc::new(Semaphore::new(0));
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let bound = Bound { number, home: thread::current().id(), ends: Rc::clone(&ends) };
            let (parcel, never) = (Parcel::new(bound, &queue), Arc::clone(&never));
            let (begun, begins) = oneshot::channel();
            let task = runtime.spawn(async move {
                begun.send(()).expect("somebody waits for it");
                let _permit = never.acquire().await;
                drop(parcel);
            });
            (task, begins)
        })
        .collect();
    for (number, (task, begins)) in tasks.into_iter().enumerate() {
        runtime.block_on(begins).expect("it begins");
        if number % 2 == 0 {
            task.abort();
            assert!(runtime.block_on(task).expect_err("it was aborted").is_cancelled());
        }
    }
    // The other half ends with the runtime, on whichever thread drops it.
    thread::spawn(move || drop(runtime)).join().expect("no panic");
    assert_eq!(queue.shutdown().released, 20);
    let mut ends = ends.take();
    ends.sort_unstable();
    assert!(ends.into_iter().eq(0..20));
}

#[test]
fn tasks_hand_slow_releases_over_to_a_worker() {
    let runtime = runtime();
    let worker = Worker::spawn(Bounds::count(1024), Duration::from_millis(1)).expect("there are threads");
    let ended = Arc::new(());
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let held = Deferred::new(Arc::clone(&ended), &worker).when_full(Full::ReleaseHere);
            runtime.spawn(async move {
                tokio::task::yield_now().await;
                drop(held);
            })
        })
        .collect();
    for task in tasks {
        runtime.block_on(task).expect("no task panicked");
    }
    worker.flush();
    assert_eq!(Arc::strong_count(&ended), 1);
    assert_eq!(worker.shutdown().released, 100);
}
