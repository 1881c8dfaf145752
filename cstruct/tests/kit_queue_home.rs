//! What is handed over is released at home, in order, within bounds, and what cannot be is counted.
#![cfg(feature = "std")]

mod queued;

use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, mpsc};
use std::thread;

use cstruct::kit::{Bounds, CloseError, Deferred, Full, NotTaken, Owned, QueueHandle, Release, ReleaseQueue, Released};
use queued::{Library, Session, events};
use static_assertions::{assert_impl_all, assert_not_impl_any, const_assert};

assert_not_impl_any!(ReleaseQueue: Send, Sync, Clone);
assert_impl_all!(QueueHandle: Send, Sync, Clone);
assert_impl_all!(Deferred<Owned<Session>>: Send, Sync);
assert_not_impl_any!(Deferred<Owned<Session>>: Clone);
assert_not_impl_any!(Deferred<Owned<Session, Rc<()>>>: Send, Sync);
// Two words of a handle and two of a keeper are what there is room for.
const_assert!(size_of::<Owned<Session, Rc<str>>>() == 4 * size_of::<usize>());

fn elsewhere<R: Send>(run: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| scope.spawn(run).join().expect("no panic"))
}

#[test]
fn a_drop_waits_for_its_turn_and_the_order_is_kept() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(8));
    elsewhere({
        let handle = queue.handle().clone();
        move || (0..5).for_each(|number| drop(LIBRARY.session(number).defer(&handle)))
    });
    assert_eq!((LIBRARY.ends(), queue.stats().backlog), (vec![], 5));
    assert_eq!(queue.release_some(2), 2);
    assert_eq!(LIBRARY.ends(), [0, 1]);
    drop(LIBRARY.session(5).defer(&queue));
    assert_eq!(queue.flush(), 4);
    assert_eq!(queue.release_some(1), 0);
    assert_eq!(LIBRARY.ends(), [0, 1, 2, 3, 4, 5]);
    assert!(LIBRARY.ended_here());
    let stats = queue.shutdown();
    assert_eq!((stats.backlog, stats.high_water, stats.released, stats.stranded), (0, 5, 6, 0));
}

#[test]
fn a_deferred_owner_is_used_as_the_owner_and_may_be_closed_at_once() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(8));
    let deferred = LIBRARY.session(1).defer(&queue);
    assert_eq!(Owned::handle(&deferred).1, 1);
    assert_eq!(deferred.close().map_err(CloseError::into_error), Ok(()));
    assert_eq!((LIBRARY.ends(), queue.stats().backlog), (vec![1], 0));

    // A refused close gives back an owner that is deferred as before.
    LIBRARY.refuse(1);
    let Err(CloseError::StillOpen { handle, error }) = LIBRARY.session(2).defer(&queue).weighing(7).close() else {
        panic!("not refused")
    };
    assert_eq!(error, "busy");
    drop(handle);
    assert_eq!((queue.stats().backlog, queue.stats().backlog_weight), (1, 7));
    queue.flush();

    drop(Deferred::into_inner(LIBRARY.session(3).defer(&queue)));
    assert_eq!(LIBRARY.ends(), [1, 2, 3]);
    assert_eq!(queue.shutdown().released, 1);
}

#[test]
fn a_full_queue_at_home_makes_room_by_releasing_the_oldest() {
    for full in [Full::ReleaseHere, Full::Block, Full::Strand] {
        let ends = Rc::new(core::cell::RefCell::new(Vec::new()));
        let queue = ReleaseQueue::new(Bounds::count(2));
        for number in 0..5 {
            drop(Deferred::new(LocalEnd(number, ends.clone()), &queue).when_full(full));
        }
        assert_eq!(*ends.borrow(), [0, 1, 2]);
        assert_eq!(queue.shutdown().released, 5);
        assert_eq!(*ends.borrow(), [0, 1, 2, 3, 4]);
    }
}

struct LocalEnd(u32, Rc<core::cell::RefCell<Vec<u32>>>);

impl Drop for LocalEnd {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

#[test]
fn a_full_queue_away_from_home_keeps_the_rule_of_the_owner() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(1));
    let defer = |number| LIBRARY.session(number).defer(queue.handle());
    let told = events(|| {
        let (first, here, strand) = (defer(1), defer(2), defer(3).when_full(Full::Strand));
        elsewhere(move || {
            drop(first);
            drop(here);
            drop(strand);
        });
    });
    assert_eq!(LIBRARY.ends(), [2], "released where it was dropped");
    assert!(told.len() == 1 && told[0].contains("Session") && told[0].contains("full"), "{told:?}");
    let stats = queue.stats();
    assert_eq!((stats.backlog, stats.released_on_the_spot, stats.stranded), (1, 1, 1));

    // Who blocks goes on when there is room.
    let (blocks, (begun, begins)) = (defer(4).when_full(Full::Block), mpsc::channel());
    let dropper = thread::spawn(move || {
        begun.send(()).expect("somebody waits for it");
        drop(blocks);
    });
    begins.recv().expect("it begins");
    while queue.stats().released < 2 {
        queue.release_some(1);
        thread::sleep(Duration::from_micros(100));
    }
    dropper.join().expect("no panic");
    assert_eq!(LIBRARY.ends(), [2, 1, 4]);
    assert_eq!(queue.shutdown().stranded, 1);
}

#[test]
fn weight_is_a_bound_of_its_own() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(8).and_weight(100));
    assert!(queue.hand_over_weighing(LIBRARY.session(1), 60).is_ok());
    let Err(NotTaken::Full(second)) = queue.hand_over_weighing(LIBRARY.session(2), 41) else { panic!("too heavy") };
    assert!(queue.hand_over_weighing(second, 40).is_ok());
    assert!(queue.hand_over(LIBRARY.session(3)).is_ok(), "without weight");
    assert_eq!(queue.stats().backlog_weight, 100);
    assert_eq!(queue.flush(), 3);
    assert_eq!((queue.stats().backlog_weight, queue.stats().high_water_weight), (0, 100));
    // Heavier than all that may wait: it goes in alone.
    assert!(queue.hand_over_weighing(LIBRARY.session(4), 1000).is_ok());
    assert!(queue.hand_over_weighing(LIBRARY.session(5), 1).is_err());
    queue.flush();
    // 5 was handed back, and its owner dropped.
    assert_eq!(LIBRARY.ends(), [1, 2, 3, 5, 4]);
    assert_eq!(queue.stats().backlog_weight, 0);
    // A weight that grew.
    let mut grown = LIBRARY.session(6).defer(&queue);
    Deferred::set_weight(&mut grown, 99);
    drop(grown);
    assert_eq!(queue.stats().backlog_weight, 99);
}

#[test]
fn the_least_bounds_take_one_at_a_time() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(0).and_weight(0));
    assert_eq!(queue.stats().capacity, 1);
    assert!(queue.hand_over_weighing(LIBRARY.session(1), 5).is_ok());
    assert!(queue.hand_over(LIBRARY.session(2)).is_err());
    assert_eq!(queue.flush(), 1);
    let queue = ReleaseQueue::new(Bounds::count(8).and_weight(0));
    assert!(queue.hand_over_weighing(LIBRARY.session(3), 5).is_ok());
    assert!(queue.hand_over_weighing(LIBRARY.session(4), 5).is_err());
    assert!(queue.hand_over(LIBRARY.session(5)).is_ok());
    assert!(catch_unwind(|| ReleaseQueue::new(Bounds::count(usize::MAX))).is_err());
}

#[test]
fn a_queue_that_has_ended_hands_back_and_what_is_deferred_keeps_its_rule() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(8));
    let handle = queue.handle().clone();
    let [here, home, block, strand] = [1, 2, 3, 4].map(|number| LIBRARY.session(number).defer(&handle));
    let (block, strand) = (block.when_full(Full::Block), strand.when_full(Full::Strand));
    drop(LIBRARY.session(0).defer(&handle));
    drop(queue);
    assert!(handle.has_ended());
    assert_eq!(LIBRARY.ends(), [0], "what was in it was released");
    let Err(NotTaken::Ended(back)) = handle.hand_over(LIBRARY.session(5)) else { panic!("it has ended") };
    assert!(back.close().is_ok());
    drop(home);
    let told = events(|| {
        elsewhere(move || {
            drop(here);
            drop(block);
            drop(strand);
        });
    });
    assert_eq!(LIBRARY.ends(), [0, 5, 2, 1]);
    assert!(told.len() == 2 && told.iter().all(|told| told.contains("Session") && told.contains("ended")), "{told:?}");
    let stats = handle.stats();
    assert_eq!((stats.released, stats.released_on_the_spot, stats.stranded), (1, 2, 2));
}

#[test]
fn a_forgotten_queue_ends_with_its_thread_and_strands_what_is_in_it() {
    static LIBRARY: Library = Library::new();
    let told = events(|| {
        let (handle, queue) = thread::spawn(|| {
            let queue = Box::new(ReleaseQueue::new(Bounds::count(8)));
            let handle = queue.handle().clone();
            drop(LIBRARY.session(1).defer(&handle).weighing(5));
            (handle, Forgotten(Box::into_raw(queue)))
        })
        .join()
        .expect("no panic");
        assert!(handle.has_ended());
        handle.wait_flushed();
        drop(LIBRARY.session(2).defer(&handle).when_full(Full::Block));
        let stats = handle.stats();
        assert_eq!((stats.backlog, stats.backlog_weight, stats.released, stats.stranded), (0, 0, 0, 2));
        queue.take_back();
    });
    assert_eq!(LIBRARY.ends(), []);
    assert_eq!(told.len(), 2);
}

/// A queue whose thread has ended without dropping it.
struct Forgotten(*mut ReleaseQueue);

// SAFETY: a pointer; nothing is done with the queue but that its memory is freed.
unsafe impl Send for Forgotten {}

impl Forgotten {
    /// Frees its memory, for the leak checkers. It has ended and is empty, so its drop finds nothing to do, on any thread.
    fn take_back(self) {
        // SAFETY: it comes from `Box::into_raw`, and its thread has ended.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

#[test]
fn a_child_is_released_before_its_parent_in_whatever_order_they_are_dropped() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(8));
    let parent = Arc::new(LIBRARY.session(0).defer(&queue));
    let child = LIBRARY.session_with(1, Arc::clone(&parent)).defer(&queue);
    drop(parent);
    drop(child);
    assert_eq!(queue.release_some(1), 1);
    assert_eq!(LIBRARY.ends(), [1], "the parent comes to the queue behind its last child");
    assert_eq!(queue.flush(), 1);
    assert_eq!(LIBRARY.ends(), [1, 0]);
}

#[test]
fn a_refused_release_is_leaked_with_its_keeper_and_told() {
    static LIBRARY: Library = Library::new();
    let kept = Rc::new(());
    let queue = ReleaseQueue::new(Bounds::count(8));
    drop(LIBRARY.session_with(1, kept.clone()).defer(&queue));
    drop(LIBRARY.session_with(2, kept.clone()).defer(&queue));
    LIBRARY.refuse(1);
    let told = events(|| assert_eq!(queue.flush(), 2));
    assert!(told.len() == 1 && told[0].contains("busy"), "{told:?}");
    assert_eq!((LIBRARY.ends(), Rc::strong_count(&kept)), (vec![2], 2));
    // SAFETY: the leaked keeper's count, which nobody else gives back.
    unsafe { Rc::decrement_strong_count(Rc::as_ptr(&kept)) };
}

struct Zombie;

// SAFETY: it goes on being closed for ever.
unsafe impl Release for Zombie {
    type Handle = ();
    type Error = core::convert::Infallible;

    unsafe fn release((): ()) -> Released<Self::Error> {
        Released::Closing
    }
}

#[test]
fn what_is_closing_keeps_its_keeper() {
    let kept = Rc::new(());
    let queue = ReleaseQueue::new(Bounds::count(8));
    // SAFETY: there is nothing to release.
    let zombie: Owned<Zombie, Rc<()>> = unsafe { Owned::from_handle((), kept.clone()) };
    drop(zombie.defer(&queue));
    assert_eq!((queue.flush(), Rc::strong_count(&kept)), (1, 2));
    // SAFETY: the keeper's count: C has finished with it, says this test.
    unsafe { Rc::decrement_strong_count(Rc::as_ptr(&kept)) };
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a keeper panics");
    }
}

#[test]
fn a_panic_comes_out_and_the_queue_goes_on() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(8));
    drop(LIBRARY.session_with(1, Bomb).defer(&queue).weighing(3));
    drop(LIBRARY.session(2).defer(&queue));
    assert!(catch_unwind(AssertUnwindSafe(|| queue.release_some(8))).is_err());
    let stats = queue.stats();
    assert_eq!((stats.backlog, stats.backlog_weight, stats.released), (1, 0, 1));
    assert_eq!(queue.flush(), 1);

    // At the end all are released, and then the first panic comes out.
    let handle = queue.handle().clone();
    drop(LIBRARY.session_with(3, Bomb).defer(&queue));
    drop(LIBRARY.session_with(4, Bomb).defer(&queue));
    drop(LIBRARY.session(5).defer(&queue));
    assert!(catch_unwind(AssertUnwindSafe(|| queue.shutdown())).is_err());
    assert_eq!(LIBRARY.ends(), [1, 2, 3, 4, 5]);
    assert_eq!((handle.stats().backlog, handle.stats().released), (0, 5));

    // Also when it is dropped by a panic: it does not panic a second time.
    let caught = catch_unwind(|| {
        let queue = ReleaseQueue::new(Bounds::count(8));
        drop(LIBRARY.session_with(6, Bomb).defer(&queue));
        drop(LIBRARY.session(7).defer(&queue));
        panic!("with the queue open");
    });
    assert!(caught.is_err());
    assert_eq!(LIBRARY.ends()[5..], [6, 7]);
}

/// An owner that leans on the next one of a chain, which is deferred as well.
struct Link {
    number: u32,
    library: &'static Library,
    _next: Option<Box<Deferred<Link>>>,
}

impl Drop for Link {
    fn drop(&mut self) {
        drop(self.library.session(self.number));
    }
}

#[test]
fn releases_that_hand_over_more_do_not_nest() {
    static LIBRARY: Library = Library::new();
    const LENGTH: u32 = 100_000;
    let ends_of_a_chain = || {
        let queue = ReleaseQueue::new(Bounds::count(1));
        let mut chain = None;
        for number in 0..LENGTH {
            let link = Link { number, library: &LIBRARY, _next: chain.take() };
            chain = Some(Box::new(Deferred::new(link, &queue)));
        }
        drop(chain);
        let mut released = 0;
        while queue.release_some(1) == 1 {
            released += 1;
        }
        released
    };
    // A stack on which a recursion of this depth would not end well.
    let thread = thread::Builder::new().stack_size(128 << 10).spawn(ends_of_a_chain).expect("there are threads");
    assert_eq!(thread.join().expect("no panic"), LENGTH);
    assert!(LIBRARY.ends().into_iter().eq((0..LENGTH).rev()));
}

#[test]
fn a_release_that_hands_over_more_than_there_is_room_for_ends_it_at_once() {
    static LIBRARY: Library = Library::new();
    struct Three(Vec<Deferred<Owned<Session>>>);
    let queue = ReleaseQueue::new(Bounds::count(1));
    let three = Three([1, 2, 3].map(|number| LIBRARY.session(number).defer(&queue)).into());
    assert_eq!(three.0.len(), 3);
    drop(Deferred::new(three, &queue));
    assert_eq!(queue.release_some(1), 1);
    // The first has the place that became free; inside a release nothing else is released to make more.
    assert_eq!(LIBRARY.ends(), [2, 3]);
    assert_eq!(queue.flush(), 1);
    let stats = queue.shutdown();
    assert_eq!((LIBRARY.ends(), stats.released, stats.released_on_the_spot), (vec![2, 3, 1], 2, 2));
}

#[test]
fn many_producers_are_served_each_in_its_order() {
    static LIBRARY: Library = Library::new();
    const EACH: u32 = 2_000;
    let queue = ReleaseQueue::new(Bounds::count(16));
    thread::scope(|scope| {
        for producer in 0..4 {
            let handle = queue.handle().clone();
            scope.spawn(move || {
                for number in 0..EACH {
                    drop(LIBRARY.session(producer * EACH + number).defer(&handle).when_full(Full::Block));
                }
            });
        }
        while queue.stats().released < u64::from(4 * EACH) {
            if queue.release_some(8) == 0 {
                thread::sleep(Duration::from_micros(100));
            }
        }
    });
    let ends = LIBRARY.ends();
    assert_eq!(ends.len() as u64, queue.stats().released);
    assert!(LIBRARY.ended_here());
    for producer in 0..4 {
        let its: Vec<_> = ends.iter().copied().filter(|number| number / EACH == producer).collect();
        assert!(its.into_iter().eq(producer * EACH..(producer + 1) * EACH));
    }
    assert!(queue.stats().high_water <= 16);
}
