//! A ticket takes out what was handed over, before its turn, and nothing afterwards.
#![cfg(feature = "std")]

mod queued;

use std::rc::Rc;
use std::thread;

use cstruct::kit::{Bounds, CloseError, NotTaken, Owned, ReleaseQueue, Ticket, TooLate};
use queued::{Library, Session, events};
use static_assertions::{assert_impl_all, assert_not_impl_any};

assert_impl_all!(Ticket<Owned<Session>>: Send, Sync);
assert_not_impl_any!(Ticket<Owned<Session>>: Clone);
// What may not leave home may not be taken out abroad.
assert_not_impl_any!(Ticket<Owned<Session, Rc<()>>>: Send, Sync);
assert_not_impl_any!(Ticket<Rc<()>>: Send, Sync);

#[test]
fn a_close_before_the_turn_has_the_result_and_the_others_keep_theirs() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(4));
    let [_first, second, third] = [1, 2, 3].map(|number| queue.hand_over(LIBRARY.session(number)).expect("room"));
    assert!(matches!(second.close(), Ok(Ok(()))));
    assert_eq!(LIBRARY.ends(), [2]);
    // From another thread, where its type may be.
    thread::scope(|scope| {
        scope.spawn(|| assert!(matches!(third.close(), Ok(Ok(()))))).join().expect("no panic");
    });
    assert_eq!(queue.flush(), 1);
    assert_eq!(LIBRARY.ends(), [2, 3, 1]);
    let stats = queue.shutdown();
    assert_eq!((stats.backlog, stats.released, stats.taken_out), (0, 1, 2));
}

#[test]
fn a_close_that_c_refuses_hands_the_owner_back() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(4));
    let ticket = queue.hand_over(LIBRARY.session(1)).expect("room");
    LIBRARY.refuse(1);
    let Ok(Err(CloseError::StillOpen { handle, error })) = ticket.close() else { panic!("not refused") };
    assert_eq!((error, queue.flush()), ("busy", 0));
    drop(handle);
    assert_eq!(LIBRARY.ends(), [1]);
}

#[test]
fn after_the_turn_it_is_too_late_also_when_the_slot_has_something_else() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(1));
    let stale: Vec<_> = (0..10)
        .map(|number| {
            let ticket = queue.hand_over(LIBRARY.session(number)).expect("room");
            queue.release_some(1);
            ticket
        })
        .collect();
    let live = queue.hand_over(LIBRARY.session(10)).expect("room");
    for ticket in stale {
        assert_eq!(ticket.close().err(), Some(TooLate));
    }
    assert_eq!(queue.stats().backlog, 1);
    assert!(matches!(live.close(), Ok(Ok(()))));
    assert!(LIBRARY.ends().into_iter().eq(0..=10));
    assert!(TooLate.to_string().contains("close it before"));
}

#[test]
fn a_ticket_that_is_dropped_or_forgotten_takes_nothing() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(4));
    drop(queue.hand_over(LIBRARY.session(1)).expect("room"));
    let kept = queue.hand_over(LIBRARY.session(2)).expect("room");
    let handle = queue.handle().clone();
    assert_eq!(queue.flush(), 2);
    assert_eq!(LIBRARY.ends(), [1, 2]);
    // It may outlive the home.
    drop(queue);
    assert_eq!(kept.take().err(), Some(TooLate));
    assert_eq!(handle.stats().taken_out, 0);
}

#[test]
fn a_taken_place_counts_until_its_turn_and_its_weight_does_not() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(2).and_weight(10));
    let first = queue.hand_over_weighing(LIBRARY.session(1), 10).expect("room");
    let second = queue.hand_over(LIBRARY.session(2)).expect("room");
    drop(first.take().expect("its turn has not come"));
    assert_eq!((queue.stats().backlog, queue.stats().backlog_weight), (2, 0));
    let Err(NotTaken::Full(third)) = queue.hand_over_weighing(LIBRARY.session(3), 10) else { panic!("no room") };
    assert_eq!(queue.release_some(1), 1);
    let third = queue.hand_over_weighing(third, 10).expect("room");
    assert_eq!(second.take().err(), Some(TooLate));
    drop(third.take());
    // Only places that were taken are left: nothing to release, and they are free again.
    assert_eq!((queue.release_some(1), queue.stats().backlog), (0, 0));
    assert_eq!(LIBRARY.ends(), [1, 2, 3]);
}

#[test]
fn a_thread_bound_object_is_taken_out_at_home() {
    let queue = ReleaseQueue::new(Bounds::count(2));
    let bound = Rc::new(7);
    let ticket = queue.hand_over(bound.clone()).expect("room");
    assert_eq!(ticket.take().map(|bound| *bound), Ok(7));
    assert_eq!((queue.flush(), Rc::strong_count(&bound)), (0, 1));
}

#[test]
fn a_ticket_for_what_was_stranded_is_too_late() {
    static LIBRARY: Library = Library::new();
    let told = events(|| {
        let (ticket, queue) = thread::spawn(|| {
            let queue = Box::new(ReleaseQueue::new(Bounds::count(2)));
            let ticket = queue.hand_over(LIBRARY.session(1)).expect("room");
            (ticket, Forgotten(Box::into_raw(queue)))
        })
        .join()
        .expect("no panic");
        assert_eq!(ticket.close().err(), Some(TooLate));
        queue.take_back();
    });
    assert_eq!((told.len(), LIBRARY.ends()), (1, vec![]));
}

/// A queue whose thread has ended without dropping it.
struct Forgotten(*mut ReleaseQueue);

// SAFETY: a pointer; nothing is done with the queue but that its memory is freed.
unsafe impl Send for Forgotten {}

impl Forgotten {
    fn take_back(self) {
        // SAFETY: it comes from `Box::into_raw`; its thread has ended, and it has too: its drop finds nothing to do.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

#[test]
fn tickets_and_the_home_race_and_each_session_ends_once() {
    static LIBRARY: Library = Library::new();
    const COUNT: u32 = 4_000;
    let queue = ReleaseQueue::new(Bounds::count(64));
    let mut taken = 0;
    thread::scope(|scope| {
        let (sender, receiver) = std::sync::mpsc::channel::<Ticket<Owned<Session>>>();
        let closer = scope
            .spawn(move || receiver.into_iter().filter_map(|ticket| ticket.close().ok()).filter(Result::is_ok).count());
        for number in 0..COUNT {
            let mut session = LIBRARY.session(number);
            while let Err(back) = queue.hand_over(session).map(|ticket| sender.send(ticket).expect("it listens")) {
                session = back.into_owner();
                queue.release_some(1);
            }
        }
        drop(sender);
        taken = closer.join().expect("no panic") as u64;
    });
    let stats = queue.shutdown();
    assert_eq!((stats.taken_out, stats.taken_out + stats.released), (taken, u64::from(COUNT)));
    let mut ends = LIBRARY.ends();
    ends.sort_unstable();
    assert!(ends.into_iter().eq(0..COUNT));
}
