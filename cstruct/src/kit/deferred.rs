//! An owner whose object is released later, when the owner is dropped.

use core::fmt;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};

use super::queue::{Full, QueueHandle, TakesIn, fits};
use super::{CloseError, Owned, Release};

/// An owner that is used as before, and whose drop is a push to a [`ReleaseQueue`](super::ReleaseQueue).
///
/// It is made by [`Owned::defer`], or here for every other owner. What the dropping thread pays is one push: no allocation, no lock, no wake-up, and
/// nothing of C. [`close`](Deferred::close) releases at once, and has the result.
///
/// When the queue is full, or its home has ended, the object is released where it is dropped, unless [told otherwise](Deferred::when_full).
///
/// The object, with all that it keeps, has room for four words in the queue; a larger one does not compile, and goes into a `Box` first.
///
/// # Invariants
///
/// `owner` and `queue` are initialised until the value is taken apart or dropped. The owner may be dropped at the queue's home.
///
/// ```
/// use cstruct::kit::{Bounds, Deferred, ReleaseQueue};
///
/// let queue = ReleaseQueue::new(Bounds::count(16));
/// let mut text = Deferred::new(String::from("any owner"), &queue).weighing(9);
/// text.push('!');
/// drop(text);
/// assert_eq!(queue.stats().backlog, 1);
/// queue.flush();
/// ```
///
/// What does not fit does not compile:
///
/// ```compile_fail
/// use cstruct::kit::{Bounds, Deferred, ReleaseQueue};
///
/// let queue = ReleaseQueue::new(Bounds::count(16));
/// drop(Deferred::new([String::new(), String::new()], &queue));
/// ```
#[must_use = "dropping it hands the object over at once"]
pub struct Deferred<O: 'static> {
    owner: ManuallyDrop<O>,
    queue: ManuallyDrop<QueueHandle>,
    weight: usize,
    full: Full,
}

/// Making one.
impl<O: 'static> Deferred<O> {
    /// Has an owner's drop go to a queue.
    #[inline]
    pub fn new(owner: O, queue: &impl TakesIn<O>) -> Deferred<O> {
        const { fits::<O>() };
        // INVARIANT: `TakesIn` says that it may be dropped at home: it is `Send`; or this is home, and this value stays here as the owner does.
        Deferred {
            owner: ManuallyDrop::new(owner),
            queue: ManuallyDrop::new(queue.takes_in().clone()),
            weight: 0,
            full: Full::ReleaseHere,
        }
    }

    /// With a weight, which counts against the queue's bound while the object waits: its bytes, say.
    #[inline]
    pub fn weighing(mut self, weight: usize) -> Self {
        self.weight = weight;
        self
    }

    /// With another rule for the case that the queue does not take it.
    #[inline]
    pub fn when_full(mut self, full: Full) -> Self {
        self.full = full;
        self
    }
}

/// Turning it into something else.
impl<O: 'static> Deferred<O> {
    /// The owner, which drops as it did before.
    pub fn into_inner(this: Self) -> O {
        let (owner, _queue) = Deferred::into_parts(this);
        owner
    }

    #[inline]
    fn into_parts(this: Self) -> (O, QueueHandle) {
        let mut this = ManuallyDrop::new(this);
        // SAFETY: `owner` is initialised (invariant), and `this` is neither used nor dropped afterwards.
        let owner = unsafe { ManuallyDrop::take(&mut this.owner) };
        // SAFETY: as above.
        let queue = unsafe { ManuallyDrop::take(&mut this.queue) };
        (owner, queue)
    }
}

/// Using it.
impl<O: 'static> Deferred<O> {
    /// What it weighs now, for an object that has grown.
    pub fn set_weight(this: &mut Self, weight: usize) {
        this.weight = weight;
    }
}

impl<O: 'static> Deref for Deferred<O> {
    type Target = O;

    #[inline]
    fn deref(&self) -> &O {
        &self.owner
    }
}

impl<O: 'static> DerefMut for Deferred<O> {
    #[inline]
    fn deref_mut(&mut self) -> &mut O {
        &mut self.owner
    }
}

impl<O: fmt::Debug + 'static> fmt::Debug for Deferred<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Letting go.
impl<T: Release + 'static, K: 'static> Deferred<Owned<T, K>> {
    /// Releases the object now, and says what C said: it never comes to the queue.
    ///
    /// # Errors
    ///
    /// As for [`Owned::close`]; what is still open is deferred as before.
    pub fn close(self) -> Result<(), CloseError<Self, T::Error>> {
        let (weight, full) = (self.weight, self.full);
        let (owner, queue) = Deferred::into_parts(self);
        owner.close().map_err(|error| {
            error.map_handle(|owner| {
                // INVARIANT: the same owner on the same thread.
                Deferred { owner: ManuallyDrop::new(owner), queue: ManuallyDrop::new(queue), weight, full }
            })
        })
    }
}

impl<O: 'static> Drop for Deferred<O> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `queue` is initialised (invariant) and not used again.
        let queue = unsafe { ManuallyDrop::take(&mut self.queue) };
        // SAFETY: `owner` is initialised (invariant) and not used again.
        let owner = unsafe { ManuallyDrop::take(&mut self.owner) };
        // SAFETY: it may be dropped at home (invariant), and on the current thread: here is where its destructor would run.
        unsafe { queue.drop_in(owner, self.weight, self.full) }
    }
}
