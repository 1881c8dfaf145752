//! The way back for what was handed over.

use core::fmt;
use core::marker::PhantomData;

use super::super::{CloseError, Owned, Release};
use super::QueueHandle;

/// Takes an object out of a queue before its turn.
///
/// The queue and the ticket race for the object, and one of them has it: it ends once. A ticket that is dropped or forgotten takes nothing.
///
/// # Invariants
///
/// An `O` was pushed to `position` with a ticket, and this is the ticket.
///
/// ```
/// use cstruct::kit::{Bounds, ReleaseQueue, TooLate};
///
/// let queue = ReleaseQueue::new(Bounds::count(16));
/// let first = queue.hand_over(String::from("first"))?;
/// let second = queue.hand_over(String::from("second"))?;
/// queue.release_some(1);
/// assert_eq!(first.take(), Err(TooLate));
/// assert_eq!(second.take().as_deref(), Ok("second"));
/// assert_eq!(queue.flush(), 0);
/// # Ok::<(), cstruct::kit::NotTaken<String>>(())
/// ```
///
/// # The result of a close
///
/// ```
/// use cstruct::kit::{Bounds, Owned, Release, Released, ReleaseQueue};
/// # struct File;
/// # unsafe impl Release for File {
/// #     type Handle = i32; type Error = &'static str;
/// #     unsafe fn release(_: i32) -> Released<&'static str> { Released::GoneWith("the disk is full") }
/// # }
/// # let file: Owned<File> = unsafe { Owned::from_handle(3, ()) };
/// let queue = ReleaseQueue::new(Bounds::count(16));
/// let ticket = queue.hand_over(file)?;
/// let closed = ticket.close()?; // its turn had not come
/// assert_eq!(closed.map_err(|error| error.into_error()), Err("the disk is full"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "it is the only way to have the object back; to let it go, drop the ticket"]
pub struct Ticket<O> {
    queue: QueueHandle,
    position: u64,
    object: PhantomData<O>,
}

/// Making one.
impl<O: 'static> Ticket<O> {
    /// # Safety
    ///
    /// An `O` was pushed to this position with a ticket, and this is the only one.
    pub(super) unsafe fn new(queue: QueueHandle, position: u64) -> Ticket<O> {
        Ticket { queue, position, object: PhantomData }
    }
}

/// Using it.
impl<O: 'static> Ticket<O> {
    /// The object again, if its turn has not come.
    ///
    /// # Errors
    ///
    /// [`TooLate`].
    pub fn take(self) -> Result<O, TooLate> {
        // SAFETY: an `O` was pushed there (invariant). A ticket is on the thread where the object was, or the object is `Send`: its
        // auto-traits are those of the object.
        unsafe { self.queue.shared().take(self.position) }.ok_or(TooLate)
    }
}

impl<T: Release + 'static, K: 'static> Ticket<Owned<T, K>> {
    /// Releases the object now, if its turn has not come, and says what C said.
    ///
    /// # Errors
    ///
    /// [`TooLate`]; inside, what [`Owned::close`] returns: an object that is still open is not in the queue any more.
    #[allow(clippy::type_complexity, reason = "two questions, two results: was it in time, and what did C say")]
    pub fn close(self) -> Result<Result<(), CloseError<Owned<T, K>, T::Error>>, TooLate> {
        self.take().map(Owned::close)
    }
}

impl<O> fmt::Debug for Ticket<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("position", &self.position).finish_non_exhaustive()
    }
}

/// The object's turn has come: it was released, or is being released, at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLate;

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its turn in the release queue has come, and its end is told to the event hook; close it before handing it over to have the result")
    }
}

impl core::error::Error for TooLate {}
