//! Releasing later: a handle is handed over, and released at home, in its turn.
//!
//! ```text
//!   any thread                                               home: one thread
//!   drop(Deferred) ──┐                                       ReleaseQueue::release_some(budget), or a Worker
//!   drop(Parcel)   ──┼─► push ─► [ │ │ │ │ │ │ ] ─► pop ─►   C's release function, then the keeper
//!   hand_over(o)   ──┘             ▲
//!     └► Ticket ── take, close ────┘ takes it out, if its turn has not come
//! ```
//!
//! What holds, whatever happens:
//!
//! * a push allocates nothing, waits for nobody, wakes nobody, and takes no lock; destructors run outside of any;
//! * what waits is bounded, by count and by weight; what happens to the rest is said beforehand, by [`Full`];
//! * each object ends once: in its turn, or by its ticket, or where [`Full`] says; what cannot is leaked and counted, never released
//!   away from home unless its type may be;
//! * what one thread hands over, and the queue takes, is released in that order; and a keeper is dropped after the object that leans on
//!   it: a child is released before its parent, also when the parent was handed over first.

mod bounds;
mod entry;
mod handle;
mod home;
mod release;
mod ring;
mod shared;
mod ticket;
mod worker;

pub(super) use entry::fits;

pub use bounds::{Bounds, Full, QueueStats};
pub use handle::{NotTaken, QueueHandle, TakesIn};
pub use home::ReleaseQueue;
pub use ticket::{Ticket, TooLate};
pub use worker::Worker;
