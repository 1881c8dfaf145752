//! The end of a queue that stays on its thread and releases.

use core::fmt;
use core::ops::Deref;

use alloc::boxed::Box;

use super::super::panic::PanicSlot;
use super::super::thread::ThreadBound;
use super::super::thread_end;
use super::release::Step;
use super::{Bounds, NotTaken, QueueHandle, QueueStats, Ticket};

/// A release queue, on the thread that releases: its home.
///
/// What is handed over is released when this thread says so, at points where it has the time. A thread that has no such points is
/// a [`Worker`](super::Worker).
///
/// Dropping it releases all that is in it; afterwards the home has *ended*, and nothing is taken any more. A queue that was forgotten ends with
/// its thread, and what is in it is stranded then: leaked, counted, and told to [`event`](super::super::event).
///
/// ```
/// use cstruct::kit::{Bounds, Deferred, ReleaseQueue};
/// use std::rc::Rc;
///
/// let queue = ReleaseQueue::new(Bounds::count(64));
/// let parent = Rc::new("any owner, also one that stays on this thread");
/// for _ in 0..3 {
///     drop(Deferred::new(parent.clone(), &queue));
/// }
/// assert_eq!(Rc::strong_count(&parent), 4); // nothing has happened yet
/// assert_eq!(queue.release_some(2), 2);
/// assert_eq!(queue.flush(), 1);
/// assert_eq!(Rc::strong_count(&parent), 1);
/// assert_eq!(queue.shutdown().released, 3);
/// ```
pub struct ReleaseQueue {
    handle: QueueHandle,
    bound: ThreadBound,
}

/// Making one.
impl ReleaseQueue {
    /// A queue whose home is the current thread. The room for all that may wait is made now.
    ///
    /// # Panics
    ///
    /// When so many places do not fit into memory.
    pub fn new(bounds: Bounds) -> ReleaseQueue {
        let handle = QueueHandle::new(bounds);
        let ends = handle.clone();
        thread_end::watch(
            core::ptr::from_ref(handle.shared()).addr(),
            Box::new(move || {
                // SAFETY: it is run on the thread that `watch` was called on, which is home.
                unsafe { ends.shared().abandon() }
            }),
        );
        // INVARIANT: the current thread is home, and the value does not leave it.
        ReleaseQueue { handle, bound: ThreadBound::new() }
    }
}

/// Using it.
impl ReleaseQueue {
    /// The end that other threads get.
    #[inline]
    pub fn handle(&self) -> &QueueHandle {
        let _stays_here = self.bound;
        &self.handle
    }

    /// As [`QueueHandle::hand_over`], for every type: this is home.
    ///
    /// # Errors
    ///
    /// [`NotTaken`] with the object, when the queue is full.
    pub fn hand_over<O: 'static>(&self, owner: O) -> Result<Ticket<O>, NotTaken<O>> {
        self.hand_over_weighing(owner, 0)
    }

    /// As [`QueueHandle::hand_over_weighing`], for every type.
    ///
    /// # Errors
    ///
    /// As for [`hand_over`](ReleaseQueue::hand_over).
    pub fn hand_over_weighing<O: 'static>(&self, owner: O, weight: usize) -> Result<Ticket<O>, NotTaken<O>> {
        // SAFETY: this is home (this type is not `Sync`), and the object is here.
        unsafe { self.handle.enqueue(owner, weight) }
    }

    /// Releases up to so many, the oldest first, and says how many. It does not wait.
    ///
    /// # Panics
    ///
    /// When a keeper panics as it is dropped. The queue goes on with the next one when it is asked again.
    pub fn release_some(&self, budget: usize) -> usize {
        (0..budget)
            .take_while(|_| {
                // SAFETY: this is home.
                matches!(unsafe { self.handle.shared().release_one() }, Step::Released)
            })
            .count()
    }

    /// Releases all that were handed over before, and says how many.
    ///
    /// # Panics
    ///
    /// As for [`release_some`](ReleaseQueue::release_some).
    pub fn flush(&self) -> usize {
        // SAFETY: this is home.
        unsafe { self.handle.shared().flush() }
    }
}

/// It is used as its handle is, with more.
impl Deref for ReleaseQueue {
    type Target = QueueHandle;

    fn deref(&self) -> &QueueHandle {
        self.handle()
    }
}

impl fmt::Debug for ReleaseQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReleaseQueue").field("stats", &self.handle.stats()).finish_non_exhaustive()
    }
}

/// Letting go.
impl ReleaseQueue {
    /// Takes nothing any more, releases all that is in it, and says how it went. What is handed over meanwhile is refused or is among
    /// those released.
    ///
    /// # Panics
    ///
    /// When keepers panic as they are dropped, with the first of these panics, after all was released.
    pub fn shutdown(self) -> QueueStats {
        let handle = self.handle.clone();
        drop(self);
        handle.stats()
    }

    pub(super) fn end(&self, panics: &PanicSlot) {
        // SAFETY: this is home.
        unsafe { self.handle.shared().end(panics) }
    }
}

impl Drop for ReleaseQueue {
    fn drop(&mut self) {
        let panics = PanicSlot::new();
        self.end(&panics);
        thread_end::unwatch(core::ptr::from_ref(self.handle.shared()).addr());
        if !std::thread::panicking() {
            panics.resume();
        }
    }
}
