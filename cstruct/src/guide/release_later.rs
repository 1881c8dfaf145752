//! Releasing later: when it pays, when it is a loss, and how to do it.
//!
//! In Rust the end of a scope releases, at once and on the spot. That is right nearly always. It is wrong in two cases: the release takes
//! long where time is short, or the spot is on a thread where C must not be called.
//!
//! # Is it a loss?
//!
//! Deferring never makes a release cheaper. It moves it: to a later moment, or to another thread, and the way there is paid on top.
//!
//! | the object | deferring it |
//! |---|---|
//! | small: its release is one or two `free` | **is a loss.** The push and the pop cost about as much as the release. Drop it where it is |
//! | small, and moments exist that are better than others (between two frames, behind an answer) | costs a little with a [`Batch`](crate::kit::Batch); it buys that moment, not time |
//! | large: a list, a tree, a table of many thousand parts | pays on a thread that must not stall: the thread pays one push, a [`Worker`](crate::kit::Worker) the rest |
//! | its release writes a file, waits for a peer, takes a lock | pays likewise. But what a close [says](crate::kit::CloseError) is told to [`event`](crate::kit::event) then, not to you: to have it, [`close`](crate::kit::Deferred::close) |
//! | on one thread only, dropped elsewhere | is not a question of cost: it is a [`Parcel`](crate::kit::Parcel) |
//!
//! And on one processor a worker's time is yours: it is work at another moment, not work saved. Measure with
//!
//! ```text
//! cargo run --release -p cstruct --example deferred_drop
//! ```
//!
//! which prints the time of a drop at once and deferred, for a large list and for small objects, each beside its control.
//!
//! # A worker
//!
//! ```
//! use cstruct::kit::{Bounds, Deferred, Full, Worker};
//! use core::time::Duration;
//! # struct Table(Vec<u8>);
//!
//! let worker = Worker::spawn(Bounds::count(1024).and_weight(256 << 20), Duration::from_millis(1))?;
//!
//! let table = Table(vec![0; 1 << 20]);
//! let bytes = table.0.len();
//! let table = Deferred::new(table, &worker).weighing(bytes);
//! // … used as before …
//! drop(table); // one push
//!
//! let stats = worker.shutdown(); // releases the rest
//! assert_eq!((stats.released, stats.stranded), (1, 0));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! What waits is bounded, by count and by the weight that you give. When the queue is full, a drop [releases here](crate::kit::Full::ReleaseHere),
//! [blocks](crate::kit::Full::Block) or [strands](crate::kit::Full::Strand), as the owner was told beforehand. `hand_over` instead of a drop
//! [hands back](crate::kit::NotTaken). Watch [`backlog` and `high_water`](crate::kit::QueueStats): a queue that is often full has a home
//! that is too slow.
//!
//! # A thread that must do it itself
//!
//! A [`ReleaseQueue`](crate::kit::ReleaseQueue) is where this thread releases when it has the time, `budget` by `budget`. Others have its
//! [`handle`](crate::kit::ReleaseQueue::handle), for what is `Send`, and parcels for what is not:
//!
//! ```
//! use cstruct::kit::{Bounds, Parcel, ReleaseQueue};
//! use std::{rc::Rc, thread};
//!
//! let queue = ReleaseQueue::new(Bounds::count(64));
//! let bound = Rc::new("an object that C ties to this thread");
//! let parcel = Parcel::new(bound.clone(), &queue);
//! let elsewhere = thread::spawn(move || drop(parcel)); // travels, and cannot be opened there
//! elsewhere.join().expect("no panic");
//!
//! queue.release_some(16); // at a safe point of this thread
//! assert_eq!(Rc::strong_count(&bound), 1);
//! ```
//!
//! # The net under it
//!
//! * *Home has ended* (the queue was dropped, or its thread has ended without dropping it): what may be released elsewhere is, if its owner
//!   says so; the rest is **stranded**: leaked, counted in [`QueueStats::stranded`](crate::kit::QueueStats::stranded), told to the event
//!   hook. A thread-bound object is never released abroad.
//! * *A close after all*: [`hand_over`](crate::kit::QueueHandle::hand_over) gives a [`Ticket`](crate::kit::Ticket), which takes the object
//!   out again before its turn. Queue and ticket may race; the object ends once.
//! * *Children and parents*: the order of one thread is kept, and a [keeper](crate::kit::Keeper) is dropped after its object, so a parent that was
//!   handed over first still ends last.
//! * *A panic or a refusal* in one release does not touch the next.
