//! The laws of owners that are released later, or that travel: a release queue and a parcel release them once, at home, in their turn.

use std::panic::resume_unwind;
use std::thread;

use super::{balanced, made};
use crate::kit::{Bounds, Deferred, Parcel, ReleaseQueue};
use crate::testing::{Count, exempt};

/// What is deferred is released exactly once, by its queue, and not before its turn; what is taken back is released as before.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn deferred<O: 'static>(count: &impl Count, make: impl Fn() -> O) {
    balanced(count, "deferred", || {
        let queue = queue(4);
        let (first, second) = (made(count, &make), made(count, &make));
        let both = count.live();
        drop(Deferred::new(first, &queue));
        drop(Deferred::new(second, &queue));
        assert_eq!(count.live(), both, "deferred: it was released before its turn");
        assert_eq!(queue.release_some(1), 1, "deferred: the queue has the first");
        let one = count.live();
        assert!(one < both, "deferred: its turn came, and it was not released");
        assert_eq!(queue.flush(), 1, "deferred: the queue has the second");
        assert!(count.live() < one, "deferred: the turn of the second came, and it was not released");
        let taken_back = Deferred::into_inner(Deferred::new(made(count, &make), &queue));
        let live = count.live();
        drop(taken_back);
        assert!(count.live() < live, "deferred: it was taken back, and not released when it was dropped");
        assert_eq!(queue.flush(), 0, "deferred: what was taken back came to the queue");
    });
}

/// A full queue of the dropping thread makes room: the oldest is released at once, and exactly once.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn full_queue<O: 'static>(count: &impl Count, make: impl Fn() -> O) {
    balanced(count, "deferred to a full queue", || {
        let queue = queue(1);
        let (oldest, newest) = (made(count, &make), made(count, &make));
        let both = count.live();
        drop(Deferred::new(oldest, &queue));
        assert_eq!(count.live(), both, "deferred to a full queue: the oldest was released before there was need");
        drop(Deferred::new(newest, &queue));
        let one = count.live();
        assert!(one < both, "deferred to a full queue: the oldest was to be released at once");
        assert_eq!(queue.stats().backlog, 1, "deferred to a full queue: the newest waits");
        queue.flush();
        assert!(count.live() < one, "deferred to a full queue: the newest was not released in its turn");
    });
}

/// The end of a queue releases what waits; what is dropped after it is released where it is dropped; both exactly once.
///
/// The rules that strand an object are not tried, since they leak it.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn ended_home<O: 'static>(count: &impl Count, make: impl Fn() -> O) {
    balanced(count, "deferred to a home that ends", || {
        let queue = queue(4);
        let (waits, late) = (made(count, &make), made(count, &make));
        let both = count.live();
        drop(Deferred::new(waits, &queue));
        let late = Deferred::new(late, &queue);
        assert_eq!(queue.shutdown().released, 1, "deferred to a home that ends: one waited");
        let one = count.live();
        assert!(one < both, "deferred to a home that ends: what waited was to be released by the end");
        drop(late);
        assert!(
            count.live() < one,
            "deferred to a home that ends: what came late was to be released where it was dropped"
        );
    });
}

/// A parcel that is dropped on another thread is released by its home's queue, exactly once and not before; one that is
/// dropped at home at once.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn parcel_dropped<O: 'static>(count: &impl Count, make: impl Fn() -> O) {
    balanced(count, "dropped in a parcel", || {
        let queue = queue(4);
        let parcel = Parcel::new(made(count, &make), &queue);
        let live = count.live();
        abroad(|| drop(parcel));
        assert_eq!(count.live(), live, "dropped in a parcel: it was released on another thread than its own");
        assert_eq!(queue.flush(), 1, "dropped in a parcel: it was handed over to its home");
        assert!(count.live() < live, "dropped in a parcel: it was not released at home");
        let parcel = Parcel::new(made(count, &make), &queue);
        let live = count.live();
        drop(parcel);
        assert!(count.live() < live, "dropped in a parcel: it was to be released at once, at home");
        assert_eq!(queue.flush(), 0, "dropped in a parcel: nothing of it is left at home");
    });
}

/// A parcel is opened at home only, also after the queue has ended; what was in it is released as before, exactly once.
///
/// # Panics
///
/// Where it is not so.
#[track_caller]
pub fn parcel_opened<O: 'static>(count: &impl Count, make: impl Fn() -> O) {
    balanced(count, "opened from a parcel", || {
        let queue = queue(4);
        let parcel = Parcel::new(made(count, &make), &queue);
        let live = count.live();
        let refused = abroad(|| {
            assert!(parcel.look().is_err(), "opened from a parcel: it was looked at on another thread than its own");
            parcel.open().map(core::mem::forget).err().map(|refused| refused.parcel)
        });
        let parcel = refused.expect("opened from a parcel: it was opened on another thread than its own");
        assert_eq!(count.live(), live, "opened from a parcel: it was released on its way");
        queue.shutdown();
        let owner = parcel.open().map_err(|refused| refused.error).expect("opened from a parcel: this is its home");
        drop(owner);
        assert!(count.live() < live, "opened from a parcel: it was not released when it was dropped");
    });
}

/// What the queue is made of is not the object's.
fn queue(bound: usize) -> ReleaseQueue {
    exempt(|| ReleaseQueue::new(Bounds::count(bound)))
}

/// What the system needs for a thread is not the object's either.
fn abroad<R: Send>(run: impl FnOnce() -> R + Send) -> R {
    let done = thread::scope(|scope| exempt(|| scope.spawn(run)).join());
    done.unwrap_or_else(|payload| resume_unwind(payload))
}
