//! What queues and their ends print for debugging, and what they say when they take something no more.
#![cfg(all(feature = "std", target_has_atomic = "64"))]

mod queued;

use core::fmt::Debug;
use core::time::Duration;
use std::error::Error;
use std::rc::Rc;

use cstruct::kit::{Bounds, Deferred, NotTaken, Owned, Parcel, ReleaseQueue, TooLate, Worker};
use queued::{Library, events};

fn said(value: &dyn Debug) -> String {
    format!("{value:?}")
}

#[test]
fn a_queue_and_its_handle_print_how_they_go() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(4));
    let _ticket = queue.hand_over(LIBRARY.session(1)).expect("there is room");
    let stats = said(&queue.stats());
    assert!(stats.contains("capacity: 4, backlog: 1"), "{stats}");
    assert_eq!(said(&queue), format!("ReleaseQueue {{ stats: {stats}, .. }}"));
    assert_eq!(said(queue.handle()), format!("QueueHandle {{ stats: {stats}, .. }}"));
}

#[test]
fn a_worker_prints_how_it_goes() {
    let worker = Worker::spawn(Bounds::count(4), Duration::from_millis(1)).expect("there are threads");
    assert_eq!(said(&worker), format!("Worker {{ stats: {:?}, .. }}", worker.stats()));
}

#[test]
fn a_ticket_prints_its_place_in_the_line() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(4));
    let tickets = [1, 2].map(|number| queue.hand_over(LIBRARY.session(number)).expect("there is room"));
    assert_eq!(
        tickets.each_ref().map(|ticket| said(ticket)),
        [0, 1].map(|at| format!("Ticket {{ position: {at}, .. }}"))
    );
    assert_eq!((queue.flush(), LIBRARY.ends()), (2, vec![1, 2]));
    let [first, _] = tickets;
    let late = first.close().expect_err("its turn has come");
    assert_eq!(late, TooLate);
    let text = "its turn in the release queue has come, and its end is told to the event hook; close it before handing it \
                over to have the result";
    assert_eq!((late.to_string().as_str(), late.source().is_none()), (text, true));
}

#[test]
fn what_is_not_taken_says_why_and_comes_back() {
    let queue = ReleaseQueue::new(Bounds::count(1));
    let _waits = queue.hand_over(1_u8).expect("there is room");
    let full = queue.hand_over(2_u8).expect_err("one waits");
    assert_eq!((full, said(&full)), (NotTaken::Full(2), String::from("Full")));
    assert_eq!(full.to_string(), "not handed over: the queue is full; release it here, or try again later");

    let handle = queue.handle().clone();
    queue.shutdown();
    let ended = handle.hand_over(3_u8).expect_err("its home has ended");
    assert_eq!((ended, said(&ended)), (NotTaken::Ended(3), String::from("Ended")));
    let text = "not handed over: the queue's home has ended; release it here if its type may be";
    assert_eq!((ended.to_string().as_str(), ended.source().is_none()), (text, true));
    assert!(handle.has_ended());

    // A newtype puts itself round the owner again.
    assert_eq!(full.map_owner(u32::from), NotTaken::Full(2_u32));
    assert_eq!(ended.map_owner(u32::from), NotTaken::Ended(3_u32));
    assert_eq!(ended.into_owner(), 3);
}

#[test]
fn a_parcel_prints_what_is_in_it_by_type_and_knows_its_home() {
    static LIBRARY: Library = Library::new();
    let queue = ReleaseQueue::new(Bounds::count(4));
    let parcel = Parcel::new(LIBRARY.session_with(1, Rc::new(())), &queue);
    let text = format!("Parcel {{ of: {:?}, .. }}", core::any::type_name::<Owned<queued::Session, Rc<()>>>());
    assert_eq!(said(&parcel), text);
    assert!(parcel.home().is_home());
    std::thread::spawn(move || {
        assert!(!parcel.home().is_home());
        let wrong = parcel.look().err().expect("this is not home");
        let Err(not_at_home) = parcel.open() else { panic!("this is not home") };
        assert_eq!((not_at_home.error, not_at_home.to_string()), (wrong, wrong.to_string()));
        assert_eq!(said(&not_at_home), format!("NotAtHome {{ error: {wrong:?}, .. }}"));
        assert!(not_at_home.source().is_none());
    })
    .join()
    .expect("no panic");
    assert_eq!(queue.flush(), 1);
}

#[test]
fn a_deferred_owner_prints_and_changes_as_the_owner_does() {
    let queue = ReleaseQueue::new(Bounds::count(4));
    let mut text = Deferred::new(Box::new(String::from("a")), &queue);
    text.push('b');
    assert_eq!(said(&text), "\"ab\"");
    drop(text);
    assert_eq!(queue.flush(), 1);
}

#[test]
fn what_is_stranded_says_so_by_name() {
    static LIBRARY: Library = Library::new();
    let told = events(|| {
        let queue = ReleaseQueue::new(Bounds::count(1));
        let parcel = Parcel::new(LIBRARY.session(1), &queue);
        queue.shutdown();
        std::thread::spawn(move || drop(parcel)).join().expect("no panic");
    });
    let [stranded] = &told[..] else { panic!("{told:?}") };
    assert!(stranded.starts_with("a dropped `") && stranded.contains("is stranded and leaked: "), "{stranded}");
}
