//! An object that stays on its thread, in a wrapping that may travel.

use core::fmt;
use core::mem::ManuallyDrop;

use super::queue::{Full, QueueHandle, ReleaseQueue, fits};
use super::thread::WrongThread;

/// Takes a thread-bound owner through other threads, and back home.
///
/// It is packed at home, where the queue is, and opened only there. Dropped elsewhere the object goes to the home's queue and is
/// released in its turn; dropped at home it is released at once. If home has ended by then it is *stranded*: leaked, counted, and
/// told to [`event`](super::event); never is it released abroad.
///
/// A full queue makes a drop abroad wait for room, unless it is [told to strand](Parcel::or_strand) then. Where home waits for the dropping
/// thread, and does not release meanwhile, both wait for ever.
///
/// The object, with all that it keeps, has room for four words; a larger one does not compile, and goes into a `Box` first.
///
/// # Invariants
///
/// `owner` is initialised until the value is taken apart or dropped. It belongs to the thread that is the queue's home, and nothing but its
/// bytes is touched elsewhere.
///
/// ```
/// use cstruct::kit::{Bounds, Parcel, ReleaseQueue};
/// use std::{rc::Rc, thread};
///
/// let queue = ReleaseQueue::new(Bounds::count(16));
/// let bound = Rc::new("to this thread");
/// let (stays, travels) = (Parcel::new(bound.clone(), &queue), Parcel::new(bound.clone(), &queue));
/// let returned = thread::spawn(move || {
///     drop(stays); // not released here, but handed over
///     let still_packed = travels.open().expect_err("this is not home");
///     still_packed.parcel
/// });
/// let opened = returned.join().expect("no panic").open().expect("this is home");
/// assert_eq!((queue.flush(), Rc::strong_count(&opened)), (1, 2));
/// ```
#[must_use = "dropping it releases the object, or hands it over"]
pub struct Parcel<O: 'static> {
    owner: ManuallyDrop<O>,
    queue: ManuallyDrop<QueueHandle>,
    weight: usize,
    full: Full,
}

/// Making one.
impl<O: 'static> Parcel<O> {
    /// Packs an object of this thread.
    #[inline]
    pub fn new(owner: O, home: &ReleaseQueue) -> Parcel<O> {
        const { fits::<O>() };
        // INVARIANT: a `ReleaseQueue` does not leave its home, so this is it.
        Parcel {
            owner: ManuallyDrop::new(owner),
            queue: ManuallyDrop::new(home.handle().clone()),
            weight: 0,
            full: Full::Block,
        }
    }

    /// With a weight, which counts against the queue's bound while the object waits: its bytes, say.
    #[inline]
    pub fn weighing(mut self, weight: usize) -> Self {
        self.weight = weight;
        self
    }

    /// Never waits: what the full queue does not take is stranded.
    #[inline]
    pub fn or_strand(mut self) -> Self {
        self.full = Full::Strand;
        self
    }
}

/// Turning it into something else.
impl<O: 'static> Parcel<O> {
    /// The object again, at home; also after the queue has ended.
    ///
    /// # Errors
    ///
    /// [`NotAtHome`] with the parcel, on every other thread.
    pub fn open(self) -> Result<O, NotAtHome<O>> {
        if let Err(error) = self.queue.check_home() {
            return Err(NotAtHome { parcel: self, error });
        }
        let mut this = ManuallyDrop::new(self);
        // SAFETY: `owner` is initialised (invariant), and `this` is neither used nor dropped afterwards.
        let owner = unsafe { ManuallyDrop::take(&mut this.owner) };
        // SAFETY: as above.
        drop(unsafe { ManuallyDrop::take(&mut this.queue) });
        Ok(owner)
    }
}

/// Using it.
impl<O: 'static> Parcel<O> {
    /// Looks at the object, at home.
    ///
    /// # Errors
    ///
    /// [`WrongThread`] on every other thread.
    pub fn look(&self) -> Result<&O, WrongThread> {
        self.queue.check_home().map(|()| &*self.owner)
    }

    /// Where it goes when it is dropped.
    pub fn home(&self) -> &QueueHandle {
        &self.queue
    }
}

impl<O: 'static> fmt::Debug for Parcel<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parcel").field("of", &core::any::type_name::<O>()).finish_non_exhaustive()
    }
}

/// Letting go.
impl<O: 'static> Drop for Parcel<O> {
    fn drop(&mut self) {
        // SAFETY: `queue` is initialised (invariant) and not used again.
        let queue = unsafe { ManuallyDrop::take(&mut self.queue) };
        // SAFETY: `owner` is initialised (invariant) and not used again; moving its bytes runs no code of it.
        let owner = unsafe { ManuallyDrop::take(&mut self.owner) };
        if queue.is_home() {
            drop(owner);
        } else {
            // SAFETY: it belongs to the queue's home (invariant); the rule is to block or to strand.
            unsafe { queue.drop_in(owner, self.weight, self.full) }
        }
    }
}

/// A parcel cannot be opened here: this is not its home.
pub struct NotAtHome<O: 'static> {
    /// The parcel, as it was.
    pub parcel: Parcel<O>,
    /// Where this is, and where home is.
    pub error: WrongThread,
}

impl<O: 'static> fmt::Debug for NotAtHome<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotAtHome").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<O: 'static> fmt::Display for NotAtHome<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<O: 'static> core::error::Error for NotAtHome<O> {}

// Auto-traits.

// SAFETY: elsewhere than at home nothing of the object is used but its bytes are moved: `open` and `look` check, and so does the drop, which
// hands it over to home, or leaks it.
unsafe impl<O: 'static> Send for Parcel<O> {}

// SAFETY: a shared parcel gives `&O` at home only, which is one thread.
unsafe impl<O: 'static> Sync for Parcel<O> {}
