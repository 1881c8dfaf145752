//! The end of a queue that goes anywhere.

use core::fmt;

use super::super::sync::Arc;
use super::super::thread::WrongThread;
use super::entry::Entry;
use super::ring::Refusal;
use super::shared::Shared;
use super::{Bounds, Full, QueueStats, ReleaseQueue, Ticket};

/// Where objects are handed over, from any thread.
///
/// It takes what is `Send`. What is not goes through a [`Parcel`](super::super::Parcel), or is handed over at home, by the [`ReleaseQueue`] itself.
///
/// ```
/// use cstruct::kit::{Bounds, Deferred, ReleaseQueue};
///
/// let home = ReleaseQueue::new(Bounds::count(16));
/// let handle = home.handle().clone();
/// std::thread::spawn(move || drop(Deferred::new(String::from("any owner"), &handle))).join().expect("no panic");
/// assert_eq!(home.stats().backlog, 1);
/// assert_eq!(home.release_some(10), 1);
/// ```
#[derive(Clone)]
pub struct QueueHandle {
    shared: Arc<Shared>,
}

/// What a deferred owner of an `O` can be made for: a [`ReleaseQueue`], at home, for every type; a [`QueueHandle`] or a
/// [`Worker`](super::Worker) for those that are `Send`. It cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take a `{O}` in",
    note = "from another thread than its own a queue takes what is `Send`; at home, pass the `ReleaseQueue` itself, or put the object into a `Parcel`"
)]
pub trait TakesIn<O>: sealed::Sealed {
    /// The handle that a drop goes to.
    #[doc(hidden)]
    fn takes_in(&self) -> &QueueHandle;
}

pub(super) mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for QueueHandle {}
impl sealed::Sealed for ReleaseQueue {}

impl<O: Send + 'static> TakesIn<O> for QueueHandle {
    fn takes_in(&self) -> &QueueHandle {
        self
    }
}

// The reference is a proof of being at home, and the deferred owner is no more `Send` than the object.
impl<O: 'static> TakesIn<O> for ReleaseQueue {
    fn takes_in(&self) -> &QueueHandle {
        self.handle()
    }
}

/// Using it.
impl QueueHandle {
    /// Hands an object over, to be released in its turn. The ticket takes it out again before; dropping the ticket changes nothing.
    ///
    /// # Errors
    ///
    /// [`NotTaken`] with the object, when the queue is full, and when its home has ended.
    pub fn hand_over<O: Send + 'static>(&self, owner: O) -> Result<Ticket<O>, NotTaken<O>> {
        self.hand_over_weighing(owner, 0)
    }

    /// The same for an object that counts against the bound of weight.
    ///
    /// # Errors
    ///
    /// As for [`hand_over`](QueueHandle::hand_over).
    pub fn hand_over_weighing<O: Send + 'static>(&self, owner: O, weight: usize) -> Result<Ticket<O>, NotTaken<O>> {
        // SAFETY: it is `Send`, so it may be dropped at home.
        unsafe { self.enqueue(owner, weight) }
    }

    /// How the queue is.
    pub fn stats(&self) -> QueueStats {
        self.shared.stats()
    }

    /// Waits until all that was handed over before has been released at home, or taken out. At home there is nobody to wait for, and it returns
    /// at once; [`ReleaseQueue::flush`] is for there. Where home waits for this thread, both wait for ever.
    pub fn wait_flushed(&self) {
        if !self.is_home() {
            self.shared.wait_done(|| ());
        }
    }

    /// Whether the home has ended: nothing is taken any more.
    pub fn has_ended(&self) -> bool {
        self.shared.has_ended()
    }

    /// Whether this is the thread that releases.
    #[inline]
    pub fn is_home(&self) -> bool {
        self.shared.is_home()
    }
}

/// For the other files of the queue.
impl QueueHandle {
    /// The current thread is the home.
    pub(super) fn new(bounds: Bounds) -> QueueHandle {
        QueueHandle { shared: Arc::new(Shared::new(bounds)) }
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// # Safety
    ///
    /// The object may be dropped at home.
    pub(super) unsafe fn enqueue<O: 'static>(&self, owner: O, weight: usize) -> Result<Ticket<O>, NotTaken<O>> {
        // SAFETY: the caller's promise.
        match unsafe { self.shared.push(Entry::new(owner, weight), true) } {
            // SAFETY: an `O` was pushed there just now, and nobody else has a ticket for it.
            Ok(position) => Ok(unsafe { Ticket::new(self.clone(), position) }),
            Err((entry, why)) => {
                // SAFETY: it was made of an `O` above.
                let owner = unsafe { entry.into_value() };
                Err(match why {
                    Refusal::Full => NotTaken::Full(owner),
                    Refusal::Closed => NotTaken::Ended(owner),
                })
            }
        }
    }

    /// What a destructor does.
    ///
    /// # Safety
    ///
    /// The object may be dropped at home, and, with [`Full::ReleaseHere`], on the current thread.
    #[inline]
    pub(in super::super) unsafe fn drop_in<O: 'static>(&self, owner: O, weight: usize, full: Full) {
        // SAFETY: the caller's promise.
        unsafe { self.shared.drop_in(Entry::new(owner, weight), full) }
    }

    /// The answer for who is not at home.
    pub(in super::super) fn check_home(&self) -> Result<(), WrongThread> {
        self.shared.home().check().map(|_at_home| ())
    }
}

impl fmt::Debug for QueueHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueHandle").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

/// The queue did not take it, and here it is again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum NotTaken<O> {
    /// As much waits as may.
    Full(O),
    /// The home has ended.
    Ended(O),
}

impl<O> NotTaken<O> {
    /// The object, as it was.
    pub fn into_owner(self) -> O {
        match self {
            NotTaken::Full(owner) | NotTaken::Ended(owner) => owner,
        }
    }

    /// The same with another owner type.
    pub fn map_owner<P>(self, into: impl FnOnce(O) -> P) -> NotTaken<P> {
        match self {
            NotTaken::Full(owner) => NotTaken::Full(into(owner)),
            NotTaken::Ended(owner) => NotTaken::Ended(into(owner)),
        }
    }
}

/// Leaves the owner out: it need not be printable for `expect` to work.
impl<O> fmt::Debug for NotTaken<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotTaken::Full(_) => "Full",
            NotTaken::Ended(_) => "Ended",
        })
    }
}

impl<O> fmt::Display for NotTaken<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotTaken::Full(_) => "not handed over: the queue is full; release it here, or try again later",
            NotTaken::Ended(_) => "not handed over: the queue's home has ended; release it here if its type may be",
        })
    }
}

impl<O> core::error::Error for NotTaken<O> {}
