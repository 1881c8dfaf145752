//! Small objects of one type and one thread, released together.

use alloc::boxed::Box;
use core::cell::Cell;
use core::fmt;
use core::mem::{self, ManuallyDrop};
use core::ops::{Deref, DerefMut};

/// Collects owners that were let go, and releases them when told to.
///
/// It is a release queue for the case in which the kit's `ReleaseQueue` costs too much: releasing the object takes less time than an atomic
/// operation or two. Here a drop is a store; there are no other threads, no second type, and no reference count, since the owners borrow the
/// batch. So they may borrow other things as well.
///
/// It moves the releases to a better moment, and is not cheaper than releasing at once; the guide's chapter `release_later` says when that pays.
///
/// The order is kept. When it is full, the oldest makes room; inside a release nothing does, and the object itself is released. Dropping the batch
/// releases what is in it.
///
/// ```
/// use cstruct::kit::Batch;
///
/// let batch = Batch::new(8);
/// for number in 0..3 {
///     let mut text = batch.defer(format!("any owner, say {number}"));
///     text.push('.');
/// } // not released
/// assert_eq!(batch.backlog(), 3);
/// assert_eq!(batch.release_some(2), 2);
/// batch.push(String::from("let go at once"));
/// assert_eq!(batch.release_some(usize::MAX), 2);
/// ```
pub struct Batch<O> {
    /// A ring, of a length that is a power of two; from `oldest` up to `next`, which both only grow, they are full.
    slots: Box<[Cell<Option<O>>]>,
    oldest: Cell<usize>,
    next: Cell<usize>,
    count: usize,
    releasing: Cell<bool>,
}

/// Making one.
impl<O> Batch<O> {
    /// Room for so many, made now.
    ///
    /// # Panics
    ///
    /// When so many have no room in memory.
    pub fn new(count: usize) -> Batch<O> {
        // Beyond the largest power of two, as many as no memory has.
        let slots = count.checked_next_power_of_two().unwrap_or(usize::MAX);
        Batch {
            slots: (0..slots).map(|_| Cell::new(None)).collect(),
            oldest: Cell::new(0),
            next: Cell::new(0),
            count,
            releasing: Cell::new(false),
        }
    }
}

/// Using it.
impl<O> Batch<O> {
    /// Makes an owner that is used as this one, and whose drop goes to the batch.
    #[inline]
    pub fn defer(&self, owner: O) -> Batched<'_, O> {
        Batched { owner: ManuallyDrop::new(owner), batch: self }
    }

    /// Lets an owner go.
    #[inline]
    pub fn push(&self, owner: O) {
        let next = self.next.get();
        if self.backlog() < self.count {
            // It was empty, so there is nothing to drop, which the compiler cannot know.
            mem::forget(self.slot(next).replace(Some(owner)));
            self.next.set(next.wrapping_add(1));
        } else {
            self.push_full(owner);
        }
    }

    /// The oldest, out of the batch.
    #[inline]
    fn pop(&self) -> Option<O> {
        let oldest = self.oldest.get();
        if oldest == self.next.get() {
            return None;
        }
        self.oldest.set(oldest.wrapping_add(1));
        self.slot(oldest).take()
    }

    /// A slot of the ring; beyond the last, the first come again.
    #[inline]
    fn slot(&self, at: usize) -> &Cell<Option<O>> {
        &self.slots[at & (self.slots.len() - 1)]
    }

    #[cold]
    fn push_full(&self, owner: O) {
        // Inside a release nothing is released to make room: it would nest with the length of the batch, while this nests as the owners do.
        if self.releasing.get() {
            return drop(owner);
        }
        let (_releasing, leaves) = match self.pop() {
            Some(oldest) => {
                self.push(owner);
                (self.releasing(), oldest)
            }
            None => (self.releasing(), owner),
        };
        drop(leaves);
    }

    /// How many wait.
    #[inline]
    pub fn backlog(&self) -> usize {
        self.next.get().wrapping_sub(self.oldest.get())
    }

    /// Releases up to so many, the oldest first, and says how many.
    ///
    /// # Panics
    ///
    /// When a keeper panics as it is dropped. The batch goes on with the next one when it is asked again.
    pub fn release_some(&self, budget: usize) -> usize {
        let _releasing = self.releasing();
        let mut released = 0;
        while released < budget {
            let Some(oldest) = self.pop() else { break };
            drop(oldest);
            released += 1;
        }
        released
    }

    fn releasing(&self) -> Releasing<'_> {
        Releasing { flag: &self.releasing, before: self.releasing.replace(true) }
    }
}

impl<O> Drop for Batch<O> {
    fn drop(&mut self) {
        self.release_some(usize::MAX);
    }
}

/// A release under way; it ends also by a panic.
struct Releasing<'b> {
    flag: &'b Cell<bool>,
    before: bool,
}

impl Drop for Releasing<'_> {
    fn drop(&mut self) {
        self.flag.set(self.before);
    }
}

impl<O> fmt::Debug for Batch<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("backlog", &self.backlog()).field("count", &self.count).finish_non_exhaustive()
    }
}

/// An owner whose drop goes to a [`Batch`].
///
/// # Invariants
///
/// `owner` is initialised until the value is taken apart or dropped.
#[must_use = "dropping it lets the object go"]
pub struct Batched<'b, O> {
    owner: ManuallyDrop<O>,
    batch: &'b Batch<O>,
}

impl<O> Batched<'_, O> {
    /// The owner, which drops as it did before; to `close` it, say.
    #[inline]
    pub fn into_inner(this: Self) -> O {
        let mut this = ManuallyDrop::new(this);
        // SAFETY: `owner` is initialised (invariant), and `this` is neither used nor dropped afterwards.
        unsafe { ManuallyDrop::take(&mut this.owner) }
    }
}

impl<O> Deref for Batched<'_, O> {
    type Target = O;

    #[inline]
    fn deref(&self) -> &O {
        &self.owner
    }
}

impl<O> DerefMut for Batched<'_, O> {
    #[inline]
    fn deref_mut(&mut self) -> &mut O {
        &mut self.owner
    }
}

impl<O: fmt::Debug> fmt::Debug for Batched<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<O> Drop for Batched<'_, O> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `owner` is initialised (invariant) and not used again.
        self.batch.push(unsafe { ManuallyDrop::take(&mut self.owner) });
    }
}
