//! A thread-bound object travels in a parcel, and is opened, used and released at home only.
#![cfg(feature = "std")]

mod queued;

use core::cell::RefCell;
use core::time::Duration;
use std::rc::Rc;
use std::sync::{Arc, mpsc};
use std::thread;

use cstruct::kit::{Bounds, Owned, Parcel, ReleaseQueue};
use queued::{Library, Session, events};
use static_assertions::{assert_impl_all, assert_not_impl_any};

/// A session that its keeper binds to its thread.
type Bound = Owned<Session, Rc<()>>;

assert_not_impl_any!(Bound: Send, Sync);
assert_impl_all!(Parcel<Bound>: Send, Sync);
assert_not_impl_any!(Parcel<Bound>: Clone);

fn bound(library: &'static Library, number: u32) -> Bound {
    library.session_with(number, Rc::new(()))
}

#[test]
fn it_is_opened_at_home_and_nowhere_else() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(4));
    let parcel = Parcel::new(bound(&LIBRARY, 1), &queue);
    assert_eq!(parcel.look().map(|owner| Owned::handle(owner).1), Ok(1));
    let returned = thread::spawn(move || {
        assert!(parcel.look().is_err());
        let Err(not_at_home) = parcel.open() else { panic!("this is not home") };
        assert!(not_at_home.to_string().contains("do it there"), "{not_at_home}");
        not_at_home.parcel
    })
    .join()
    .expect("no panic");
    let Ok(owner) = returned.open() else { panic!("this is home") };
    assert!(owner.close().is_ok());
    assert_eq!((queue.stats().backlog, LIBRARY.ends()), (0, vec![1]));

    // Home is the thread; the queue may have ended.
    let parcel = Parcel::new(bound(&LIBRARY, 2), &queue);
    drop(queue);
    assert!(parcel.open().is_ok_and(|owner| owner.close().is_ok()));
}

#[test]
fn dropped_abroad_it_is_released_at_home_and_dropped_at_home_at_once() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(4).and_weight(100));
    let abroad = [1, 2].map(|number| Parcel::new(bound(&LIBRARY, number), &queue).weighing(50));
    thread::spawn(move || drop(abroad)).join().expect("no panic");
    assert_eq!((LIBRARY.ends(), queue.stats().backlog_weight), (vec![], 100));
    drop(Parcel::new(bound(&LIBRARY, 3), &queue));
    assert_eq!(queue.shutdown().released, 2);
    assert_eq!(LIBRARY.ends(), [3, 1, 2]);
    assert!(LIBRARY.ended_here());
}

#[test]
fn without_a_home_it_is_stranded_and_never_released_abroad() {
    static LIBRARY: Library = Library::new();
    let kept = Rc::new(());
    let (parcel, handle) = {
        let queue = ReleaseQueue::new(Bounds::count(4));
        (Parcel::new(LIBRARY.session_with(1, kept.clone()), &queue), queue.handle().clone())
    };
    let told = events(|| thread::spawn(move || drop(parcel)).join().expect("no panic"));
    assert!(told.len() == 1 && told[0].contains("Session") && told[0].contains("home has ended"), "{told:?}");
    assert_eq!((LIBRARY.ends(), handle.stats().stranded, Rc::strong_count(&kept)), (vec![], 1, 2));
    // SAFETY: the stranded keeper's count, which nobody else gives back.
    unsafe { Rc::decrement_strong_count(Rc::as_ptr(&kept)) };
}

#[test]
fn a_full_queue_makes_it_wait_or_strands_it_as_it_was_told() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(1));
    let first = Parcel::new(bound(&LIBRARY, 1), &queue);
    let stranded = Parcel::new(LIBRARY.session(2), &queue).or_strand();
    let told = events(|| {
        thread::spawn(move || {
            drop(first);
            drop(stranded);
        })
        .join()
        .expect("no panic");
    });
    assert!(told.len() == 1 && told[0].contains("full"), "{told:?}");
    let waits = Parcel::new(bound(&LIBRARY, 3), &queue);
    let dropper = thread::spawn(move || drop(waits));
    while queue.stats().released < 2 {
        queue.release_some(1);
        thread::sleep(Duration::from_micros(100));
    }
    dropper.join().expect("no panic");
    assert_eq!(LIBRARY.ends(), [1, 3]);
    assert!(LIBRARY.ended_here());
}

#[test]
fn who_waits_for_room_when_home_ends_strands_it() {
    static LIBRARY: Library = Library::new();
    let (packed, unpack) = mpsc::channel();
    let (begun, begins) = mpsc::channel();
    let home = thread::spawn(move || {
        let queue = ReleaseQueue::new(Bounds::count(1));
        let handle = queue.handle().clone();
        packed.send([1, 2].map(|number| Parcel::new(LIBRARY.session(number), &queue))).expect("it unpacks");
        begins.recv().expect("it begins");
        drop(queue);
        handle
    });
    let parcels = unpack.recv().expect("it packs");
    let told = events(|| {
        begun.send(()).expect("it waits for it");
        drop(parcels);
    });
    let stats = home.join().expect("no panic").stats();
    assert_eq!((stats.backlog, stats.released + stats.stranded, stats.released_on_the_spot), (0, 2, 0));
    assert_eq!((told.len(), LIBRARY.ends().len()), (stats.stranded as usize, stats.released as usize));
    assert!(LIBRARY.ends().is_empty() || !LIBRARY.ended_here());
}

#[test]
fn a_shared_parcel_goes_home_with_its_last_holder() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(1));
    let shared = Arc::new(Parcel::new(bound(&LIBRARY, 1), &queue));
    let abroad = thread::spawn({
        let shared = Arc::clone(&shared);
        move || assert!(shared.look().is_err())
    });
    assert!(shared.look().is_ok());
    abroad.join().expect("no panic");
    thread::spawn(move || drop(shared)).join().expect("no panic");
    assert_eq!((queue.flush(), LIBRARY.ends()), (1, vec![1]));
    assert!(LIBRARY.ended_here());
}

std::thread_local! {
    static LAST: RefCell<Option<Parcel<Bound>>> = const { RefCell::new(None) };
}

#[test]
fn a_parcel_that_a_thread_leaves_behind_comes_home() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(1));
    let parcel = Parcel::new(bound(&LIBRARY, 1), &queue);
    thread::spawn(move || LAST.set(Some(parcel))).join().expect("no panic");
    assert_eq!((queue.flush(), LIBRARY.ends()), (1, vec![1]));
}

std::thread_local! {
    static QUEUE: ReleaseQueue = ReleaseQueue::new(Bounds::count(8));
}

#[test]
fn a_queue_in_a_thread_local_releases_at_the_end_of_its_thread() {
    static LIBRARY: Library = Library::new();
    let handle = thread::spawn(|| {
        QUEUE.with(|queue| {
            let parcels = [1, 2].map(|number| Parcel::new(bound(&LIBRARY, number), queue));
            thread::scope(|scope| drop(scope.spawn(move || drop(parcels)).join()));
            queue.handle().clone()
        })
    })
    .join()
    .expect("no panic");
    let stats = handle.stats();
    assert_eq!((LIBRARY.ends(), stats.released, stats.stranded), (vec![1, 2], 2, 0));
}

#[test]
fn what_does_not_fit_goes_into_a_box() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(1));
    let large = Parcel::new(Box::new([1, 2, 3].map(|number| bound(&LIBRARY, number))), &queue);
    thread::spawn(move || drop(large)).join().expect("no panic");
    assert_eq!((queue.flush(), LIBRARY.ends()), (1, vec![1, 2, 3]));
}
